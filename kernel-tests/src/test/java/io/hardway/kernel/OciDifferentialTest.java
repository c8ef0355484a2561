package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The same bundles through runc, crun and the product: what the container sees must be what it sees
 * with one of the two, and all that is the same with both.
 */
class OciDifferentialTest extends KernelTest {
  private static final long SEED = 20_261_127L;

  /** How many, which the property says where the machine is slow. */
  private static final int CONFIGS = Integer.getInteger("hardway.differences", 125);

  /** Differences that are meant, as a pattern of the line and the reason. */
  private static final String[][] MEANT = {
    {
      "/ /sys/fs/cgroup .* - (tmpfs|cgroup) .*",
      "that cgroups are mounted read-only is said of the directory that holds them, too"
    },
    {
      "/ (/data/folder|/sys/firmware) ro,.* - tmpfs tmpfs ro,nr_inodes=1,mode=555.*",
      "what hides a directory can hold nothing and be written by nobody"
    },
    {
      "d(r-xr-xr-x|rwxrwxrwt) +2 +0 +0 +40 +(/data/folder|/sys/firmware)",
      "what hides a directory can hold nothing and be written by nobody"
    },
    {
      "/ /tmp ro,relatime - tmpfs tmpfs r[ow](,uid=.*)?(,inode64)?",
      "the option ro is the file system's as well as the mount's"
    },
    {
      "/ /sys/fs/cgroup ro,.* - cgroup2 .*",
      "without a cgroup namespace the host's mount is bound, whose source has the name it has there"
    },
    {
      "cpu.weight [0-9]+;",
      "shares become the weight that keeps what a group has beside others, as with runc since 1.4"
    },
    {
      "drwxrwxrwt +2 (65534 +65534|0 +0) +40 mqueue",
      "an ipc namespace that is made with its user namespace belongs to nobody in it"
    },
  };

  private Process place;
  private Path bundle;
  private Path data;
  private String profile = "";

  @BeforeEach
  void makeBundle() throws IOException {
    Conditions.program("/usr/sbin/runc");
    Conditions.program("/usr/bin/crun");
    // crun does not start where cgroup version 2 is mounted beside version 1.
    String hide = "umount -l /sys/fs/cgroup/unified 2>/dev/null; echo there; exec sleep 1000";
    place = new ProcessBuilder("unshare", "--mount", "sh", "-c", hide).start();
    assertEquals('t', place.getInputStream().read());
    if (AppArmor.isThere()) {
      AppArmor.load();
      profile = AppArmor.GUARDED;
    }
    bundle = Files.createDirectories(hardway.directory().resolve("bundle"));
    BusyboxRootfs.at(bundle.resolve("rootfs"));
    for (String made : List.of("data", "sbin", "dev/shm", "dev/pts")) {
      Files.createDirectories(bundle.resolve("rootfs").resolve(made));
    }
    Files.createFile(bundle.resolve("rootfs/etc/made"));
    data = Files.createDirectories(hardway.directory().resolve("data"));
    Files.createDirectories(data.resolve("folder/inside"));
    Files.writeString(data.resolve("secret"), "secret");
    Files.writeString(data.resolve("file"), "file");
    // Root of a user namespace must get there.
    for (Path above = data;
        !above.equals(Path.of("/tmp")) && above.getParent() != null;
        above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @AfterEach
  void end() throws Exception {
    place.destroyForcibly().waitFor();
    if (!profile.isEmpty()) {
      AppArmor.unload();
    }
  }

  private Product.Outcome run(String runtime, String program) {
    Path root = hardway.directory().resolve("state-" + runtime);
    return Product.perform(
        List.of(
            "nsenter",
            "--mount=/proc/" + place.pid() + "/ns/mnt",
            program,
            "--root",
            root.toString(),
            "run",
            "--bundle",
            bundle.toString(),
            "differential"),
        "");
  }

  @Test
  void aContainerSeesWhatItSeesWithOthers() throws IOException {
    String ours = hardway.home().resolve("bin/hardway-oci").toString();
    List<String> differences = new ArrayList<>();
    int compared = 0;
    Set<String> outside = ContainerProbe.namespaces(Long.toString(place.pid()));
    for (int i = 0; i < CONFIGS; i++) {
      Files.writeString(
          bundle.resolve("config.json"), new GeneratedConfig(SEED + i, data, profile).text());
      Product.Outcome runc = run("runc", "/usr/sbin/runc");
      Product.Outcome crun = run("crun", "/usr/bin/crun");
      Product.Outcome own = run("ours", ours);
      if (runc.exitCode() != ContainerProbe.EXIT_CODE
          && crun.exitCode() != ContainerProbe.EXIT_CODE) {
        differences.add(i + ": neither runs it: " + runc + crun);
        continue;
      }
      if (own.exitCode() != ContainerProbe.EXIT_CODE) {
        if (runc.exitCode() == ContainerProbe.EXIT_CODE
            && crun.exitCode() == ContainerProbe.EXIT_CODE) {
          differences.add(i + ": " + own);
        }
        continue; // what one of them cannot do, ours need not
      }
      compared++;
      Map<String, List<String>> seen = ContainerProbe.sections(own.out(), outside);
      Map<String, List<String>> withRunc = ContainerProbe.sections(runc.out(), outside);
      Map<String, List<String>> withCrun = ContainerProbe.sections(crun.out(), outside);
      for (Map.Entry<String, List<String>> section : seen.entrySet()) {
        compare(
            i + " " + section.getKey(),
            section.getValue(),
            runc.exitCode() == ContainerProbe.EXIT_CODE
                ? withRunc.get(section.getKey())
                : withCrun.get(section.getKey()),
            crun.exitCode() == ContainerProbe.EXIT_CODE
                ? withCrun.get(section.getKey())
                : withRunc.get(section.getKey()),
            differences);
      }
    }
    assertEquals(List.of(), differences, () -> differences.size() + " differences");
    assertTrue(compared >= CONFIGS * 4 / 5);
  }

  private static void compare(
      String place,
      List<String> ours,
      List<String> runc,
      List<String> crun,
      List<String> differences) {
    Set<String> known = new HashSet<>(runc);
    known.addAll(crun);
    ours.stream()
        .filter(line -> !known.contains(line) && !isMeant(line))
        .forEach(line -> differences.add(place + ": only ours: " + line));
    runc.stream()
        .filter(line -> crun.contains(line) && !ours.contains(line) && !isMeant(line))
        .forEach(line -> differences.add(place + ": not ours: " + line));
  }

  private static boolean isMeant(String line) {
    return Stream.of(MEANT).anyMatch(meant -> line.matches(meant[0]));
  }
}
