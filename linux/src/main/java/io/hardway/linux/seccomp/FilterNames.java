package io.hardway.linux.seccomp;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the words of a profile mean; config-linux.md, "Seccomp"; {@code seccomp.h} of libseccomp,
 * {@code linux/seccomp.h}. Each refuses a word it does not know with the ones there are.
 */
final class FilterNames {
  private static final int EPERM = 1;
  private static final int MAX_ERRNO = 4095;
  private static final int MAX_DATA = 0xffff;

  private static final String ERRNO = "SCMP_ACT_ERRNO";
  private static final String TRACE = "SCMP_ACT_TRACE";
  private static final String NOTIFY = "SCMP_ACT_NOTIFY";
  private static final List<String> ACTIONS =
      List.of(
          "SCMP_ACT_KILL",
          "SCMP_ACT_KILL_THREAD",
          "SCMP_ACT_KILL_PROCESS",
          "SCMP_ACT_TRAP",
          ERRNO,
          TRACE,
          "SCMP_ACT_ALLOW",
          "SCMP_ACT_LOG");
  private static final List<String> OPERATORS =
      List.of(
          "SCMP_CMP_NE",
          "SCMP_CMP_LT",
          "SCMP_CMP_LE",
          "SCMP_CMP_EQ",
          "SCMP_CMP_GE",
          "SCMP_CMP_GT",
          "SCMP_CMP_MASKED_EQ");
  private static final List<String> FLAGS =
      List.of(
          "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW");
  private static final List<String> ARCHITECTURES =
      List.of(
          "SCMP_ARCH_X86",
          "SCMP_ARCH_X86_64",
          "SCMP_ARCH_X32",
          "SCMP_ARCH_ARM",
          "SCMP_ARCH_AARCH64",
          "SCMP_ARCH_MIPS",
          "SCMP_ARCH_MIPS64",
          "SCMP_ARCH_MIPS64N32",
          "SCMP_ARCH_MIPSEL",
          "SCMP_ARCH_MIPSEL64",
          "SCMP_ARCH_MIPSEL64N32",
          "SCMP_ARCH_PPC",
          "SCMP_ARCH_PPC64",
          "SCMP_ARCH_PPC64LE",
          "SCMP_ARCH_S390",
          "SCMP_ARCH_S390X",
          "SCMP_ARCH_PARISC",
          "SCMP_ARCH_PARISC64",
          "SCMP_ARCH_RISCV64",
          "SCMP_ARCH_LOONGARCH64");

  private FilterNames() {}

  /** The return value of a filter, SECCOMP_RET_*, with its data. */
  static int action(String name, OptionalInt errno) {
    boolean takesData = name.equals(ERRNO) || name.equals(TRACE);
    if (errno.isPresent() && !takesData && ACTIONS.contains(name)) {
      throw new IllegalArgumentException(
          "errnoRet has no meaning for " + name + ": it goes with " + ERRNO + " and " + TRACE);
    }
    int most = name.equals(TRACE) ? MAX_DATA : MAX_ERRNO;
    int data = errno.orElse(EPERM);
    if (data < 0 || data > most) {
      throw new IllegalArgumentException("errnoRet is " + data + ": it must be 0 to " + most);
    }
    return switch (name) {
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> 0;
      case "SCMP_ACT_KILL_PROCESS" -> 0x8000_0000;
      case "SCMP_ACT_TRAP" -> 0x0003_0000;
      case ERRNO -> 0x0005_0000 | data;
      case TRACE -> 0x7ff0_0000 | data;
      case "SCMP_ACT_LOG" -> 0x7ffc_0000;
      case "SCMP_ACT_ALLOW" -> 0x7fff_0000;
      case NOTIFY -> 0x7fc0_0000;
      default -> throw unknown(name, ACTIONS);
    };
  }

  /**
   * Refuses what needs an agent, where none is asked.
   *
   * @throws IllegalArgumentException with what can be said in its place
   */
  static void requireNoAgent(String action) {
    if (isForAgent(action)) {
      throw new IllegalArgumentException(
          NOTIFY
              + " needs an agent that decides about each call, and none is asked here: use "
              + ERRNO
              + ", or "
              + TRACE
              + " under a tracer");
    }
  }

  /** Whether an agent decides. */
  static boolean isForAgent(String action) {
    return action.equals(NOTIFY);
  }

  /** Whether a call that no rule names goes ahead, perhaps after it was noted. */
  static boolean lets(String action) {
    return switch (action) {
      case "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", TRACE -> true;
      default -> false;
    };
  }

  /** {@code enum scmp_compare}. */
  static int operator(String name) {
    int index = OPERATORS.indexOf(name);
    if (index < 0) {
      throw unknown(name, OPERATORS);
    }
    return index + 1;
  }

  /** {@code SECCOMP_FILTER_FLAG_*}. */
  static long flag(String name) {
    int index = FLAGS.indexOf(name);
    if (index < 0) {
      throw unknown(name, FLAGS);
    }
    return 1L << index;
  }

  /** The name that libseccomp has for an architecture of a profile. */
  static String architecture(String name) {
    if (!ARCHITECTURES.contains(name)) {
      throw unknown(name, ARCHITECTURES);
    }
    return name.substring("SCMP_ARCH_".length()).toLowerCase(java.util.Locale.ROOT);
  }

  /** The profile's name for what {@code uname -m} says; empty where there is none. */
  static String ofMachine(String machine) {
    String name = "SCMP_ARCH_" + machine.toUpperCase(java.util.Locale.ROOT);
    return ARCHITECTURES.contains(name) ? name : "";
  }

  /** The name of the Go language for what {@code uname -m} says, which profiles of docker use. */
  static String goName(String machine) {
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      case "i386", "i686" -> "x86";
      default -> machine;
    };
  }

  private static IllegalArgumentException unknown(String name, List<String> known) {
    return new IllegalArgumentException(
        "unknown: " + name + "; there are " + String.join(", ", known));
  }
}
