package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuControllerTest {
  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
  }

  private void now(String file, String content) throws IOException {
    groups.write(FakeGroups.GROUP + "/" + file, content);
  }

  private static CpuResources.Builder cpu() {
    return CpuResources.builder();
  }

  private static Resources of(CpuResources.Builder cpu) {
    return Resources.builder().cpu(cpu.build()).build();
  }

  @Test
  void theBurstIsNeverAboveTheQuotaOnTheWay() throws IOException {
    now("cpu.max", "50000 100000");
    now("cpu.max.burst", "40000");
    assertEquals(
        List.of("cpu.max=90000 100000", "cpu.max.burst=80000"),
        groups.updated(of(cpu().quota(90_000).burst(80_000))));
    assertEquals(
        List.of("cpu.max.burst=10000", "cpu.max=20000 100000"),
        groups.updated(of(cpu().quota(20_000).burst(10_000))));
  }

  @Test
  void aBurstAboveTheQuotaIsRefused() throws IOException {
    groups.isRefused(of(cpu().quota(20_000).burst(20_001)), "above the quota of 20000");
    now("cpu.max", "50000 100000");
    now("cpu.max.burst", "40000");
    groups.isRefused(of(cpu().burst(50_001)), "above the quota of 50000");
    groups.isRefused(of(cpu().quota(30_000)), "a burst of 40000");
  }

  @Test
  void anIdleGroupHasNoWeight() throws IOException {
    assertEquals(
        List.of("cpu.weight=100", "cpu.idle=1"), groups.updated(of(cpu().shares(1024).idle(1))));
    assertEquals(
        List.of("cpu.idle=0", "cpu.weight=100"), groups.updated(of(cpu().shares(1024).idle(0))));
    now("cpu.idle", "1");
    groups.isRefused(of(cpu().shares(1024)), "only when nothing else does");
    assertEquals(
        List.of("cpu.idle=0", "cpu.weight=100"), groups.updated(of(cpu().shares(1024).idle(0))));
  }

  @Test
  void noSharesAreNoneAskedFor() {
    assertEquals(List.of(), groups.updated(of(cpu().shares(0))));
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    groups.isRefused(of(cpu().quota(999)), "a quota of 999");
    groups.isRefused(of(cpu().period(999)), "a period of 999");
    groups.isRefused(of(cpu().period(1_000_001)), "a period of 1000001");
    groups.isRefused(of(cpu().burst(-1)), "a burst of -1");
    groups.isRefused(of(cpu().idle(2)), "an idle class of 2");
  }

  @Test
  void whatThisKernelLacksIsNamed() throws IOException {
    groups.group("hardway", "cpu");
    groups.isRefused(of(cpu().idle(1)), "cpu.idle cannot be set: groups have no such file");
  }
}
