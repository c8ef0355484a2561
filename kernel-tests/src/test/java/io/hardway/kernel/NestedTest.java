package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The product in a privileged container of its own, whose groups are below those of the outer. */
class NestedTest extends KernelTest {
  private static final String MEMORY =
      "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true";

  /** What a script prints in a container in a container. */
  private String inner(List<String> outerFlags, String innerFlags, String script)
      throws IOException {
    String home = hardway.home().toRealPath().toString();
    List<String> command =
        new ArrayList<>(List.of("run", "--rm", "--privileged", "--tmpfs", "/run", "--rootfs", "/"));
    command.addAll(outerFlags);
    command.addAll(List.of("-v", home + ":" + home + ":ro", "-v", rootfs() + ":/inner:ro"));
    command.addAll(
        List.of(
            "sh",
            "-c",
            "exec \"$0\" --root /run/data run --rm --rootfs /inner " + innerFlags + " sh -c \"$1\"",
            home + "/bin/hardway",
            script));
    return hardway.ok(command.toArray(String[]::new));
  }

  @Test
  void aContainerInAContainerHasLimitsOfItsOwn() throws IOException {
    assertEquals("33554432", inner(List.of("--memory", "512m"), "--memory 32m", MEMORY));
  }

  @Test
  void aContainerInAContainerSeesNoGroupAboveItsOwn() throws IOException {
    assertEquals("", inner(List.of(), "", "grep -v ':/$' /proc/self/cgroup || true"));
  }
}
