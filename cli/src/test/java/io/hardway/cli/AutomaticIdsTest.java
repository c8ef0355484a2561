package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.HardwayException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AutomaticIdsTest {
  private static final String ID = "00000fff" + "0".repeat(56);

  @Test
  void aRangeThatAContainerHasIsNotGivenAgain() {
    long last = AutomaticIds.first(ID, Set.of());
    assertEquals(0x7fff_0000L, last);
    assertEquals(0x7000_0000L, AutomaticIds.first(ID, Set.of(last)), "after the last the first");
    assertEquals(last, AutomaticIds.first(ID, Set.of(0x7000_0000L)));
  }

  @Test
  void eachContainerHasOneUntilThereIsNone() {
    Set<Long> taken = new HashSet<>();
    for (int i = 0; i < 4096; i++) {
      assertTrue(taken.add(AutomaticIds.first(ID, taken)));
    }
    assertThrows(HardwayException.class, () -> AutomaticIds.first(ID, taken));
  }
}
