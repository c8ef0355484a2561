package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.MountPoint;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where somebody goes who serves a container beside its parent. */
class ParentGroupsTest {
  @TempDir Path directory;
  private FakeHost host;

  @BeforeEach
  void aContainerWhoseParentIs70() throws IOException {
    host = new FakeHost(directory);
    host.cgroup("2:pids:/shared");
    host.mount(mount("/", "/sys/fs/cgroup/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct"));
    host.mount(mount("/", "/sys/fs/cgroup/pids", "cgroup", "rw,pids"));
    host.mount(mount("/box", "/sys/fs/cgroup/unified", "cgroup2", "rw"));
    file("/proc/71/stat", "71 (a) b) S 70 71 71 0");
  }

  private static MountPoint mount(String root, String target, String type, String options) {
    return new MountPoint(root, target, "rw", type, type, options);
  }

  private void file(String path, String text) throws IOException {
    Files.createDirectories(host.file(path).getParent());
    Files.writeString(host.file(path), text);
  }

  private List<String> labels() {
    PlanAssembler assembler = new PlanAssembler();
    new ParentGroups(host).join(71, assembler.stage(Phase.PAIRED, "core"));
    return assembler.run(Optional.empty()).steps().stream().map(Step::label).toList();
  }

  @Test
  void theGroupsOfTheParentThatAreNotItsOwn() throws IOException {
    file("/proc/70/cgroup", "4:cpu,cpuacct:/service/one\n2:pids:/shared\n0::/box/service\n");
    assertEquals(
        List.of(
            "be in /sys/fs/cgroup/cpu,cpuacct/service/one, where the container's parent is",
            "be in /sys/fs/cgroup/unified/service, where the container's parent is"),
        labels());
  }

  @Test
  void whatIsNotMountedHereAndWhoIsGoneAreLeftOut() throws IOException {
    file("/proc/70/cgroup", "0::/elsewhere\n7:misc:/service\n");
    assertEquals(List.of(), labels());
    Files.delete(host.file("/proc/70/cgroup"));
    assertEquals(List.of(), labels());
    Files.delete(host.file("/proc/71/stat"));
    assertEquals(List.of(), labels());
  }
}
