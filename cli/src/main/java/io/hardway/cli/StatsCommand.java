package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code stats}: shows what containers use. */
final class StatsCommand implements Command {
  private static final long INTERVAL_MILLIS = 1000;
  private static final long FIRST_INTERVAL_MILLIS = 200;

  @Override
  public OptionTable table() {
    return new OptionTable("stats", "[OPTIONS] [CONTAINER...]", "Show what containers use")
        .flag("all", 'a', "Also those that do not run")
        .value("format", "format", "json, table, or a template like '{{.MemUsage}}'")
        .flag("no-stream", "Once")
        .flag("no-trunc", "Print ids in full");
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    Map<String, long[]> before = new LinkedHashMap<>();
    List<ContainerRecord> containers = containers(session, arguments);
    sample(session, containers, before);
    pause(FIRST_INTERVAL_MILLIS);
    boolean once = arguments.flag("no-stream");
    do {
      List<JsonObject> rows = new ArrayList<>();
      for (ContainerRecord container : containers) {
        rows.add(row(session, container, before, arguments));
      }
      if (!once) {
        session.out().print("\u001b[H\u001b[2J");
      }
      print(session, arguments, rows);
      if (session.out().checkError()) {
        return 0; // nobody reads it any more
      }
      if (!once) {
        pause(INTERVAL_MILLIS);
        containers = containers(session, arguments);
      }
    } while (!once);
    return 0;
  }

  private static List<ContainerRecord> containers(Session session, Arguments arguments) {
    List<ContainerRecord> containers = new ArrayList<>();
    for (String reference : arguments.positional()) {
      containers.add(session.engine().containers().find(reference));
    }
    if (arguments.positional().isEmpty()) {
      for (ContainerRecord container : session.engine().containers().all()) {
        if (container.status().isAlive() || arguments.flag("all")) {
          containers.add(container);
        }
      }
    }
    return containers;
  }

  private static void sample(
      Session session, List<ContainerRecord> containers, Map<String, long[]> samples) {
    for (ContainerRecord container : containers) {
      Optional<Usage> usage = session.engine().usage(container.config());
      samples.put(
          container.config().id(),
          new long[] {System.nanoTime(), usage.isPresent() ? usage.get().cpu().nanos().orElse(0) : 0});
    }
  }

  private static JsonObject row(
      Session session, ContainerRecord container, Map<String, long[]> before, Arguments arguments) {
    Usage usage = session.engine().usage(container.config()).orElse(Usage.builder().build());
    String id = container.config().id();
    long now = System.nanoTime();
    long cpu = usage.cpu().nanos().orElse(0);
    long[] last = before.getOrDefault(id, new long[] {now - 1, cpu});
    double share = 100.0 * (cpu - last[1]) / Math.max(1, now - last[0]);
    before.put(id, new long[] {now, cpu});
    long memory = usage.memory().usedBytes().orElse(0);
    Limit limit = usage.memory().limit().orElse(Limit.unlimited());
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ID", arguments.flag("no-trunc") ? id : id.substring(0, Math.min(12, id.length())));
    json.field("Container", id).field("Name", container.config().name());
    json.field("CPUPerc", percent(share)).field("CPUNanos", cpu);
    json.field(
        "MemUsage",
        Units.binary(memory)
            + " / "
            + (limit.isUnlimited() ? "unlimited" : Units.binary(limit.value())));
    json.field("MemBytes", memory);
    json.field("MemPerc", limit.isUnlimited() ? "--" : percent(100.0 * memory / limit.value()));
    long read = 0;
    long written = 0;
    for (BlockDeviceUsage device : usage.blockDevices()) {
      read += device.readBytes();
      written += device.writtenBytes();
    }
    json.field("BlockIO", Units.decimal(read) + " / " + Units.decimal(written));
    json.field("PIDs", usage.pids().orElse(0));
    return JsonObject.parse("usage", json.endObject().toString());
  }

  private static String percent(double value) {
    long hundredths = Math.round(value * 100);
    return hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100 + "%";
  }

  private static void print(Session session, Arguments arguments, List<JsonObject> rows) {
    new Listing(
            "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.BlockIO}}\t{{.PIDs}}",
            "ID",
            "CONTAINER ID",
            "Container",
            "CONTAINER",
            "Name",
            "NAME",
            "CPUPerc",
            "CPU %",
            "CPUNanos",
            "CPU TIME",
            "MemUsage",
            "MEM USAGE / LIMIT",
            "MemBytes",
            "MEM",
            "MemPerc",
            "MEM %",
            "BlockIO",
            "BLOCK I/O",
            "PIDs",
            "PIDS")
        .print(session.out(), arguments.text("format").orElse(""), rows);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
