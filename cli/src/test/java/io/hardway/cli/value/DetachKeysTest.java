package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetachKeysTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ctrl-p,ctrl-q", "ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_,~"})
  void keysAreTakenAsTheyAre(String keys) {
    assertEquals(keys, DetachKeys.parse(keys));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "é",
        "ctrl-é",
        "ctrl-",
        "ctrl-A",
        "alt-x",
        "a,,b",
        "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q"
      })
  void whatIsNoKeyIsRefusedBeforeAnythingIsMade(String keys) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> DetachKeys.parse(keys)).getMessage();
    assertTrue(message.contains("key"), message);
  }
}
