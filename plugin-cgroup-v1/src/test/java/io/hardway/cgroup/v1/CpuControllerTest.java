package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to the files of cpu, and in which order. */
class CpuControllerTest {
  @TempDir Path root;
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountCpu() throws IOException {
    hierarchies = new FakeHierarchies(root, "cpu,cpuacct");
    hierarchies.write("cpu,cpuacct/cpu.cfs_burst_us", "0");
    hierarchies.write("cpu,cpuacct/cpu.idle", "0");
  }

  private static Resources cpu(CpuResources.Builder cpu) {
    return Resources.builder().cpu(cpu.build()).build();
  }

  private static CpuResources.Builder cpu() {
    return CpuResources.builder();
  }

  private void has(long quota, long period, long burst) throws IOException {
    hierarchies.start("cpu,cpuacct");
    hierarchies.write("cpu,cpuacct/hardway/c/cpu.cfs_quota_us", "" + quota);
    hierarchies.write("cpu,cpuacct/hardway/c/cpu.cfs_period_us", "" + period);
    hierarchies.write("cpu,cpuacct/hardway/c/cpu.cfs_burst_us", "" + burst);
  }

  /**
   * With half a CPU above: were the other written first, the part would be larger than allowed for
   * a moment, and the kernel would refuse it.
   */
  @ParameterizedTest
  @CsvSource({
    // before; after; what goes first
    "50000, 100000, 25000, 50000, cfs_quota",
    "25000, 50000, 50000, 100000, cfs_period",
    "50000, 100000, 50000, 200000, cfs_quota",
    "-1, 100000, 250000, 500000, cfs_period",
    "-1, 100000, 5000, 10000, cfs_period",
    "50000, 100000, -1, 10000, cfs_quota",
    "-1, 100000, -1, 10000, cfs_quota",
  })
  void quotaAndPeriodGoInTheOrderThatTheKernelTakes(
      long quotaBefore, long periodBefore, long quota, long period, String first)
      throws IOException {
    has(quotaBefore, periodBefore, 0);
    String quotaWritten = "cpu.cfs_quota_us=" + quota;
    String periodWritten = "cpu.cfs_period_us=" + period;
    assertEquals(
        first.equals("cfs_quota")
            ? List.of(quotaWritten, periodWritten)
            : List.of(periodWritten, quotaWritten),
        hierarchies.updated(cpu(cpu().quota(quota).period(period))));
  }

  @Test
  void aNewGroupGetsItsPeriodFirst() {
    assertEquals(
        List.of(
            "cpu,cpuacct/hardway/c/cpu.cfs_period_us=500000",
            "cpu,cpuacct/hardway/c/cpu.cfs_quota_us=250000",
            "cpu,cpuacct/hardway/c/cpu.cfs_burst_us=1000"),
        hierarchies.made(cpu(cpu().quota(250_000).period(500_000).burst(1000))));
  }

  @Test
  void whatIsSavedUpShrinksBeforeTheQuota() throws IOException {
    has(50_000, 100_000, 50_000);
    assertEquals(
        List.of("cpu.cfs_burst_us=20000", "cpu.cfs_quota_us=20000"),
        hierarchies.updated(cpu(cpu().quota(20_000).burst(20_000))));
  }

  @Test
  void whatIsSavedUpGrowsAfterTheQuota() throws IOException {
    has(50_000, 100_000, 50_000);
    assertEquals(
        List.of("cpu.cfs_quota_us=90000", "cpu.cfs_burst_us=90000"),
        hierarchies.updated(cpu(cpu().quota(90_000).burst(90_000))));
  }

  @Test
  void noMoreIsSavedUpThanAPeriodGives() throws IOException {
    has(50_000, 100_000, 50_000);
    hierarchies.isRefused(cpu(cpu().quota(20_000)), "saved up, 50000 µs", "--cpu-burst");
    hierarchies.isRefused(cpu(cpu().burst(50_001)), "saved up, 50001 µs");
    assertEquals(
        List.of("cpu.cfs_period_us=50000"), hierarchies.updated(cpu(cpu().period(50_000))));
  }

  @Test
  void noMoreThanTheGroupAboveHasIsGiven() throws IOException {
    hierarchies.write("cpu,cpuacct/hardway/cpu.cfs_quota_us", "50000");
    hierarchies.write("cpu,cpuacct/hardway/cpu.cfs_period_us", "100000");
    hierarchies.isRefused(
        cpu(cpu().quota(60_000)), "hardway, has 50000 in 100000", "no more than that");
    hierarchies.isRefused(cpu(cpu().quota(6_000).period(10_000)), "time of 6000 µs in 10000");
    assertEquals(
        List.of("cpu.cfs_period_us=1000000", "cpu.cfs_quota_us=500000"),
        hierarchies.updated(cpu(cpu().quota(500_000).period(1_000_000))));
    assertEquals(List.of("cpu.cfs_quota_us=-1"), hierarchies.updated(cpu(cpu().quota(-1))));
  }

  @Test
  void zeroAsksForNothing() {
    assertEquals(List.of(), hierarchies.updated(cpu(cpu().shares(0).quota(0).period(0))));
  }

  @Test
  void aGroupThatIsIdleHasNoWeight() throws IOException {
    assertEquals(List.of("cpu.idle=1"), hierarchies.updated(cpu(cpu().shares(512).idle(1))));
    hierarchies.start("cpu,cpuacct");
    hierarchies.write("cpu,cpuacct/hardway/c/cpu.idle", "1");
    hierarchies.isRefused(
        cpu(cpu().shares(512)), "runs only when nothing else does", "--cpu-idle=false");
    assertEquals(
        List.of("cpu.idle=0", "cpu.shares=512"),
        hierarchies.updated(cpu(cpu().shares(512).idle(0))));
  }

  @Test
  void aKernelWithoutBurstIsNamed() throws IOException {
    hierarchies = new FakeHierarchies(root.resolve("other"), "cpu");
    hierarchies.isRefused(cpu(cpu().burst(5)), "cpu.cfs_burst_us cannot be set: this kernel was");
  }
}
