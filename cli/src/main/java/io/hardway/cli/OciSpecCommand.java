package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.DefaultSpec;
import io.hardway.core.HardwayException;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.linux.LiveHost;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** {@code spec}: writes a {@code config.json} to begin with, which runs a shell. */
final class OciSpecCommand implements OciCommand {
  private static final String FILE = "config.json";

  private static final String CONFIG =
      """
      {"ociVersion": "1.2.0",
       "process": {"terminal": true, "user": {"uid": 0, "gid": 0}, "args": ["sh"],
         "env": ["PATH", "TERM=xterm"], "cwd": "/",
         "capabilities": {"bounding": CAPABILITIES, "effective": CAPABILITIES,
           "permitted": CAPABILITIES},
         "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
         "noNewPrivileges": true},
       "root": {"path": "rootfs", "readonly": true},
       "hostname": "hardway",
       "mounts": [
         {"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
          "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
         {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
          "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"GROUP]},
         {"destination": "/dev/shm", "type": "tmpfs", "source": "shm",
          "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
         {"destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue",
          "options": ["nosuid", "noexec", "nodev"]},
         SYS,
         {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
          "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}],
       "linux": {LINUX, "maskedPaths": MASKED, "readonlyPaths": READONLY}}
      """;

  private static final String CAPABILITIES =
      "[\"CAP_AUDIT_WRITE\", \"CAP_KILL\", \"CAP_NET_BIND_SERVICE\"]";

  private static final String SYS =
      """
      {"destination": "/sys", "type": "sysfs", "source": "sysfs",
       "options": ["nosuid", "noexec", "nodev", "ro"]}
      """;

  private static final String LINUX =
      """
      "resources": {"devices": [{"allow": false, "access": "rwm"}]},
      "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
        {"type": "mount"}, {"type": "cgroup"}]
      """;

  /** In the host's network namespace, whose sysfs a user namespace cannot mount anew. */
  private static final String ROOTLESS_SYS =
      """
      {"destination": "/sys", "type": "none", "source": "/sys",
       "options": ["rbind", "nosuid", "noexec", "nodev", "ro"]}
      """;

  private static final String ROOTLESS_LINUX =
      """
      "uidMappings": [{"containerID": 0, "hostID": UID, "size": 1}],
      "gidMappings": [{"containerID": 0, "hostID": GID, "size": 1}],
      "namespaces": [{"type": "pid"}, {"type": "ipc"}, {"type": "uts"}, {"type": "mount"},
        {"type": "cgroup"}, {"type": "user"}]
      """;

  @Override
  public OptionTable table() {
    return new OptionTable("spec", "[OPTIONS]", "Write a config.json to begin with")
        .program(OciMain.PROGRAM)
        .value("bundle", 'b', "directory", "The bundle; the current directory by default")
        .flag("rootless", "For an ordinary user: the caller is root inside")
        .arguments(0, 0);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    Path file = session.absolute(arguments.text("bundle").orElse("")).resolve(FILE);
    try {
      Files.writeString(
          file,
          text(arguments.flag("rootless")),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new HardwayException(
          file + " is there already: remove it first, or name another bundle with --bundle", e);
    } catch (NoSuchFileException e) {
      throw new HardwayException(file.getParent() + ": no such directory: make it first", e);
    }
    return 0;
  }

  private static String text(boolean isRootless) {
    var host = LiveHost.current();
    String text =
        CONFIG
            .replace("GROUP", isRootless ? "" : ", \"gid=5\"")
            .replace("SYS", isRootless ? ROOTLESS_SYS : SYS)
            .replace("LINUX", isRootless ? ROOTLESS_LINUX : LINUX)
            .replace("UID", Long.toString(host.uid()))
            .replace("GID", Long.toString(host.gid()))
            .replace("\"PATH\"", new JsonWriter().text(DefaultSpec.PATH).toString())
            .replace("CAPABILITIES", CAPABILITIES)
            .replace("MASKED", new JsonWriter().texts(DefaultSpec.MASKED_PATHS).toString())
            .replace("READONLY", new JsonWriter().texts(DefaultSpec.READONLY_PATHS).toString());
    return PrettyJson.of(JsonObject.parse(FILE, text)) + "\n";
  }
}
