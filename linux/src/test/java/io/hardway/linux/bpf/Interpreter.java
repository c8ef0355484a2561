package io.hardway.linux.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The eBPF machine, as far as programs about devices need it; the kernel's instruction-set.rst. */
final class Interpreter {
  private static final long CONTEXT = 0x7000_0000L;

  private final ByteBuffer program;

  Interpreter(byte[] program, ByteOrder order) {
    this.program = ByteBuffer.wrap(program).order(order);
  }

  int count() {
    return program.capacity() / 8;
  }

  /** What the program returns for {@code struct bpf_cgroup_dev_ctx} with these. */
  long run(int type, int access, int major, int minor) {
    int[] context = {access << 16 | type, major, minor};
    long[] registers = new long[11];
    boolean[] set = new boolean[11];
    registers[1] = CONTEXT;
    set[1] = true;
    int at = 0;
    while (true) {
      int code = program.get(at * 8) & 0xff;
      int fields = program.get(at * 8 + 1) & 0xff;
      boolean little = program.order() == ByteOrder.LITTLE_ENDIAN;
      int to = little ? fields & 0xf : fields >> 4;
      int from = little ? fields >> 4 : fields & 0xf;
      int offset = program.getShort(at * 8 + 2);
      int value = program.getInt(at * 8 + 4);
      at++;
      switch (code) {
        case 0x61 -> {
          require(set[from], at);
          long place = registers[from] + offset - CONTEXT;
          require(place >= 0 && place <= 8 && place % 4 == 0, at);
          registers[to] = context[(int) place / 4] & 0xffff_ffffL;
          set[to] = true;
        }
        case 0xb7 -> {
          registers[to] = value;
          set[to] = true;
        }
        case 0x57 -> registers[to] &= read(registers, set, to, at) & value;
        case 0x77 -> registers[to] = read(registers, set, to, at) >>> value;
        case 0x05 -> at += offset;
        case 0x55 -> at += read(registers, set, to, at) != value ? offset : 0;
        case 0x56 -> at += (int) read(registers, set, to, at) != value ? offset : 0;
        case 0x45 -> at += (read(registers, set, to, at) & value) != 0 ? offset : 0;
        case 0x95 -> {
          return read(registers, set, 0, at);
        }
        default -> throw new AssertionError("instruction " + (at - 1) + ": code " + code);
      }
      require(at < count(), at);
    }
  }

  private static long read(long[] registers, boolean[] set, int register, int at) {
    require(set[register], at);
    return registers[register];
  }

  private static void require(boolean condition, int at) {
    if (!condition) {
      throw new AssertionError("instruction " + (at - 1));
    }
  }
}
