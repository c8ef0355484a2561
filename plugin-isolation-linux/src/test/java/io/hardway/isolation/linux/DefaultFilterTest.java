package io.hardway.isolation.linux;

import static io.hardway.testkit.FilterProgram.ALLOW;
import static io.hardway.testkit.FilterProgram.KILL_PROCESS;
import static io.hardway.testkit.FilterProgram.errno;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.linux.Capabilities;
import io.hardway.linux.seccomp.FilterCompiler;
import io.hardway.testkit.FilterProgram;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped programs say, run as the kernel runs them. Numbers are the kernel's tables'. */
class DefaultFilterTest {
  private static final int X86_64 = 0xc000_003e;
  private static final int I386 = 0x4000_0003;
  private static final int AARCH64 = 0xc000_00b7;
  private static final int ARM = 0x4000_0028;
  private static final int X32 = 0x4000_0000;
  private static final int S390X = 0x8000_0016;
  private static final int DENIED = errno(1);
  private static final int UNKNOWN = errno(38);
  private static final long USUAL = Capabilities.bit("CAP_SYS_CHROOT");

  private static FilterProgram shipped(String machine, long capabilities) throws IOException {
    try (var in =
        DefaultFilter.class.getResourceAsStream(DefaultFilter.resource(machine, capabilities))) {
      return FilterProgram.of(in.readAllBytes());
    }
  }

  private static FilterProgram x86() throws IOException {
    return shipped("x86_64", USUAL);
  }

  private static FilterProgram arm() throws IOException {
    return shipped("aarch64", USUAL);
  }

  @Test
  void everySetIsShippedForBothAndIsAProgramTheKernelTakes() throws IOException {
    for (String machine : DefaultFilter.MACHINES) {
      for (long set : DefaultFilter.shippedSets()) {
        assertEquals(
            ALLOW,
            shipped(machine, set)
                .run(
                    machine.equals("x86_64") ? X86_64 : AARCH64, machine.equals("x86_64") ? 0 : 63),
            "read");
      }
    }
  }

  @Test
  void theCapabilitiesThatMatterAreThoseOfTheProfile() {
    assertEquals(DefaultFilter.RELEVANT, DefaultFilter.profile().capabilities());
  }

  @Test
  void whatIsShippedIsWhatTheProfileSays() throws IOException {
    for (String machine : DefaultFilter.MACHINES) {
      byte[] made =
          FilterCompiler.compile(
              DefaultFilter.filter(machine, DefaultFilter.KERNEL, List.of("CAP_SYS_CHROOT")),
              DefaultFilter.PLACE,
              machine);
      try (var in =
          DefaultFilter.class.getResourceAsStream(DefaultFilter.resource(machine, USUAL))) {
        assertArrayEquals(made, in.readAllBytes(), machine);
      }
    }
  }

  /** Call, its number on x86-64, i386, aarch64 and arm; -1 where there is none; what happens. */
  @ParameterizedTest
  @CsvSource({
    "read, 0, 3, 63, 3, allowed",
    "openat, 257, 295, 56, 322, allowed",
    "mmap (mmap2), 9, 192, 222, 192, allowed",
    "execve, 59, 11, 221, 11, allowed",
    "mkdir, 83, 39, -1, 39, allowed",
    "chroot, 161, 61, 51, 61, allowed",
    "ptrace, 101, 26, 117, 26, allowed",
    "futex_waitv, 449, 449, 449, 449, allowed",
    "landlock_restrict_self, 446, 446, 446, 446, allowed",
    "mount, 165, 21, 40, 21, denied",
    "umount2, 166, 52, 39, 52, denied",
    "unshare, 272, 310, 97, 337, denied",
    "setns, 308, 346, 268, 375, denied",
    "pivot_root, 155, 217, 41, 218, denied",
    "bpf, 321, 357, 280, 386, denied",
    "perf_event_open, 298, 336, 241, 364, denied",
    "keyctl, 250, 288, 219, 311, denied",
    "add_key, 248, 286, 217, 309, denied",
    "request_key, 249, 287, 218, 310, denied",
    "io_uring_setup, 425, 425, 425, 425, denied",
    "io_uring_enter, 426, 426, 426, 426, denied",
    "io_uring_register, 427, 427, 427, 427, denied",
    "userfaultfd, 323, 374, 282, 388, denied",
    "init_module, 175, 128, 105, 128, denied",
    "finit_module, 313, 350, 273, 379, denied",
    "kexec_load, 246, 283, 104, 347, denied",
    "reboot, 169, 88, 142, 88, denied",
    "syslog, 103, 103, 116, 103, denied",
    "clock_settime, 227, 264, 112, 262, denied",
    "swapon, 167, 87, 224, 87, denied",
    "open_by_handle_at, 304, 342, 265, 371, denied",
    "pidfd_getfd, 438, 438, 438, 438, denied",
    "process_madvise, 440, 440, 440, 440, denied",
    "fsopen, 430, 430, 430, 430, denied",
    "open_tree, 428, 428, 428, 428, denied",
    "move_mount, 429, 429, 429, 429, denied",
    "mount_setattr, 442, 442, 442, 442, denied",
    "iopl, 172, 110, -1, -1, denied",
    "cacheflush, -1, -1, -1, 983042, allowed",
    "usr26, -1, -1, -1, 983043, denied",
    "clone3, 435, 435, 435, 435, unknown",
    "one of the future, 600, 600, 600, 600, unknown"
  })
  void aCallHasTheSameVerdictHoweverItIsMade(
      String call, int x86, int i386, int arm64, int arm32, String verdict) throws IOException {
    int expected =
        switch (verdict) {
          case "allowed" -> ALLOW;
          case "denied" -> DENIED;
          default -> UNKNOWN;
        };
    check(expected, x86(), X86_64, x86, call);
    check(expected, x86(), I386, i386, call);
    check(expected, arm(), AARCH64, arm64, call);
    check(expected, arm(), ARM, arm32, call);
  }

  private static void check(
      int expected, FilterProgram program, int architecture, int number, String call) {
    if (number >= 0) {
      assertEquals(
          Integer.toHexString(expected),
          Integer.toHexString(program.run(architecture, number)),
          call + " on " + Integer.toHexString(architecture));
    }
  }

  @Test
  void x32IsNoWayAround() throws IOException {
    assertEquals(ALLOW, x86().run(X86_64, X32), "read");
    assertEquals(DENIED, x86().run(X86_64, X32 | 165), "mount");
    assertEquals(DENIED, x86().run(X86_64, X32 | 272), "unshare");
    assertEquals(DENIED, x86().run(X86_64, X32 | 41, 40), "socket of AF_VSOCK");
    assertEquals(UNKNOWN, x86().run(X86_64, X32 | 600));
  }

  @Test
  void otherArchitecturesAreNoWayAround() throws IOException {
    assertEquals(KILL_PROCESS, x86().run(AARCH64, 63));
    assertEquals(KILL_PROCESS, x86().run(S390X, 3));
    assertEquals(KILL_PROCESS, arm().run(X86_64, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "0x00000011, true",
    "0x003d0f00, true",
    "0x00020000, false",
    "0x02000000, false",
    "0x04000000, false",
    "0x08000000, false",
    "0x10000000, false",
    "0x20000000, false",
    "0x40000000, false",
    "0x10000011, false"
  })
  void cloneMakesNoNamespaces(String flags, boolean allowed) throws IOException {
    int expected = allowed ? ALLOW : DENIED;
    assertEquals(expected, x86().run(X86_64, 56, Long.decode(flags)));
    assertEquals(expected, x86().run(X86_64, X32 | 56, Long.decode(flags)));
    assertEquals(expected, x86().run(I386, 120, Long.decode(flags)));
    assertEquals(expected, arm().run(AARCH64, 220, Long.decode(flags)));
    assertEquals(expected, arm().run(ARM, 120, Long.decode(flags)));
  }

  @ParameterizedTest
  @CsvSource({
    "1, true",
    "2, true",
    "10, true",
    "16, true",
    "17, true",
    "37, true",
    "38, false",
    "39, true",
    "40, false",
    "41, true",
    "45, true",
    "46, false",
    "0x100000028, false",
    "0x100000026, false",
    "0xffffffff00000028, false"
  })
  void socketsReachNeitherTheHostNorItsCryptography(String family, boolean allowed)
      throws IOException {
    int expected = allowed ? ALLOW : DENIED;
    long value =
        Long.parseUnsignedLong(family.replace("0x", ""), family.startsWith("0x") ? 16 : 10);
    assertEquals(expected, x86().run(X86_64, 41, value));
    assertEquals(expected, x86().run(I386, 359, value));
    assertEquals(expected, arm().run(AARCH64, 198, value));
    assertEquals(expected, arm().run(ARM, 281, value));
    assertEquals(UNKNOWN, x86().run(I386, 102, 1), "socketcall hides the family");
    assertEquals(ALLOW, x86().run(I386, 102, 3), "connect through socketcall");
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "8, true",
    "0x20000, true",
    "0x20008, true",
    "0xffffffff, true",
    "1, false",
    "0x0040000, false",
    "0x0400000, false",
    "0x100000000, false"
  })
  void personalityCannotMakeAddressesPredictable(String persona, boolean allowed)
      throws IOException {
    int expected = allowed ? ALLOW : DENIED;
    assertEquals(expected, x86().run(X86_64, 135, Long.decode(persona)));
    assertEquals(expected, arm().run(AARCH64, 92, Long.decode(persona)));
  }

  @ParameterizedTest
  @CsvSource({
    "CAP_SYS_ADMIN, '165,166,272,308,321,298,103,435,430,442'",
    "CAP_SYS_PTRACE, '312,438,440'",
    "CAP_SYS_TIME, '227,164'",
    "CAP_SYS_NICE, '237,238,239,450'",
    "CAP_SYSLOG, 103",
    "CAP_BPF, 321",
    "CAP_PERFMON, 298",
    "CAP_DAC_READ_SEARCH, 304"
  })
  void aCapabilityOpensItsCallsAndNoOthers(String capability, String numbers) throws IOException {
    FilterProgram with = shipped("x86_64", USUAL | Capabilities.bit(capability));
    List<Integer> opened =
        java.util.Arrays.stream(numbers.split(",")).map(Integer::valueOf).toList();
    for (int call : opened) {
      assertEquals(ALLOW, with.run(X86_64, call), capability + " " + call);
      assertEquals(false, x86().run(X86_64, call) == ALLOW, "without " + capability + ": " + call);
    }
    for (int call : new int[] {246, 250, 323, 425, 155, 175}) {
      assertEquals(DENIED, with.run(X86_64, call), capability + " does not open " + call);
    }
    if (capability.equals("CAP_SYS_ADMIN")) {
      assertEquals(ALLOW, with.run(X86_64, 56, 0x1000_0000), "clone with a new user namespace");
    }
  }

  @Test
  void withoutAnyCapabilityNotEvenChrootIsThere() throws IOException {
    assertEquals(DENIED, shipped("x86_64", 0).run(X86_64, 161));
    assertEquals(DENIED, shipped("aarch64", 0).run(AARCH64, 51));
  }
}
