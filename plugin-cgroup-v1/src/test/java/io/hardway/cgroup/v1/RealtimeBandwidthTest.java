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

class RealtimeBandwidthTest {
  @TempDir Path root;
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountCpu() throws IOException {
    hierarchies = new FakeHierarchies(root, "cpu");
    group("cpu", 950_000, 1_000_000);
  }

  private void group(String name, long runtime, long period) throws IOException {
    hierarchies.write(name + "/tasks", "");
    hierarchies.write(name + "/cpu.rt_runtime_us", "" + runtime);
    hierarchies.write(name + "/cpu.rt_period_us", "" + period);
  }

  private static Resources realtime(long runtime) {
    return Resources.builder().cpu(CpuResources.builder().realtimeRuntime(runtime).build()).build();
  }

  private static Resources realtime(long runtime, long period) {
    return Resources.builder()
        .cpu(CpuResources.builder().realtimeRuntime(runtime).realtimePeriod(period).build())
        .build();
  }

  @Test
  void theGroupAboveAllContainersGetsWhatANewOneNeeds() {
    assertEquals(
        List.of("cpu/hardway/cpu.rt_runtime_us=100000", "cpu/hardway/c/cpu.rt_runtime_us=100000"),
        hierarchies.made(realtime(100_000)));
  }

  @Test
  void itGetsWhatAllBelowItNeedTogether() throws IOException {
    group("cpu/hardway", 100_000, 1_000_000);
    group("cpu/hardway/other", 50_000, 500_000);
    assertEquals(
        List.of(
            "cpu/hardway/cpu.rt_runtime_us=300000",
            "cpu/hardway/c/cpu.rt_period_us=500000",
            "cpu/hardway/c/cpu.rt_runtime_us=100000"),
        hierarchies.made(realtime(100_000, 500_000)));
  }

  @Test
  void whereItHasEnoughItStays() throws IOException {
    group("cpu/hardway", 500_000, 1_000_000);
    assertEquals(
        List.of("cpu/hardway/c/cpu.rt_runtime_us=100000"), hierarchies.made(realtime(100_000)));
  }

  @Test
  void whatTheMachineHasNotIsRefused() throws IOException {
    group("cpu/theirs", 900_000, 1_000_000);
    hierarchies.isRefused(
        realtime(100_000),
        "sys/fs/cgroup/cpu has 950000 µs in 1000000 for all below it",
        "cpu/cpu.rt_runtime_us");
  }

  @Test
  void whatShrinksGoesFirst() throws IOException {
    group("cpu/hardway", 500_000, 1_000_000);
    group("cpu/hardway/c", 100_000, 1_000_000);
    assertEquals(
        List.of("cpu.rt_runtime_us=5000", "cpu.rt_period_us=10000"),
        hierarchies.updated(realtime(5000, 10_000)));
    group("cpu/hardway/c", 5000, 10_000);
    assertEquals(
        List.of("cpu.rt_period_us=1000000", "cpu.rt_runtime_us=100000"),
        hierarchies.updated(realtime(100_000, 1_000_000)));
  }

  @Test
  void noMoreThanThePeriodIsGiven() throws IOException {
    group("cpu/hardway/c", 0, 1000);
    hierarchies.isRefused(realtime(1001), "in a period of 1000", "--cpu-rt-period");
  }

  @Test
  void aKernelWithoutRealtimeGroupsIsNamed() throws IOException {
    hierarchies = new FakeHierarchies(root.resolve("other"), "cpu");
    hierarchies.isRefused(
        realtime(9), "cpu.rt_runtime_us cannot be set: this kernel was built without it");
  }
}
