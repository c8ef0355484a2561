package io.hardway.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A system call filter as the kernel would run it, for tests: classic BPF over {@code struct
 * seccomp_data}. It refuses what the kernel's checker refuses (bpf_check_classic,
 * seccomp_check_filter): jumps that lead out, unaligned loads, unknown instructions, an end that is
 * no return.
 *
 * @since 0.1
 */
public final class FilterProgram {
  /** {@code SECCOMP_RET_ALLOW}. */
  public static final int ALLOW = 0x7fff_0000;

  /** {@code SECCOMP_RET_KILL_PROCESS}. */
  public static final int KILL_PROCESS = 0x8000_0000;

  private static final int SIZE = 8;
  private static final int MAX_INSTRUCTIONS = 4096;
  private static final int DATA_SIZE = 64;

  private final ByteBuffer code;
  private final int count;

  private FilterProgram(byte[] program) {
    this.code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    this.count = program.length / SIZE;
  }

  /**
   * Reads a program.
   *
   * @throws IllegalArgumentException where the kernel would not take it
   */
  public static FilterProgram of(byte[] program) {
    if (program.length == 0
        || program.length % SIZE != 0
        || program.length / SIZE > MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(program.length + " bytes are no program");
    }
    FilterProgram filter = new FilterProgram(program);
    for (int i = 0; i < filter.count; i++) {
      filter.check(i);
    }
    if ((filter.operation(filter.count - 1) & 7) != 6) {
      throw new IllegalArgumentException("the last instruction is no return");
    }
    return filter;
  }

  /** {@code SECCOMP_RET_ERRNO} with this errno. */
  public static int errno(int number) {
    return 0x0005_0000 | number;
  }

  /** How many instructions there are. */
  public int count() {
    return count;
  }

  private int operation(int at) {
    return code.getShort(at * SIZE) & 0xffff;
  }

  private int value(int at) {
    return code.getInt(at * SIZE + 4);
  }

  private int whenTrue(int at) {
    return code.get(at * SIZE + 2) & 0xff;
  }

  private int whenFalse(int at) {
    return code.get(at * SIZE + 3) & 0xff;
  }

  private void check(int at) {
    boolean right =
        switch (operation(at)) {
          case 0x20 -> value(at) >= 0 && value(at) < DATA_SIZE && value(at) % 4 == 0;
          case 0x05 -> value(at) >= 0 && value(at) < count - at - 1;
          case 0x15, 0x25, 0x35, 0x45 -> at + 1 + Math.max(whenTrue(at), whenFalse(at)) < count;
          case 0x06, 0x54 -> true;
          default -> false;
        };
    if (!right) {
      throw new IllegalArgumentException(
          "instruction " + at + ", " + Integer.toHexString(operation(at)) + ", is not valid");
    }
  }

  /**
   * What it says about a call.
   *
   * @param architecture {@code AUDIT_ARCH_*}
   * @return {@code SECCOMP_RET_*}, with its data
   */
  public int run(int architecture, int number, long... arguments) {
    ByteBuffer data = ByteBuffer.allocate(DATA_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(architecture).putLong(0);
    for (long argument : arguments) {
      data.putLong(argument);
    }
    int accumulator = 0;
    int at = 0;
    while (true) {
      int value = value(at);
      switch (operation(at)) {
        case 0x20 -> accumulator = data.getInt(value);
        case 0x54 -> accumulator &= value;
        case 0x05 -> at += value;
        case 0x06 -> {
          return value;
        }
        default -> {
          int order = Integer.compareUnsigned(accumulator, value);
          boolean holds =
              switch (operation(at)) {
                case 0x15 -> order == 0;
                case 0x25 -> order > 0;
                case 0x35 -> order >= 0;
                default -> (accumulator & value) != 0;
              };
          at += holds ? whenTrue(at) : whenFalse(at);
        }
      }
      at++;
    }
  }
}
