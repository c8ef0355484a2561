package io.hardway.cli;

import io.hardway.init.Channel;
import io.hardway.linux.netlink.NftablesMessage;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes the planner through what it does every day, while the JVM notes what to keep in the
 * ahead-of-time cache. No plan is performed.
 */
public final class Training {
  private Training() {}

  /** Trains what a program does, below a directory that is the caller's to remove. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Performer rehearsal = new Rehearsal(directory);
    Map<String, String> environment = Caller.environment(System.getenv());
    environment.put(Main.PROGRAM_VARIABLE, arguments[1]);
    List<String[]> commands =
        arguments[1].equals(OciMain.PROGRAM) ? ofTheRuntime(directory) : ofTheEngine(directory);
    for (String[] command : commands) {
      Main.dispatch(command, environment, nowhere, nowhere, rehearsal);
    }
  }

  private static List<String[]> ofTheEngine(Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("rootfs"));
    String[] state = {
      "--state",
      directory.resolve("state").toString(),
      "--root",
      directory.resolve("data").toString()
    };
    String[][] commands = {
      {"run", "--rm", "--rootfs", root.toString(), "true"},
      {"run", "--rm", "--network", "bridge", "--rootfs", root.toString(), "true"},
      {"run", "--rm", "--network", "bridge", "-p", "80", "--rootfs", root.toString(), "true"},
      {"network", "create", "n"},
      {"run", "--rm", "--network", "n", "-p", "81/udp", "--rootfs", root.toString(), "true"},
      {"run", "--rm", "--rootfs", "/", "--", "sh", "-c", "true"},
      {
        "run",
        "-d",
        "--name",
        "web",
        "-e",
        "A=b",
        "-m",
        "64m",
        "--cpus",
        "0.5",
        "--pids-limit",
        "50",
        "-v",
        root + ":/data:ro",
        "--tmpfs",
        "/run",
        "--rootfs",
        root.toString(),
        "sleep",
        "1"
      },
      {
        "run",
        "-it",
        "--rm",
        "--userns",
        "auto",
        "--read-only",
        "--cap-add",
        "SYS_TIME",
        "--security-opt",
        "no-new-privileges",
        "-u",
        "1:1",
        "-w",
        "/",
        "--rootfs",
        root.toString(),
        "sh"
      },
      {"create", "--name", "other", "--init", "--rootfs", root.toString(), "true"},
      {"ps"},
      {"ps", "-a"},
      {"ps", "-aq"},
      {"inspect", "web"},
      {"inspect", "-f", "{{.State.Status}}", "web"},
      {"exec", "web", "true"},
      {"exec", "-it", "-e", "A=b", "-w", "/", "-u", "0", "web", "sh"},
      {"logs", "web"},
      {"wait", "web"},
      {"attach", "web"},
      {"stats", "--no-stream"},
      {"update", "-m", "128m", "--cpus", "1", "web"},
      {"pause", "web"},
      {"unpause", "web"},
      {"start", "other"},
      {"kill", "web"},
      {"stop", "-t", "1", "web"},
      {"rm", "-f", "web"},
      {"exec", "none", "true"},
      {"explain", "run", "--rootfs", root.toString(), "true"},
      {"run", "--memry", "64m", "true"},
      {"run", "--help"},
    };
    // A bridge that is there already is what nearly every start finds, but not this one.
    NftablesMessage.findInterface("table", "set", "lo");
    return withGlobal(state, commands);
  }

  /** The other command line, whose commands are run several times for each container. */
  private static List<String[]> ofTheRuntime(Path directory) throws IOException {
    Path bundle = Files.createDirectories(directory.resolve("bundle/rootfs")).getParent();
    Files.writeString(bundle.resolve("config.json"), BUNDLE);
    Path log = directory.resolve("log.json");
    Path limits =
        Files.writeString(
            directory.resolve("limits.json"),
            "{\"memory\": {\"limit\": 1048576}, \"cpu\": {\"quota\": 10000}}");
    Path process = Files.writeString(directory.resolve("process.json"), PROCESS);
    String[] global = {
      "--root", directory.resolve("oci").toString(), "--log", log.toString(), "--log-format", "json"
    };
    String file = directory.resolve("pid").toString();
    String[][] commands = {
      {"create", "--bundle", bundle.toString(), "--pid-file", file, "one"},
      {"create", "--bundle", bundle.toString(), "--console-socket", file, "two"},
      {"run", "--bundle", bundle.toString(), "three"},
      {"list"},
      {"list", "-f", "json"},
      {"state", "one", "--debug"},
      {"events", "--stats", "one"},
      {"update", "--resources", limits.toString(), "one"},
      {"update", "--memory", "128m", "--cpu-quota", "20000", "one"},
      {"exec", "one", "true"},
      {"exec", "--process", process.toString(), "--detach", "--pid-file", file, "one"},
      {"exec", "--tty", "--console-socket", file, "--process", process.toString(), "one"},
      {"ps", "one"},
      {"pause", "one"},
      {"resume", "one"},
      {"kill", "one", "TERM"},
      {"delete", "--force", "one"},
      {"create", "--help"},
    };
    return withGlobal(global, commands);
  }

  private static List<String[]> withGlobal(String[] global, String[][] commands) {
    List<String[]> all = new ArrayList<>();
    for (String[] command : commands) {
      List<String> words = new ArrayList<>(List.of(global));
      words.addAll(List.of(command));
      all.add(words.toArray(new String[0]));
    }
    return all;
  }

  private static final String PROCESS =
      """
      {"user": {"uid": 0, "gid": 0, "additionalGids": [10]}, "args": ["true"],
       "env": ["PATH=/bin"], "cwd": "/", "noNewPrivileges": true, "oomScoreAdj": 0,
       "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"],
         "permitted": ["CAP_KILL"], "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]},
       "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}]}
      """;

  /** What engines ask for, each kind of thing once. */
  private static final String BUNDLE =
      """
      {"ociVersion": "1.0.2", "hostname": "train", "root": {"path": "rootfs", "readonly": true},
       "annotations": {"a": "b"},
       "process": PROCESS,
       "mounts": [
         {"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
          "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
         {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
          "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
         {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "ro"]},
         {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
          "options": ["nosuid", "ro"]},
         {"destination": "/etc/hosts", "type": "bind", "source": "/etc/hosts",
          "options": ["rbind", "rprivate", "rw"]}],
       "linux": {"cgroupsPath": "/training/one",
         "namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"},
           {"type": "network"}, {"type": "cgroup"}],
         "sysctl": {"net.ipv4.ip_unprivileged_port_start": "0"},
         "maskedPaths": ["/proc/kcore"], "readonlyPaths": ["/proc/sys"],
         "resources": {"devices": [{"allow": false, "access": "rwm"},
             {"allow": true, "type": "c", "major": 1, "minor": 5, "access": "rwm"}],
           "memory": {"limit": 67108864, "swap": 134217728}, "pids": {"limit": 100},
           "cpu": {"shares": 512, "quota": 50000, "period": 100000}, "blockIO": {"weight": 500}}}}
      """
          .replace("PROCESS", PROCESS);

  /**
   * Sends plans to nobody, who says that all went well. Of a plan only the files are written that
   * it has below the training directory: so the commands after `run` find a container to plan for,
   * whose process is this one.
   */
  private static final class Rehearsal implements Performer {
    private static final byte[] SUCCESS = {2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0};
    private static final int START_TIME_AFTER_NAME = 20;

    private final Performer performer =
        Performer.ofChannel(new Channel(new Repeated(SUCCESS), OutputStream.nullOutputStream()));
    private final Path directory;
    private final String pid;
    private final String startTime;

    Rehearsal(Path directory) throws IOException {
      this.directory = directory;
      String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
      this.pid = stat.substring(0, stat.indexOf(' '));
      this.startTime =
          stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME_AFTER_NAME - 1];
    }

    @Override
    public void perform(Plan plan) throws IOException {
      performer.perform(plan);
    }

    @Override
    public void performLast(Plan plan, List<String> afterwards) throws IOException {
      performer.performLast(plan, afterwards);
      for (Step step : plan.steps()) {
        if (step.operation() instanceof Operation.Replace replace) {
          Path file = Path.of(filled(replace.path()));
          if (file.startsWith(directory)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, filled(replace.data()));
          }
        } else if (step.operation() instanceof Operation.Rename rename) {
          Path file = Path.of(filled(rename.from()));
          if (file.startsWith(directory) && Files.exists(file)) {
            Files.move(file, Path.of(filled(rename.to())));
          }
        } else if (step.operation() instanceof Operation.Symlink link) {
          Path file = Path.of(filled(link.path()));
          if (file.startsWith(directory)) {
            Files.createDirectories(file.getParent());
            Files.createSymbolicLink(file, Path.of(filled(link.target())));
          }
        }
      }
    }

    /** A text with this process where the container's would be. */
    private String filled(Text text) {
      StringBuilder filled = new StringBuilder();
      for (Text.Piece piece : text.pieces()) {
        if (piece.isLiteral()) {
          filled.append(piece.literal());
        } else if (piece.isBytes()) {
          filled.append(new String(piece.bytes(), StandardCharsets.ISO_8859_1));
        } else {
          filled.append(piece.isDecimal() ? pid : startTime);
        }
      }
      return filled.toString();
    }
  }

  /** The same bytes again and again. */
  private static final class Repeated extends InputStream {
    private final byte[] bytes;
    private int at;

    Repeated(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public int read() {
      int next = bytes[at] & 0xff;
      at = (at + 1) % bytes.length;
      return next;
    }
  }
}
