package io.hardway.init;

import io.hardway.spi.plan.Plan;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The planner's end of the channel to the native process that started it; {@code
 * docs/plan-format.md}, "The channel". Two pipes that are opened through /proc, so that no socket
 * classes are loaded.
 */
public final class Channel implements AutoCloseable {
  /** The environment variable that tells a planner of its channel. */
  public static final String VARIABLE = "HARDWAY_CHANNEL";

  private static final int PERFORM = 1;
  private static final int RESULT = 2;
  private static final int FINAL = 3;

  private final InputStream in;
  private final OutputStream out;

  /**
   * A channel over two streams.
   *
   * @param in the native process's answers
   * @param out what it is told
   */
  public Channel(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Whether a native process started this one as its planner. */
  public static boolean isPresent() {
    return System.getenv(VARIABLE) != null;
  }

  /**
   * The channel to the native process.
   *
   * @throws IOException where there is none
   */
  public static Channel open() throws IOException {
    return new Channel(
        new FileInputStream("/proc/self/fd/3"), new FileOutputStream("/proc/self/fd/4"));
  }

  /**
   * Has the native process perform a plan now, and waits for it.
   *
   * @throws PlanFailedException where a step failed; its undo has been performed
   * @throws IOException where the native process is gone
   */
  public void perform(Plan plan) throws IOException {
    byte[] payload = PlanCodec.encode(plan);
    send(PERFORM, payload);
    int type = read32();
    int length = read32();
    if (type != RESULT || length < 4) {
      throw new IOException(
          "the native process answered with frame " + type + " of " + length + " bytes");
    }
    int code = read32();
    byte[] text = in.readNBytes(length - 4);
    if (code != 0) {
      throw new PlanFailedException(code, new String(text, StandardCharsets.UTF_8).trim());
    }
  }

  /**
   * Hands over the plan that is performed when the planner is gone. Nothing may be sent after it.
   *
   * @param plan what is performed with the caller's terminal and descriptors
   * @param afterwards arguments of the planner that is started after it, to report on it; empty for
   *     none
   * @throws IOException where the native process is gone
   */
  public void performLast(Plan plan, List<String> afterwards) throws IOException {
    LittleEndian payload = new LittleEndian(32 * 1024);
    payload.u32(afterwards.size());
    for (String argument : afterwards) {
      byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
      payload.u32(bytes.length);
      payload.raw(bytes);
    }
    payload.raw(PlanCodec.encode(plan));
    send(FINAL, payload.toBytes());
  }

  @Override
  public void close() throws IOException {
    try (in) {
      out.close();
    }
  }

  private void send(int type, byte[] payload) throws IOException {
    LittleEndian frame = new LittleEndian(8 + payload.length);
    frame.u32(type);
    frame.u32(payload.length);
    frame.raw(payload);
    out.write(frame.toBytes());
  }

  private int read32() throws IOException {
    byte[] four = in.readNBytes(4);
    if (four.length < 4) {
      throw new IOException("the native process is gone");
    }
    return LittleEndian.read32(four, 0);
  }
}
