package io.hardway.net.pasta;

import io.hardway.spi.HelperProgram;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The process beside a container that passes on what goes in and out; pasta(1). It goes to the
 * background by itself when the interface is there. It does not end with the network namespace it
 * serves, which it keeps alive, so the undo ends it.
 */
final class Pasta {
  private static final String INTERFACE = "eth0";

  /** Longer than it takes on a machine that has much else to do. */
  private static final int MILLIS = 30_000;

  /**
   * Shows what it says only where it fails: it also remarks, at each start, on a host that has but
   * one version of IP, or a name server of its own.
   */
  private static final String START =
      """
      said=$("$@" 2>&1) || { status=$?; echo "$said" >&2; exit $status; }
      """;

  /**
   * Kills what was started with the file as an argument, which it reads, and waits until that is
   * gone: only then are its ports free. The file has the process's id. While pasta is starting it
   * is missing or empty; so then all processes are looked at. grep reads what it looks for too: on
   * its command line it would find itself.
   */
  private static final String END =
      """
      read -r file
      pid=
      [ ! -e "$file" ] || read -r pid < "$file"
      started() {
        echo "$file" | grep -lsxzF -f - /proc/${pid:-[0-9]*}/cmdline
      }
      left=500
      while found=$(started) && [ $left -gt 0 ]; do
        for process in $found; do
          process=${process#/proc/}
          kill -KILL "${process%/cmdline}" 2>/dev/null
        done
        left=$((left - 1))
        sleep 0.01
      done
      [ -z "$found" ] || { echo "pasta does not end: $found" >&2; exit 1; }
      """;

  private final Path program;
  private final Path pidFile;

  /** Runs this program; what it was started for is told by the file with its process's id. */
  Pasta(Path program, Path pidFile) {
    this.program = program;
    this.pidFile = pidFile;
  }

  /** Adds the step that starts it for the container's process, and its undo. */
  void contribute(List<String> options, PlanBuilder plan) {
    Text.Builder netns = Text.builder().literal("/proc/").decimal(plan.pid()).literal("/ns/net");
    Text.Builder userns = Text.builder().literal("/proc/").decimal(plan.pid()).literal("/ns/user");
    List<Text> argv = new ArrayList<>();
    for (String word : List.of("/bin/sh", "-c", START, "sh")) {
      argv.add(Text.of(word));
    }
    argv.add(Text.of(program));
    for (String word : List.of("--quiet", "--config-net", "--ns-ifname", INTERFACE)) {
      argv.add(Text.of(word));
    }
    options.forEach(word -> argv.add(Text.of(word)));
    argv.addAll(List.of(Text.of("--pid"), Text.of(pidFile)));
    argv.addAll(List.of(Text.of("--userns"), userns.build(), Text.of("--netns"), netns.build()));
    plan.teardown()
        .run(
            HelperProgram.of(List.of(Text.of("/bin/sh"), Text.of("-c"), Text.of(END)))
                .stdin(Text.of(pidFile + "\n"))
                .build())
        .label("end pasta");
    plan.paired()
        .run(HelperProgram.of(argv).timeoutMillis(MILLIS).build())
        .label("connect " + INTERFACE + " through pasta")
        .hint("use --network none or host to go without it");
  }
}
