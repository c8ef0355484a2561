package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.TimeSpan;
import io.hardway.core.BundleEngine;
import io.hardway.core.BundleRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.json.JsonWriter;
import io.hardway.linux.cgroup.FlatKeyedFile;
import io.hardway.spi.OomCounter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code events}: what a container uses, again and again, and that memory was short; a line each.
 */
final class OciEventsCommand implements OciCommand {
  private static final long LOOK_NANOS = 100_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  @Override
  public OptionTable table() {
    return new OptionTable(
            "events",
            "[OPTIONS] CONTAINER",
            "Print what a container uses, and that it was killed in for lack of memory")
        .program(OciMain.PROGRAM)
        .value("interval", (char) 0, "duration", "5s", "How often it tells what is used")
        .flag("stats", "Tell what is used once")
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    Duration interval = arguments.value("interval", TimeSpan::parse).orElseThrow();
    if (interval.isNegative() || interval.isZero()) {
      throw arguments.refuse(
          "interval", arguments.text("interval").orElse(""), "it must be greater than 0");
    }
    BundleEngine engine = session.engine();
    BundleRecord container = engine.find(arguments.positional().get(0));
    String stats = stats(engine, container);
    if (arguments.flag("stats")) {
      session.out().println(stats);
      return 0;
    }
    return stream(session, engine, container, interval.toNanos());
  }

  /** Until the container has ended, the caller interrupts, or nobody reads it any more. */
  private static int stream(
      OciSession session, BundleEngine engine, BundleRecord container, long intervalNanos) {
    String id = container.config().id();
    Optional<OomCounter> counter = engine.oomCounter(container);
    long killed = count(counter);
    long next = System.nanoTime() + intervalNanos;
    boolean alive = true;
    while (alive && !session.out().checkError()) {
      pause(Math.min(LOOK_NANOS, next - System.nanoTime()));
      alive = isAlive(engine, id);
      long now = count(counter); // behind the look at the process: what ended it counts too
      if (now > killed) {
        session.out().println(event("oom", id).endObject());
        killed = now;
      }
      if (alive && System.nanoTime() >= next) {
        next += intervalNanos;
        try {
          session.out().println(stats(engine, engine.find(id)));
        } catch (HardwayException ended) {
          alive = false;
        }
      }
    }
    return 0;
  }

  private static boolean isAlive(BundleEngine engine, String id) {
    try {
      return engine.find(id).pid() != 0;
    } catch (HardwayException deleted) {
      return false;
    }
  }

  private static long count(Optional<OomCounter> counter) {
    return counter
        .map(where -> FlatKeyedFile.read(where.file()).number(where.key()).orElse(0))
        .orElse(0L);
  }

  private static String stats(BundleEngine engine, BundleRecord container) {
    JsonWriter json = event("stats", container.config().id()).name("data");
    OciStatsJson.write(json, engine.usage(container));
    return json.endObject().toString();
  }

  private static JsonWriter event(String type, String id) {
    return new JsonWriter().beginObject().field("type", type).field("id", id);
  }

  private static void pause(long nanos) {
    try {
      Thread.sleep(Math.max(0, nanos / NANOS_PER_MILLI));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
