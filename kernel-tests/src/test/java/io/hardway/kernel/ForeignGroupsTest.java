package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.linux.LiveHost;
import io.hardway.testkit.CgroupTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Control groups that are not a container's own are never written to, whatever is done to it. */
class ForeignGroupsTest extends KernelTest {
  private static final List<String> LIMITS =
      List.of("--memory", "64m", "--cpus", "0.5", "--cpuset-cpus", "0", "--pids-limit", "30");

  /** Others use the machine too: only what happens each time is of our making. */
  private static final int ATTEMPTS = 3;

  private String start(List<String> flags) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "-d"));
    words.addAll(LIMITS);
    words.addAll(flags);
    words.addAll(List.of("--rootfs", rootfs(), "sleep", "1000"));
    return hardway.ok(words.toArray(String[]::new));
  }

  private List<Path> goThroughEveryVerb(List<String> flags) throws IOException {
    String id = start(flags);
    List<Path> own = new ArrayList<>();
    for (Path group : CgroupTree.of(LiveHost.current()).groups()) {
      if (group.endsWith(id)) {
        own.add(group);
      }
    }
    assertTrue(!own.isEmpty(), "the container has no group");
    hardway.ok("exec", id, "true");
    hardway.ok(
        "update",
        "--memory",
        "80m",
        "--memory-swap",
        "80m",
        "--cpus",
        "0.4",
        "--pids-limit",
        "20",
        id);
    hardway.ok("stats", "--no-stream", id);
    hardway.ok("pause", id);
    hardway.ok("unpause", id);
    hardway.ok("stop", "-t", "0", id);
    hardway.ok("start", id);
    hardway.ok("rm", "-f", id);
    return own;
  }

  private void assertTheRestStays(List<String> flags) throws IOException {
    String bystander = start(List.of());
    List<String> changes = List.of();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CgroupTree before = CgroupTree.of(LiveHost.current());
      assertTrue(before.groups().stream().anyMatch(group -> group.endsWith(bystander)));
      List<Path> own = goThroughEveryVerb(flags);
      changes = before.changes(CgroupTree.of(LiveHost.current()), own);
      if (changes.isEmpty()) {
        break;
      }
    }
    assertEquals(List.of(), changes);
    hardway.ok("rm", "-f", bystander);
  }

  @Test
  void noVerbWritesToThem() throws IOException {
    assertTheRestStays(List.of());
  }

  @Test
  void neitherWhereTheContainerHasItsPlaceInTheHostsTree() throws IOException {
    assertTheRestStays(List.of("--cgroupns", "host"));
  }
}
