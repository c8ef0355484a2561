package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * A root file system made by somebody who wants the host. Whatever happens, nothing outside may be
 * read, written or mounted over.
 */
class HostilePathsTest extends KernelTest {

  private Path outside() throws IOException {
    Path outside = Files.createDirectories(hardway.directory().resolve("outside"));
    Files.writeString(outside.resolve("secret"), "the host's secret\n");
    return outside;
  }

  private static void untouched(Path outside) throws IOException {
    try (var files = Files.list(outside)) {
      assertEquals(List.of(outside.resolve("secret")), files.toList());
    }
    assertEquals("the host's secret\n", Files.readString(outside.resolve("secret")));
  }

  @Test
  void aLinkAsMountTargetLeadsInside() throws IOException {
    Path outside = outside();
    Path source = Files.createDirectories(hardway.directory().resolve("source"));
    Files.writeString(source.resolve("mounted"), "here");
    Path root = Path.of(rootfs());
    Files.createSymbolicLink(root.resolve("volume"), outside);
    Files.createSymbolicLink(root.resolve("climb"), Path.of("../../../../../../../../" + outside));
    assertEquals("mounted", printed(List.of("-v", source + ":/volume"), "ls /volume"));
    assertEquals("mounted", printed(List.of("-v", source + ":/climb/deeper"), "ls /climb/deeper"));
    untouched(outside);
  }

  @Test
  void linksInPlaceOfProcDevAndEtcLeadInside() throws IOException {
    Path outside = outside();
    Path root = Path.of(rootfs());
    for (String name : List.of("proc", "sys", "dev")) {
      Files.delete(root.resolve(name));
      Files.createSymbolicLink(root.resolve(name), outside);
    }
    shell(List.of(), "ls /proc /dev /sys");
    untouched(outside);
  }

  @Test
  void aLinkAsWorkingDirectoryStaysInside() throws IOException {
    Path outside = outside();
    Files.createSymbolicLink(Path.of(rootfs(), "cwd"), outside);
    Product.Outcome outcome =
        shell(
            List.of("-w", "/cwd"),
            "cat secret; cat ../../../../../../../../" + outside + "/secret");
    assertFalse(outcome.out().contains("the host's secret"), outcome::toString);
    for (String directory :
        List.of(
            "/proc/self/fd/3",
            "/proc/self/fd/7",
            "/proc/self/fd/9",
            "/proc/1/cwd",
            "/proc/self/root")) {
      Product.Outcome attempt =
          shell(
              List.of("-w", directory),
              "cat " + outside + "/secret; cat ../../../../../.." + outside + "/secret");
      assertFalse(attempt.out().contains("the host's secret"), () -> directory + attempt);
    }
    untouched(outside);
  }

  @Test
  void usersAreNotLookedUpOutside() throws IOException {
    Path outside = outside();
    Path root = Path.of(rootfs());
    Files.writeString(outside.resolve("passwd"), "mallory:x:0:0::/:/bin/sh\n");
    Files.delete(root.resolve("etc/passwd"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), outside.resolve("passwd"));
    Product.Outcome outcome = shell(List.of("-u", "mallory"), "id");
    assertNotEquals(0, outcome.exitCode(), outcome::toString);
    Files.delete(outside.resolve("passwd"));
    untouched(outside);
  }

  @Test
  void aFifoAsPasswdDoesNotHang() throws IOException {
    Path root = Path.of(rootfs());
    Files.delete(root.resolve("etc/passwd"));
    assertEquals(
        0,
        Product.perform(List.of("mkfifo", root.resolve("etc/passwd").toString()), "").exitCode());
    assertNotEquals(0, shell(List.of("-u", "alice"), "id").exitCode());
  }

  @Test
  void targetsSwappedDuringTheStartLeadNowhereElse() throws Exception {
    Path outside = outside();
    Path source = Files.createDirectories(hardway.directory().resolve("source"));
    Path root = Path.of(rootfs());
    Path target = root.resolve("swap");
    AtomicBoolean stop = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!stop.get()) {
                    try {
                      Files.deleteIfExists(target);
                      Files.createSymbolicLink(target, outside);
                      Files.deleteIfExists(target);
                      Files.createDirectory(target);
                    } catch (FileAlreadyExistsException raced) {
                      // the container was quicker
                    } catch (IOException raced) {
                      Thread.yield();
                    }
                  }
                });
    try {
      for (int i = 0; i < 25; i++) {
        shell(
            List.of("-v", source + ":/swap/deep/er"),
            "echo written > /swap/deep/er/file; echo x > /swap/file");
        untouched(outside);
      }
    } finally {
      stop.set(true);
      swapper.join();
    }
  }

  @Test
  void noDescriptorOfTheHostIsOpenInside() throws IOException {
    String listing = printed(List.of(), "for p in /proc/[0-9]*; do ls -l $p/fd 2>/dev/null; done");
    for (String line : listing.split("\n")) {
      assertFalse(
          line.contains("hardway")
              || line.contains("cgroup")
              || line.contains(hardway.directory().toString()),
          listing);
    }
    assertEquals(
        "0 1 2",
        printed(
                List.of(),
                "exec 9>&-; cd /proc/self/fd; for f in 0 1 2 3 4 5 6 7 8; do [ -e /proc/1/fd/$f ] && printf '%s ' $f; done; true")
            .strip());
  }

  @Test
  void theNativeProgramCannotBeOverwrittenFromInside() throws IOException {
    byte[] before = Files.readAllBytes(hardway.home().resolve("bin/hardway"));
    Path root = Path.of(rootfs());
    Files.writeString(root.resolve("bin/evil"), "#!/proc/self/exe\n");
    Files.setPosixFilePermissions(
        root.resolve("bin/evil"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    hardway.run("run", "--rm", "--rootfs", rootfs(), "/bin/evil");
    hardway.run("run", "--rm", "--rootfs", rootfs(), "/proc/self/exe", "--operations");
    shell(
        List.of("--init", "--cap-add", "ALL"),
        "for i in 1 2 3; do echo overwritten > /proc/1/exe; dd if=/dev/zero of=/proc/1/exe bs=1 count=1; done");
    hardway.ok(
        "run",
        "-d",
        "--name",
        "c",
        "--cap-add",
        "ALL",
        "--rootfs",
        rootfs(),
        "sh",
        "-c",
        "while :; do for e in /proc/[0-9]*/exe; do case $(readlink $e) in *busybox) ;; *) echo overwritten > $e ;; esac; done; done");
    for (int i = 0; i < 20; i++) {
      hardway.run("exec", "c", "true");
    }
    hardway.ok("rm", "-f", "c");
    assertTrue(
        java.util.Arrays.equals(before, Files.readAllBytes(hardway.home().resolve("bin/hardway"))),
        "the native program has been changed");
  }

  @Test
  void groupsAreNotLookedUpOutside() throws IOException {
    Path outside = outside();
    Path root = Path.of(rootfs());
    Files.writeString(outside.resolve("group"), "mallory:x:4242:\n");
    Files.delete(root.resolve("etc/group"));
    Files.createSymbolicLink(root.resolve("etc/group"), outside.resolve("group"));
    assertNotEquals(0, shell(List.of("--group-add", "mallory"), "id").exitCode());
    assertNotEquals(0, shell(List.of("-u", "0:mallory"), "id").exitCode());
    Files.delete(outside.resolve("group"));
    untouched(outside);
  }

  @Test
  void aDeviceAsPasswdIsNotRead() throws IOException {
    Path passwd = Path.of(rootfs(), "etc/passwd");
    Files.delete(passwd);
    assertEquals(
        0,
        Product.perform(List.of("mknod", passwd.toString(), "c", "1", "5"), "").exitCode(),
        "mknod");
    assertNotEquals(0, shell(List.of("-u", "alice"), "id").exitCode());
  }

  @Test
  void anEndlessPasswdIsRefused() throws IOException {
    Path passwd = Path.of(rootfs(), "etc/passwd");
    try (var file = new java.io.RandomAccessFile(passwd.toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    Product.Outcome outcome = shell(List.of("-u", "alice"), "id");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("/etc/passwd is too large"), outcome::toString);
  }

  @Test
  void aTargetThatClimbsStaysInside() throws IOException {
    Path outside = outside();
    Path source = Files.createDirectories(hardway.directory().resolve("source"));
    Files.writeString(source.resolve("mounted"), "here");
    Path root = Path.of(rootfs());
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../../.."));
    String climbing = "/up/../../../../../.." + outside;
    Product.Outcome outcome =
        shell(List.of("-v", source + ":" + climbing), "cat " + outside + "/mounted");
    assertTrue(
        outcome.exitCode() == 0 && outcome.out().strip().equals("here")
            || outcome.exitCode() == 125,
        outcome::toString);
    untouched(outside);
    assertFalse(
        Files.readString(Path.of("/proc/self/mountinfo")).contains(outside.toString()), "mounted");
  }

  @Test
  void execStaysInsideToo() throws IOException {
    Path outside = outside();
    Path root = Path.of(rootfs());
    Files.createSymbolicLink(root.resolve("cwd"), outside);
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    for (String directory :
        List.of("/cwd", "/proc/self/fd/3", "/proc/self/fd/8", "/proc/1/cwd", "/proc/1/root")) {
      Product.Outcome attempt =
          hardway.run(
              "exec",
              "-w",
              directory,
              "c",
              "sh",
              "-c",
              "cat secret " + outside + "/secret ../../../../../.." + outside + "/secret");
      assertFalse(attempt.out().contains("the host's secret"), () -> directory + attempt);
    }
    hardway.ok("rm", "-f", "c");
    untouched(outside);
  }

  /** Everything that is looked at while a container starts, now inside, now a way out. */
  @Test
  void whateverIsSwappedDuringTheStartNothingOutsideIsReached() throws Exception {
    Path outside = outside();
    Path root = Path.of(rootfs());
    Path elsewhere = Files.createDirectories(hardway.directory().resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("passwd"), "mallory:x:0:0::/:/bin/sh\n");
    Files.createDirectory(root.resolve("etc2"));
    Files.createDirectory(root.resolve("cwd"));
    Files.writeString(root.resolve("etc2/passwd"), "nobody:x:65534:65534::/:/bin/sh\n");
    String swap =
        "while :; do for n in cwd dev proc sys; do mv %1$s/$n %1$s/$n.in; ln -s %2$s %1$s/$n;"
            + " rm %1$s/$n; mv %1$s/$n.in %1$s/$n; done; mv %1$s/etc %1$s/etc.in;"
            + " ln -s %3$s %1$s/etc; rm %1$s/etc; mv %1$s/etc.in %1$s/etc; done";
    Process swapper =
        new ProcessBuilder(
                "/bin/busybox", "sh", "-c", String.format(swap, root, outside, elsewhere))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      for (int i = 0; i < 25; i++) {
        Product.Outcome outcome =
            shell(
                List.of("-u", i % 2 == 0 ? "mallory" : "0", "-w", "/cwd"),
                "cat secret /proc/secret /dev/secret; echo x > here; echo x > /dev/here");
        assertFalse(outcome.out().contains("the host's secret"), outcome::toString);
        assertTrue(i % 2 != 0 || outcome.exitCode() == 125, outcome::toString);
        untouched(outside);
      }
    } finally {
      swapper.destroyForcibly().waitFor();
    }
  }

  /** The numbers of the descriptors that a process has when it begins, as it sees them itself. */
  private static final String DESCRIPTORS =
      "for f in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do"
          + " [ -e /proc/$$/fd/$f ] && printf '%s ' $f; done; echo";

  @Test
  void onlyTheStandardStreamsAndWhatIsPreservedAreOpen() throws Exception {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    for (List<String> way :
        List.of(
            List.of("run", "--rm", "--rootfs", rootfs()),
            List.of("run", "--rm", "--init", "--rootfs", rootfs()),
            List.of("run", "--rm", "-i", "--rootfs", rootfs()),
            List.of("run", "--rm", "-t", "--rootfs", rootfs()),
            List.of("run", "--rm", "--pid", "host", "--rootfs", rootfs()),
            List.of("run", "--rm", "--userns", "auto", "--rootfs", rootfs()),
            List.of("exec", "c"),
            List.of("exec", "-i", "c"),
            List.of("exec", "-t", "c"))) {
      List<String> words = new java.util.ArrayList<>(way);
      words.addAll(List.of("sh", "-c", DESCRIPTORS));
      assertEquals("0 1 2", hardway.ok(words.toArray(String[]::new)), way::toString);
    }
    hardway.ok(
        "exec", "-d", "c", "sh", "-c", "(" + DESCRIPTORS + ") > /found.new; mv /found.new /found");
    for (int i = 0; i < 100 && hardway.run("exec", "c", "cat", "/found").exitCode() != 0; i++) {
      Thread.sleep(20);
    }
    assertEquals("0 1 2", hardway.ok("exec", "c", "cat", "/found"));
    for (String command :
        List.of("run --rm --preserve-fds 2 --rootfs " + rootfs(), "exec --preserve-fds 2 c")) {
      String line =
          String.join(" ", hardway.command())
              + " "
              + command
              + " sh -c \"$1\" 3</dev/null 4</dev/null 5</dev/null 6</dev/null";
      Product.Outcome outcome =
          Product.perform(List.of("bash", "-c", line, "bash", DESCRIPTORS), "");
      assertEquals("0 1 2 3 4", outcome.out().strip(), outcome::toString);
      Product.Outcome missing =
          Product.perform(
              List.of("bash", "-c", line.replace("4</dev/null", "4>&-"), "bash", DESCRIPTORS), "");
      assertEquals(125, missing.exitCode(), missing::toString);
      assertTrue(missing.err().contains("descriptor 4"), missing::toString);
    }
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aProgramNeverHoldsTheCallersFiles() throws Exception {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    Path file = hardway.directory().resolve("output");
    for (String[] way :
        new String[][] {
          {"exec", "-i", "c"}, {"run", "--rm", "-i", "--rootfs", rootfs()},
        }) {
      List<String> words = new java.util.ArrayList<>(List.of(way));
      words.addAll(List.of("sh", "-c", "for f in 0 1 2; do readlink /proc/$$/fd/$f; done; cat"));
      Process process =
          new ProcessBuilder(hardway.command(words.toArray(String[]::new)))
              .redirectInput(Path.of(rootfs(), "etc/group").toFile())
              .redirectOutput(file.toFile())
              .redirectError(file.toFile())
              .start();
      assertEquals(0, process.waitFor());
      String[] lines = Files.readString(file).split("\n");
      for (int i = 0; i < 3; i++) {
        assertTrue(lines[i].startsWith("pipe:"), Files.readString(file));
      }
      assertEquals("root:x:0:", lines[3]);
    }
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aDiskOfTheHostCannotBeOpened() throws IOException {
    Path root = Path.of(rootfs());
    assertEquals(
        0,
        Product.perform(List.of("mknod", root.resolve("mem").toString(), "c", "1", "1"), "")
            .exitCode());
    String open = "dd if=%1$s bs=1 count=1 of=/dev/null 2>/dev/null && echo opened || echo refused";
    assertEquals(
        "refused",
        printed(List.of(), "mknod /tmp/mem c 1 1 2>/dev/null; " + String.format(open, "/tmp/mem")));
    assertEquals("refused", printed(List.of(), String.format(open, "/mem")));
    assertEquals(
        "refused", printed(List.of("-v", root + ":/volume"), String.format(open, "/volume/mem")));
    assertEquals(
        "opened", printed(List.of("--device", "/dev/zero:/dev/x"), String.format(open, "/dev/x")));
  }

  @Test
  void theKernelCannotBeTold() throws IOException {
    for (String file :
        List.of(
            "/proc/sys/kernel/core_pattern",
            "/proc/sys/kernel/modprobe",
            "/proc/sysrq-trigger",
            "/sys/kernel/uevent_helper",
            "/sys/fs/cgroup/memory/release_agent",
            "/sys/fs/cgroup/memory/cgroup.procs")) {
      assertEquals(
          "no",
          printed(
              List.of("--cap-add", "DAC_OVERRIDE"),
              "(echo x > " + file + ") 2>/dev/null || echo no"),
          file);
    }
    assertEquals("", printed(List.of(), "ls /dev | grep -E 'kmsg|mem|vda|sda|kvm|fuse' || true"));
  }

  @Test
  void theCallersKeysAreNotTheContainers() throws IOException {
    String keys = printed(List.of("--security-opt", "unmask=/proc/keys"), "cat /proc/keys");
    assertTrue(keys.contains(" hardway: "), keys);
  }

  @Test
  void whoSeesOurProcessesCannotLookIntoThem() throws Exception {
    hardway.ok("run", "-d", "--name", "c", "--pid", "host", "--rootfs", rootfs(), "sleep", "1000");
    long pid = Long.parseLong(hardway.ok("inspect", "-f", "{{.State.Pid}}", "c"));
    long parent = ProcessTable.parent(pid).orElseThrow();
    Product.Outcome outcome =
        hardway.run(
            "exec",
            "c",
            "sh",
            "-c",
            "cd /proc/"
                + parent
                + "; cat environ mem root/etc/hostname; ls cwd/ root/; readlink exe fd/*; cat fd/*");
    assertEquals("", outcome.out(), outcome::toString);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void otherUsersReadAndWriteNothing() throws Exception {
    Conditions.program("/usr/bin/setpriv");
    List<String> words =
        new java.util.ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"));
    words.addAll(
        hardway.command(
            "run",
            "-d",
            "--name",
            "c",
            "-e",
            "SECRET=x",
            "--rootfs",
            rootfs(),
            "sh",
            "-c",
            "echo out; sleep 1000"));
    assertEquals(0, Product.perform(words, "").exitCode());
    String id = hardway.ok("inspect", "-f", "{{.Id}}", "c");
    String known =
        hardway.data().resolve("containers/" + id)
            + " "
            + hardway.state().resolve("containers/" + id);
    Product.Outcome found =
        Product.perform(
            List.of(
                "setpriv",
                "--reuid",
                "65534",
                "--regid",
                "65534",
                "--clear-groups",
                "sh",
                "-c",
                "find "
                    + hardway.state()
                    + " "
                    + hardway.data()
                    + " ! -type l \\( -readable -o -writable \\) 2>/dev/null; cd /; for d in "
                    + known
                    + "; do for f in config.json exit.json log removal.plan undo.plan identity state.json attach.sock layer layer/upper;"
                    + " do [ -r $d/$f ] && echo read $d/$f; [ -w $d/$f ] && echo write $d/$f; done; done; true"),
            "");
    List<String> surprising = new java.util.ArrayList<>(found.out().lines().toList());
    surprising.remove(hardway.state().toString());
    surprising.remove(hardway.data().toString());
    assertEquals(List.of(), surprising);
    Product.Outcome writable =
        Product.perform(
            List.of(
                "find",
                hardway.state().toString(),
                hardway.data().toString(),
                "-perm",
                "/022",
                "!",
                "-type",
                "l",
                "!",
                "-path",
                "*/layer/*"),
            "");
    assertEquals("", writable.out());
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void aStateDirectoryOfSomebodyElseIsRefused() throws Exception {
    // Nobody has this id, so that what a real user keeps there is in nobody's way.
    String uid = Long.toString(900_000 + ProcessHandle.current().pid());
    Path planted = Path.of("/tmp/hardway-" + uid);
    Files.createDirectory(planted);
    try {
      Product.Outcome outcome =
          Product.perform(
              List.of(
                  "setpriv",
                  "--reuid",
                  uid,
                  "--regid",
                  uid,
                  "--clear-groups",
                  "env",
                  "-i",
                  "HOME=/nonexistent",
                  hardway.home().resolve("bin/hardway").toString(),
                  "ps"),
              "");
      assertNotEquals(0, outcome.exitCode(), outcome::toString);
      assertTrue(
          outcome.err().contains(planted + " is not a directory that only you can write"),
          outcome::toString);
    } finally {
      Files.delete(planted);
    }
  }

  /** Whoever owns the directory could say what is done for a container that never was. */
  @Test
  void aPlantedUndoIsNotPerformed() throws Exception {
    Path outside = outside();
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    String id = hardway.ok("inspect", "-f", "{{.Id}}", "c");
    Path plan = hardway.state().resolve("containers/" + id + "/undo.plan");
    byte[] undo = Files.readAllBytes(plan);
    hardway.ok("rm", "-f", "c");
    Path owner = Files.createFile(hardway.state().resolve("owners").resolve(id));
    Files.createDirectory(plan.getParent());
    Files.write(plan, undo);
    Files.setAttribute(plan, "unix:uid", 65534);
    Product.Outcome outcome = hardway.run("ps");
    assertTrue(
        outcome.err().contains("it belongs to another user, or others can write it"),
        outcome::toString);
    Files.setAttribute(plan, "unix:uid", 0);
    hardway.ok("ps");
    assertFalse(Files.exists(owner));
    untouched(outside);
  }
}
