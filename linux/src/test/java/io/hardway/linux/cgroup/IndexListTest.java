package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexListTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0-3, true",
    "0-3, 0-3, true",
    "'0,2-3', '0-1,2,3', true",
    "0-4, 0-3, false",
    "4, 0-3, false",
    "3-1, 0-3, false",
    "x, 0-3, false",
    "'', 0-3, false",
    "0-99999999999, 0-3, false",
    "0-2000000000, 0-3, false",
    "0, '', false",
  })
  void whatIsAskedForMustAllBeThere(String list, String available, boolean within) {
    assertEquals(within, IndexList.isWithin(list, available));
  }
}
