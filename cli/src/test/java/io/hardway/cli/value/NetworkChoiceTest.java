package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkChoiceTest {
  @Test
  void theLongFormSaysWhatTheContainerIsThere() {
    assertEquals(
        new NetworkChoice(
            "back", List.of("10.0.0.9", "fd00::9"), "02:42:ac:00:00:01", List.of("db", "sql.main")),
        NetworkChoice.parse(
            "name=back,ip=10.0.0.9,ip6=fd00:0::9,mac-address=02:42:AC:00:00:01,alias=db,"
                + "alias=sql.main"));
    assertEquals(new NetworkChoice("a", List.of(), "", List.of()), NetworkChoice.parse("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A-b_c.d9", "0"})
  void namesOfHostsAreAliases(String name) {
    assertEquals(name, NetworkChoice.alias(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "a.", "a b", "a,b", "\u00e9", "a/b", "a\n"})
  void whatIsNoNameOfAHostIsNoAlias(String name) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> NetworkChoice.alias(name));
    assertTrue(refused.getMessage().contains("is no name of a host"), refused.getMessage());
  }

  @Test
  void labelsAndNamesHaveALength() {
    String label = "a".repeat(63);
    assertEquals(label, NetworkChoice.alias(label));
    assertThrows(IllegalArgumentException.class, () -> NetworkChoice.alias(label + "a"));
    String longest = String.join(".", label, label, label, label.substring(2));
    assertEquals(longest, NetworkChoice.alias(longest));
    assertThrows(IllegalArgumentException.class, () -> NetworkChoice.alias(longest + "a"));
  }
}
