package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** System call filters, as the process inside meets them. */
class SeccompTest extends KernelTest {
  private static final String MODE = "grep ^Seccomp: /proc/self/status | tr -d '\\t'";

  /** Makes a call by its number and prints its errno; through 32-bit x86 with {@code 32}. */
  private static final String CALLER =
      """
      #include <errno.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <unistd.h>
      #include <sys/syscall.h>
      int main(int argc, char **argv)
      {
        long a[4] = {0};
        for (int i = 2; i < argc && i < 6; i++)
          a[i - 2] = strtoul(argv[i], NULL, 0);
        long result;
        if (!strcmp(argv[1], "32")) {
      #ifdef __x86_64__
          __asm__ volatile("int $0x80" : "=a"(result) : "a"(a[0]), "b"(a[1]), "c"(a[2]), "d"(a[3])
                           : "memory", "r8", "r9", "r10", "r11");
      #else
          return 9;
      #endif
        } else {
          result = syscall(strtol(argv[1], NULL, 0), a[0], a[1], a[2], a[3]);
          if (result < 0)
            result = -errno;
        }
        printf("%ld\\n", result < 0 ? -result : 0);
        return 0;
      }
      """;

  private Path profile;

  @BeforeEach
  void writeProfile() throws IOException {
    profile = hardway.directory().resolve("profile.json");
    Files.writeString(
        profile,
        """
        {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
          {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28},
          {"names": ["chmod", "fchmodat", "fchmodat2"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
        """);
  }

  private String own() {
    return "seccomp=" + profile;
  }

  private void caller() throws IOException {
    Conditions.program("/usr/bin/gcc");
    Path source = Files.writeString(hardway.directory().resolve("call.c"), CALLER);
    Product.Outcome outcome =
        Product.perform(List.of("gcc", "-static", "-o", rootfs() + "/call", source.toString()), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private String call(List<String> flags, String arguments) throws IOException {
    return printed(flags, "/call " + arguments);
  }

  private static void x86() {
    Conditions.require(System.getProperty("os.arch").equals("amd64"), "needs x86-64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--security-opt no-new-privileges",
        "--init",
        "--init --security-opt no-new-privileges",
        "--userns auto",
        "--cap-drop ALL",
        "--cap-add ALL",
        "--cap-add SYS_BOOT",
        "-u 1000",
        "-u 1000 --security-opt no-new-privileges",
        "-t",
        "--privileged --security-opt seccomp=default"
      })
  void oneIsInstalledHoweverAContainerIsMade(String flags) throws IOException {
    List<String> words = flags.isEmpty() ? List.of() : List.of(flags.split(" "));
    assertEquals("Seccomp:2", printed(words, MODE));
  }

  @Test
  void noneIsInstalledWhereThatIsAskedFor() throws IOException {
    assertEquals("Seccomp:0", printed(List.of("--security-opt", "seccomp=unconfined"), MODE));
    assertEquals("Seccomp:0", printed(List.of("--privileged"), MODE));
    assertEquals("Seccomp:2", printed(List.of("--privileged", "--security-opt", own()), MODE));
  }

  /** Without the filter each of these would do something else than to fail with EPERM. */
  @ParameterizedTest
  @CsvSource({
    "keyctl, 250 0 0, 1",
    "add_key, 248 0 0 0, 1",
    "unshare of a user namespace, 272 0x10000000, 1",
    "clone with a user namespace, 56 0x10000011, 1",
    "io_uring_setup, 425 0 0, 1",
    "userfaultfd, 323 0, 1",
    "socket of AF_VSOCK, 41 40 1 0, 1",
    "AF_VSOCK with bits the kernel does not look at, 41 0x100000028 1 0, 1",
    "socket of AF_ALG, 41 38 5 0, 1",
    "personality that turns randomization off, 135 0x0040000, 1",
    "clone3, 435 0 0, 38",
    "a call that is not there yet, 600, 38"
  })
  void theDefaultDenies(String what, String arguments, int errno) throws IOException {
    x86();
    caller();
    assertEquals(Integer.toString(errno), call(List.of(), arguments), what);
  }

  @Test
  void whatIsDeniedIsThereWithoutTheFilter() throws IOException {
    x86();
    caller();
    List<String> none = List.of("--security-opt", "seccomp=unconfined");
    assertEquals("0", call(none, "135 0x0040000"), "personality");
    assertEquals("0", call(none, "272 0x10000000"), "unshare");
    assertTrue(List.of("22", "14").contains(call(none, "435 0 0")), "clone3");
  }

  /** Numbers of 32-bit x86, through {@code int 0x80} from a 64-bit program. */
  @ParameterizedTest
  @CsvSource({
    "getpid, 32 20, 0",
    "mount, 32 21, 1",
    "unshare of a user namespace, 32 310 0x10000000, 1",
    "keyctl, 32 288, 1",
    "socket of AF_VSOCK, 32 359 40 1 0, 1",
    "socketcall, 32 102 1 0, 38"
  })
  void the32BitEntryIsNoWayAround(String what, String arguments, int errno) throws IOException {
    x86();
    caller();
    if (has32BitEntry()) {
      assertEquals(Integer.toString(errno), call(List.of(), arguments), what);
    } else {
      assertEquals(128 + 11, shell(List.of(), "/call " + arguments).exitCode(), what);
    }
  }

  /** Some kernels, and some hypervisors, have none: whoever calls there dies of SIGSEGV. */
  private boolean has32BitEntry() throws IOException {
    return Product.perform(List.of(rootfs() + "/call", "32", "20"), "").exitCode() == 0;
  }

  @Test
  void capabilitiesOpenWhatTheyAreFor() throws IOException {
    List<String> admin = List.of("--cap-add", "SYS_ADMIN");
    assertEquals("ok", printed(admin, "mount -t tmpfs none /tmp && unshare -m true && echo ok"));
    Product.Outcome denied = shell(List.of(), "unshare -U true");
    assertTrue(denied.exitCode() != 0 && denied.err().contains("not permitted"), denied::toString);
  }

  @Test
  void aProfileOfOnesOwnGivesItsErrno() throws IOException {
    String attempt = "mkdir /new 2>&1; chmod 700 /etc 2>&1; true";
    for (List<String> more :
        List.of(
            List.<String>of(),
            List.of("--security-opt", "no-new-privileges"),
            List.of("--init"),
            List.of("--userns", "auto"),
            List.of("-u", "1000"))) {
      List<String> flags = new ArrayList<>(more);
      flags.addAll(List.of("--security-opt", own()));
      String said = printed(flags, attempt);
      assertTrue(
          said.contains("No space left on device") && said.contains("Read-only file system"),
          more + ": " + said);
    }
  }

  @Test
  void itHoldsForDetachedContainersAndTheirExecs() throws IOException {
    hardway.ok(
        "run", "-d", "--name", "c", "--security-opt", own(), "--rootfs", rootfs(), "sleep", "1000");
    assertEquals("Seccomp:2", hardway.ok("exec", "c", "sh", "-c", MODE));
    assertEquals("Seccomp:2", hardway.ok("exec", "-u", "1000", "c", "sh", "-c", MODE));
    Product.Outcome made = hardway.run("exec", "c", "mkdir", "/new");
    assertTrue(made.err().contains("No space left on device"), made::toString);
    assertEquals("Seccomp:2", hardway.ok("exec", "c", "sh", "-c", MODE.replace("self", "1")));
    assertEquals("Seccomp:0", hardway.ok("exec", "--privileged", "c", "sh", "-c", MODE));
    hardway.ok("stop", "-t", "0", "c");
    hardway.ok("start", "c");
    assertEquals("Seccomp:2", hardway.ok("exec", "c", "sh", "-c", MODE.replace("self", "1")));
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void theDefaultHoldsForExecToo() throws IOException {
    hardway.ok("run", "-d", "--name", "c", "--rootfs", rootfs(), "sleep", "1000");
    assertEquals("Seccomp:2", hardway.ok("exec", "c", "sh", "-c", MODE));
    assertTrue(hardway.run("exec", "c", "unshare", "-U", "true").exitCode() != 0);
    hardway.ok("rm", "-f", "c");
  }

  @Test
  void explainShowsItAndWritesNothing() throws IOException {
    String plain = hardway.ok("explain", "run", "--rootfs", rootfs(), "true");
    assertTrue(
        plain.matches("(?s).*install the system call filter \\(default, \\d+ instructions\\).*"),
        plain);
    String own =
        hardway.ok("explain", "run", "--security-opt", own(), "--rootfs", rootfs(), "true");
    assertTrue(own.contains("install the system call filter (the container's own profile"), own);
    assertTrue(Files.notExists(hardway.data().resolve("store")), "explain writes");
    printed(List.of("--security-opt", own()), "true");
    printed(List.of("--security-opt", own()), "true");
    try (Stream<Path> kept = Files.list(hardway.data().resolve("store/isolation-linux"))) {
      assertEquals(1, kept.count());
    }
    hardway.ok("prune", "--force");
    try (Stream<Path> kept = Files.list(hardway.data().resolve("store/isolation-linux"))) {
      assertEquals(0, kept.count());
    }
  }

  @Test
  void aBadProfileIsRefusedByFileAndPlace() throws IOException {
    Files.writeString(
        profile,
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"DENY\"}]}");
    Product.Outcome outcome = shell(List.of("--security-opt", own()), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome
            .err()
            .contains(profile + ": syscalls[0].action: unknown: DENY; there are SCMP_ACT_"),
        outcome::toString);
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void aProfileThatStopsTheStartIsNamedAsTheReason() throws IOException {
    Files.writeString(
        profile,
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"capset\"],\"action\":\"SCMP_ACT_ERRNO\"}]}");
    Product.Outcome outcome = shell(List.of("--security-opt", own()), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("profile must allow capget, capset"), outcome::toString);
    assertEquals(
        "Seccomp:2",
        printed(List.of("--security-opt", own(), "--security-opt", "no-new-privileges"), MODE));
    assertEquals(List.of(), hardway.remains());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hardway-subids", "hardway-plain"})
  void ordinaryUsersHaveItToo(String user) throws IOException {
    Conditions.require(
        Product.perform(List.of("id", user), "").exitCode() == 0,
        "needs the user " + user + ", see kernel-tests/prepare");
    String rootfs = rootfs();
    Product theirs = hardway.of(user);
    for (String option : List.of("label=disable", "no-new-privileges", own())) {
      assertEquals(
          "Seccomp:2",
          theirs.ok("run", "--rm", "--security-opt", option, "--rootfs", rootfs, "sh", "-c", MODE),
          option);
    }
    theirs.ok("run", "-d", "--name", "c", "--rootfs", rootfs, "sleep", "1000");
    assertEquals("Seccomp:2", theirs.ok("exec", "c", "sh", "-c", MODE));
    theirs.ok("rm", "-f", "c");
  }

  @Test
  void labelsAreRefusedWithAReasonWhereTheKernelHasNoModule() throws IOException {
    Conditions.require(
        Files.notExists(Path.of("/sys/module/apparmor"))
            && Files.notExists(Path.of("/sys/fs/selinux")),
        "needs a kernel without AppArmor and SELinux");
    assertTrue(
        shell(List.of("--security-opt", "apparmor=some"), "true")
            .err()
            .contains("this kernel runs without AppArmor"));
    assertTrue(
        shell(List.of("--security-opt", "label=type:some_t"), "true")
            .err()
            .contains("this kernel runs without SELinux"));
    assertEquals(
        "ok",
        printed(
            List.of("--security-opt", "apparmor=unconfined", "--security-opt", "label=disable"),
            "echo ok"));
  }
}
