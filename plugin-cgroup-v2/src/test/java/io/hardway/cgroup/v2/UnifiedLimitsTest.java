package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnifiedLimitsTest {
  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
  }

  private static Resources unified(String file, String value) {
    return Resources.builder().unified(Map.of(file, value)).build();
  }

  @Test
  void eachLineIsAWrite() {
    assertEquals(
        List.of("io.max=259:0 rbps=2097152 wiops=120", "io.max=253:0 rbps=2097152"),
        groups.updated(unified("io.max", "259:0 rbps=2097152 wiops=120\n\n253:0 rbps=2097152\n")));
  }

  @Test
  void theyAreWrittenLast() {
    Resources both =
        unified("memory.max", "100").toBuilder()
            .memory(MemoryResources.builder().limit(Limit.of(200)).build())
            .pids(Limit.of(5))
            .build();
    assertEquals(List.of("memory.max=200", "pids.max=5", "memory.max=100"), groups.updated(both));
  }

  @Test
  void aFileThatNoGroupHasIsRefusedAsSoonAsAGroupShowsIt() throws IOException {
    Resources zswap = unified("memory.zswap.max", "0");
    assertEquals(List.of("memory.zswap.max=0"), groups.updated(zswap));
    groups.group("hardway", "memory pids");
    groups.isRefused(zswap, "memory.zswap.max cannot be set: groups have no such file");
    groups.write("hardway/memory.zswap.max", "max");
    assertEquals(List.of("memory.zswap.max=0"), groups.updated(zswap));
  }

  @Test
  void aNeighbourShowsItToo() throws IOException {
    groups.group("hardway", "");
    groups.group("system.slice", "memory pids");
    groups.isRefused(unified("memory.zswap.max", "0"), "groups have no such file");
  }

  @Test
  void theRootDoesNotShowIt() throws IOException {
    groups.write("memory.stat", "anon 0");
    assertEquals(List.of("memory.high=1"), groups.updated(unified("memory.high", "1")));
  }

  @Test
  void onlyLimitsOfTheCoreAreTaken() {
    assertEquals(
        List.of("cgroup.max.descendants=0"),
        groups.updated(unified("cgroup.max.descendants", "0")));
    for (String file : List.of("cgroup.procs", "cgroup.freeze", "cgroup.kill", "cgroup.type")) {
      groups.isRefused(unified(file, "1"), file + " is no limit");
    }
  }

  @Test
  void triggersOfPressureAreNoLimits() {
    groups.isRefused(unified("memory.pressure", "some 150000 1000000"), "lasts while it is open");
  }

  @Test
  void whatIsNoFileIsRefused() {
    for (String file : List.of("../memory.max", "memory/max.x", "memory", ".max", "")) {
      groups.isRefused(unified(file, "1"), "is no file of a cgroup");
    }
    groups.isRefused(unified("memory.high", " \n"), "has no value");
    groups.isRefused(unified("misc.max", "sev 1"), "misc is not available");
  }

  @Test
  void aPartitionComesBehindItsProcessors() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("cpuset.cpus.partition", "root");
    files.put("cpuset.cpus", "1");
    assertEquals(
        List.of("cpuset.cpus=1", "cpuset.cpus.partition=root", "await cpuset.cpus.partition"),
        groups.updated(Resources.builder().unified(files).build()));
  }

  @Test
  void aPartitionIsSeenToBeOne() {
    assertEquals(
        List.of("cpuset.cpus.partition=root", "await cpuset.cpus.partition"),
        groups.updated(unified("cpuset.cpus.partition", "root")));
    assertEquals(
        List.of("cpuset.cpus.partition=member"),
        groups.updated(unified("cpuset.cpus.partition", "member")));
  }
}
