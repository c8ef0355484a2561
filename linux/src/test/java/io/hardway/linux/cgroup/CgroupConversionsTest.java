package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Limit;
import io.hardway.spi.PlanningException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupConversionsTest {

  /** What opencontainers/cgroups and crun make of the same, at the ends and the powers of two. */
  @ParameterizedTest
  @CsvSource({
    "-1, 1",
    "0, 1",
    "1, 1",
    "2, 1",
    "3, 2",
    "27, 7",
    "512, 59",
    "1023, 100",
    "1024, 100",
    "1025, 101",
    "2048, 174",
    "262143, 10000",
    "262144, 10000",
    "262145, 10000",
    "9223372036854775807, 10000"
  })
  void sharesBecomeTheWeightThatOtherRuntimesGive(long shares, long weight) {
    assertEquals(weight, CgroupConversions.cpuWeight(shares));
  }

  @Test
  void moreSharesAreNeverLessWeight() {
    long before = 1;
    for (long shares = 2; shares <= 262_144; shares++) {
      long weight = CgroupConversions.cpuWeight(shares);
      assertTrue(weight >= before && weight <= 10_000, shares + " shares: " + weight);
      before = weight;
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "11, 11", "100, 910", "500, 4950", "999, 9989", "1000, 10000"})
  void blockIoWeightsBecomeThoseOfTheCostModel(long weight, long expected) {
    assertEquals(expected, CgroupConversions.ioWeight(weight));
    assertEquals(weight, CgroupConversions.bfqWeight(weight));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 9, 1001})
  void blockIoWeightsOutOfRangeAreRefused(long weight) {
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> CgroupConversions.ioWeight(weight));
    assertEquals("give one from 10 to 1000", refusal.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "50000, , '', 50000 100000",
    ", 50000, '', max 50000",
    "20000, 50000, '', 20000 50000",
    "-1, , '20000 50000', max 50000",
    "0, , '20000 50000', max 50000",
    "30000, , '20000 50000', 30000 50000",
    ", 60000, 'max 50000', max 60000",
  })
  void quotaAndPeriodAreOneFile(Long quota, Long period, String now, String expected) {
    assertEquals(expected, CgroupConversions.cpuMax(optional(quota), optional(period), now));
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  @Test
  void swapIsWhatTheSumLeavesBesideMemory() {
    assertEquals(Limit.of(0), CgroupConversions.swapAlone(Limit.of(100), Limit.of(100)));
    assertEquals(Limit.of(50), CgroupConversions.swapAlone(Limit.of(150), Limit.of(100)));
    assertEquals(Limit.unlimited(), CgroupConversions.swapAlone(Limit.unlimited(), Limit.of(100)));
  }

  @Test
  void aSumBelowItsPartIsRefused() {
    assertThrows(
        PlanningException.class, () -> CgroupConversions.swapAlone(Limit.of(99), Limit.of(100)));
    assertThrows(
        PlanningException.class,
        () -> CgroupConversions.swapAlone(Limit.of(99), Limit.unlimited()));
  }

  @Test
  void noBoundIsMax() {
    assertEquals("max", CgroupConversions.text(Limit.unlimited()));
    assertEquals("0", CgroupConversions.text(Limit.of(0)));
  }
}
