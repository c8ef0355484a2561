package io.hardway.linux.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands before the program that libseccomp makes, since its rules cannot say it. It only ever
 * refuses a call, with ENOSYS, on which C libraries fall back to an older one:
 *
 * <ul>
 *   <li>a call with a greater number than any that the profile names is newer than the profile;
 *   <li>on 32-bit x86 a socket call whose arguments have conditions can also be made through {@code
 *       socketcall}, which keeps them in memory, where no filter sees them: libseccomp lets that
 *       through without the conditions.
 * </ul>
 */
final class Prologue {
  private static final int ENOSYS = 0x0005_0000 | 38;
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;
  private static final int X32_BIT = 0x4000_0000;
  private static final int SOCKETCALL = 102;

  /** From here on 32-bit ARM has a few calls of its own, which say nothing about age. */
  private static final int ARM_PRIVATE = 0x0f_0000;

  /** What {@code socketcall} calls them, from 1 on; {@code linux/net.h}. */
  private static final List<String> SOCKET_CALLS =
      List.of(
          "socket",
          "bind",
          "connect",
          "listen",
          "accept",
          "getsockname",
          "getpeername",
          "socketpair",
          "send",
          "recv",
          "sendto",
          "recvfrom",
          "shutdown",
          "setsockopt",
          "getsockopt",
          "sendmsg",
          "recvmsg",
          "accept4",
          "recvmmsg",
          "sendmmsg");

  private final List<Section> sections = new ArrayList<>();

  /** The code for one value of {@code seccomp_data.arch}. */
  private static final class Section {
    private final int architecture;
    private final List<Integer> hidden = new ArrayList<>();
    private int last = -1;
    private int lastX32 = -1;

    Section(int architecture) {
      this.architecture = architecture;
    }

    private Instructions code() {
      Instructions code = new Instructions();
      for (int call : hidden) {
        code.load(NUMBER).unlessEqual(SOCKETCALL, 3);
        code.load(FIRST_ARGUMENT).unlessEqual(call, 1).end(ENOSYS);
      }
      code.load(NUMBER);
      if (architecture == Architecture.X86_64.audit()) {
        // Both have one value; the numbers of x32 have a bit of their own.
        code.ifAtLeast(X32_BIT, last < 0 ? 1 : 3);
        limit(code, last);
        code.jump(lastX32 < 0 ? 0 : 2);
        limit(code, lastX32);
      } else {
        if (architecture == Architecture.ARM.audit() && last >= 0) {
          code.ifAtLeast(ARM_PRIVATE, 2);
        }
        limit(code, last);
      }
      return code;
    }

    private static void limit(Instructions code, int last) {
      if (last >= 0) {
        code.unlessGreater(last, 1).end(ENOSYS);
      }
    }
  }

  private Section section(int audit) {
    for (Section section : sections) {
      if (section.architecture == audit) {
        return section;
      }
    }
    Section section = new Section(audit);
    sections.add(section);
    return section;
  }

  /** Says that the profile names a call of this number. */
  void named(int architecture, int number) {
    if (architecture == Architecture.ARM.token() && number >= ARM_PRIVATE) {
      return;
    }
    if (architecture == Architecture.X32.token()) {
      Section section = section(Architecture.X86_64.audit());
      section.lastX32 = Math.max(section.lastX32, number);
    } else if (number >= 0) {
      Section section = section(architecture);
      section.last = Math.max(section.last, number);
    }
  }

  /** Says that a call has conditions on its arguments, on 32-bit x86. */
  void conditional(String call) {
    int number = SOCKET_CALLS.indexOf(call) + 1;
    if (number > 0 && !section(Architecture.X86.audit()).hidden.contains(number)) {
      section(Architecture.X86.audit()).hidden.add(number);
    }
  }

  /** Puts it before a program. */
  byte[] before(byte[] program) {
    if (sections.isEmpty()) {
      return program;
    }
    List<Instructions> codes = new ArrayList<>();
    int rest = 0;
    for (Section section : sections) {
      Instructions code = section.code();
      codes.add(code);
      rest += 2 + code.count();
    }
    Instructions all = new Instructions().load(ARCHITECTURE);
    for (int i = 0; i < codes.size(); i++) {
      Instructions code = codes.get(i);
      rest -= 2 + code.count();
      all.unlessEqual(sections.get(i).architecture, code.count() + 1).add(code).jump(rest);
    }
    return all.before(program);
  }

  /** Architectures that need care: the kernel's value, and libseccomp's where it differs. */
  enum Architecture {
    X86(0x4000_0003, 0x4000_0003),
    X86_64(0xc000_003e, 0xc000_003e),
    X32(0x4000_003e, 0xc000_003e),
    ARM(0x4000_0028, 0x4000_0028);

    private final int token;
    private final int audit;

    Architecture(int token, int audit) {
      this.token = token;
      this.audit = audit;
    }

    int token() {
      return token;
    }

    int audit() {
      return audit;
    }
  }
}
