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
}
