package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.ResourceController;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.ResourceControllerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupV2ControllerTest extends ResourceControllerContract {
  @TempDir Path root;
  private Path mount;
  private FakeHost host;

  @BeforeEach
  void mountHierarchy() throws IOException {
    mount = Files.createDirectories(root.resolve("sys/fs/cgroup"));
    Files.writeString(mount.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
    host = new FakeHost(root).mount(new MountPoint("/", "/sys/fs/cgroup", "rw", "cgroup2", "cgroup", "rw"));
  }

  @Override
  protected ResourceController controller() {
    return new CgroupV2Controller();
  }

  @Override
  protected Host host() {
    return host;
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root);
  }

  @Test
  void isUnusableWhereVersionOneHasTheControllers() throws IOException {
    Files.writeString(mount.resolve("cgroup.controllers"), "hugetlb\n");
    assertFalse(controller().probe(host).isUsable());
  }

  @Test
  void enablesControllersFromTheTopDownBeforeTheLimits() {
    List<String> steps = steps();
    int enable = steps.indexOf("write: let groups below " + mount.resolve("hardway") + " use memory");
    int limit = steps.indexOf("write: limit memory to 67108864");
    assertTrue(enable >= 0 && enable < limit, steps.toString());
  }

  @Test
  void countsWhatIsInTheFiles() throws IOException {
    Path group = Files.createDirectories(mount.resolve("hardway/0123456789abcdef"));
    Files.writeString(group.resolve("cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
    Files.writeString(group.resolve("memory.max"), "max\n");
    var usage = controller().usage(controller().group(request()));
    assertEquals(1_500_000, usage.cpuNanos().getAsLong());
    assertTrue(usage.memoryLimit().get().isUnlimited());
  }
}
