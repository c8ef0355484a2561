package io.hardway.core.explain;

import io.hardway.spi.IntOperand;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Shell commands for when and where a process runs, of util-linux and numactl. */
final class SchedulingCommands {
  /** chrt(1), by the numbers of the policies. */
  private static final String[] POLICIES = {
    "other", "fifo", "rr", "batch", "iso", "idle", "deadline"
  };

  /** numactl(8), by the numbers of the modes. */
  private static final String[] MODES = {
    "default",
    "preferred",
    "membind",
    "interleave",
    "localalloc",
    "preferred-many",
    "weighted-interleave"
  };

  private static final int IO_CLASS_SHIFT = 13;
  private static final int IO_PRIORITY = (1 << IO_CLASS_SHIFT) - 1;
  private static final int MODE = 0xff;
  private static final long RESET_ON_FORK = 1;
  private static final long DEADLINE = 6;

  private SchedulingCommands() {}

  static String scheduler(Operation.Scheduler o) {
    long policy = number(o.policy());
    StringBuilder line = new StringBuilder("chrt --").append(name(POLICIES, policy));
    if ((number(o.flags()) & RESET_ON_FORK) != 0) {
      line.append(" --reset-on-fork");
    }
    if (policy == DEADLINE) {
      line.append(" --sched-runtime ").append(number(o.runtime()));
      line.append(" --sched-deadline ").append(number(o.deadline()));
      line.append(" --sched-period ").append(number(o.period()));
    }
    line.append(" --pid ").append(number(o.priority())).append(" $$");
    if (number(o.nice()) != 0) {
      line.append(" && renice -n ").append(number(o.nice())).append(" -p $$");
    }
    return line.toString();
  }

  static String ioPriority(Operation.IoPriority o) {
    long value = number(o.priority());
    return "ionice -c " + (value >> IO_CLASS_SHIFT) + " -n " + (value & IO_PRIORITY) + " -p $$";
  }

  static String affinity(Operation.Affinity o) {
    return "taskset -p -c " + list(o.processors()) + " $$";
  }

  static String memoryPolicy(Operation.MemoryPolicy o) {
    String nodes = list(o.nodes());
    return "numactl --"
        + name(MODES, number(o.mode()) & MODE)
        + (nodes.isEmpty() ? "" : "=" + nodes)
        + " …";
  }

  static String personality(Operation.Personality o) {
    return number(o.domain()) == 0 ? "setarch linux64 …" : "setarch linux32 …";
  }

  private static long number(IntOperand operand) {
    return ShellWords.literal(operand, 0);
  }

  private static String name(String[] names, long number) {
    return number >= 0 && number < names.length ? names[(int) number] : Long.toString(number);
  }

  /** As cpuset(7) has it: 0-2,7. */
  private static String list(Text mask) {
    BitSet bits = new BitSet();
    for (Text.Piece piece : mask.pieces()) {
      if (piece.isBytes()) {
        bits.or(BitSet.valueOf(piece.bytes()));
      }
    }
    List<String> parts = new ArrayList<>();
    for (int first = bits.nextSetBit(0); first >= 0; ) {
      int behind = bits.nextClearBit(first);
      parts.add(behind == first + 1 ? Integer.toString(first) : first + "-" + (behind - 1));
      first = bits.nextSetBit(behind);
    }
    return String.join(",", parts);
  }
}
