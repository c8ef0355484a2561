package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Taking a container down where that is not easy: in the end its groups are gone. */
class RemovalTest extends KernelTest {
  private static final String FORKING =
      "trap '' TERM INT HUP; while :; do sleep 1000 & : & sleep 0.05; done";

  private String start(List<String> flags, String script) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "-d", "--memory", "64m"));
    words.addAll(flags);
    words.addAll(List.of("--rootfs", rootfs(), "sh", "-c", script));
    String id = hardway.ok(words.toArray(String[]::new));
    assertFalse(Wreckage.groups(id).isEmpty(), "it has no group");
    return id;
  }

  private long pid(String id) {
    return Long.parseLong(hardway.ok("inspect", "-f", "{{.State.Pid}}", id));
  }

  @ParameterizedTest
  @CsvSource({"private, runs", "private, frozen", "host, runs", "host, frozen"})
  void afterItsParentWasKilledTheNextCommandLeavesNoGroup(String pidNamespace, String state)
      throws Exception {
    String id = start(pidNamespace.equals("host") ? List.of("--pid", "host") : List.of(), FORKING);
    long pid = pid(id);
    if (state.equals("frozen")) {
      hardway.ok("pause", id);
    }
    long parent = ProcessTable.parent(pid).orElseThrow();
    ProcessTable.kill(parent);
    until(() -> ProcessTable.startTime(parent).isEmpty(), "the parent lives");
    assertEquals("exited", hardway.ok("inspect", "-f", "{{.State.Status}}", id));
    assertEquals(List.of(), Wreckage.groups(id));
    hardway.ok("rm", id);
  }

  @ParameterizedTest
  @CsvSource({"private", "host"})
  void whoDoesNotDieQuicklyIsWaitedFor(String pidNamespace) throws Exception {
    try (FreezableDisk disk = FreezableDisk.mount(hardway.directory())) {
      String id = startWhoDoesNotDie(disk, pidNamespace);
      Process removal = hardway.start("rm", "-f", id);
      assertFalse(removal.waitFor(2, TimeUnit.SECONDS), "it is said to be removed, and lives");
      assertFalse(Wreckage.groups(id).isEmpty());
      disk.thaw();
      Product.Outcome outcome = Product.finish(removal, "");
      assertEquals(0, outcome.exitCode(), outcome::toString);
      assertEquals(List.of(), Wreckage.groups(id));
      assertEquals(List.of(), hardway.remains());
    }
  }

  @Test
  void whereSomebodyDoesNotDieInTimeALaterCommandRemovesIt() throws Exception {
    try (FreezableDisk disk = FreezableDisk.mount(hardway.directory())) {
      // Its first process dies, and so its parent goes.
      String id = startWhoDoesNotDie(disk, "host");
      Product.Outcome outcome = hardway.run("rm", "-f", id);
      assertNotEquals(0, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains("could not be taken down"), outcome::toString);
      assertFalse(Wreckage.groups(id).isEmpty());
      disk.thaw();
      hardway.ok("rm", "-f", id);
      assertEquals(List.of(), Wreckage.groups(id));
      assertEquals(List.of(), hardway.remains());
    }
  }

  /** A container with a child that hangs in the kernel. */
  private String startWhoDoesNotDie(FreezableDisk disk, String pidNamespace) throws Exception {
    List<String> flags = new ArrayList<>(List.of("-v", disk.mountPoint() + ":/disk"));
    if (pidNamespace.equals("host")) {
      flags.addAll(List.of("--pid", "host"));
    }
    String id = start(flags, "(while :; do echo x > /disk/file; done) & exec sleep 1000");
    long child = child(pid(id));
    disk.freeze();
    until(() -> ProcessTable.state(child).orElse("").equals("D"), "the child does not hang");
    return id;
  }

  private static long child(long pid) throws Exception {
    until(() -> ProcessTable.family(pid).size() == 2, "it has no child");
    return ProcessTable.family(pid).stream()
        .filter(other -> other != pid)
        .findFirst()
        .orElseThrow();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void until(Condition condition, String otherwise) throws Exception {
    for (int i = 0; !condition.holds(); i++) {
      assertTrue(i < 3000, otherwise);
      Thread.sleep(10);
    }
  }

  @Test
  void groupsMadeInsideGoWithTheContainer() throws Exception {
    String id =
        start(
            List.of("--privileged"),
            "for group in /sys/fs/cgroup /sys/fs/cgroup/*; do mkdir -p $group/a/b; done;"
                + " echo made; exec sleep 1000");
    until(() -> hardway.ok("logs", id).contains("made"), "no groups are made");
    List<Path> groups = Wreckage.groups(id);
    assertTrue(
        groups.stream().anyMatch(group -> Files.isDirectory(group.resolve("a/b"))),
        () -> "none of them is below " + groups);
    hardway.ok("rm", "-f", id);
    assertEquals(List.of(), Wreckage.groups(id));
  }
}
