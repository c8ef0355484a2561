package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A line of {@code stats}: docker's columns under docker's names, and beside them all figures, as
 * numbers, as {@code Usage}.
 */
final class StatsRow {
  private static final int SHORT_ID = 12;
  private static final long KIBI = 1024;
  private static final String UNKNOWN = "--";
  private static long hostMemory = -1;

  private StatsRow() {}

  static JsonObject of(StatsSample sample, boolean whole) {
    String id = sample.config().id();
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ID", whole ? id : id.substring(0, Math.min(SHORT_ID, id.length())));
    json.field("Container", id).field("Name", sample.config().name());
    json.field(
        "CPUPerc",
        sample.cpuShare().isPresent() ? percent(100 * sample.cpuShare().getAsDouble()) : UNKNOWN);
    json.field("CPUNanos", sample.usage().cpu().nanos().orElse(0));
    memory(sample, json);
    json.field("NetIO", pair(sample, sample.receivedBytes(), sample.sentBytes()));
    json.field("BlockIO", pair(sample, sample.blockReadBytes(), sample.blockWrittenBytes()));
    json.field(
        "PIDs",
        sample.usage().pids().isPresent()
            ? Long.toString(sample.usage().pids().getAsLong())
            : UNKNOWN);
    UsageJson.write(json.name("Usage"), sample);
    return JsonObject.parse("usage", json.endObject().toString());
  }

  /** As docker counts: without cache that can go, of the host's memory where there is no limit. */
  private static void memory(StatsSample sample, JsonWriter json) {
    MemoryUsage memory = sample.usage().memory();
    long used = memory.usedBytes().orElse(0);
    long most = most(memory.limit().orElse(Limit.unlimited()));
    boolean isKnown = memory.usedBytes().isPresent();
    json.field(
        "MemUsage",
        isKnown ? Units.binary(used) + " / " + Units.binary(most) : UNKNOWN + " / " + UNKNOWN);
    json.field("MemBytes", used);
    json.field("MemPerc", isKnown && most > 0 ? percent(100.0 * used / most) : UNKNOWN);
  }

  private static long most(Limit limit) {
    long host = hostMemory();
    return limit.isUnlimited() || host > 0 && limit.value() > host ? host : limit.value();
  }

  private static String pair(StatsSample sample, long first, long second) {
    return sample.isMeasured()
        ? Units.decimal(first) + " / " + Units.decimal(second)
        : UNKNOWN + " / " + UNKNOWN;
  }

  private static String percent(double value) {
    long hundredths = Math.round(value * 100);
    return hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100 + "%";
  }

  /** Bytes of memory that the host has; 0 where that is not known. */
  private static long hostMemory() {
    if (hostMemory < 0) {
      hostMemory = 0;
      try {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
          if (line.startsWith("MemTotal:")) {
            String[] words = line.split(" +");
            hostMemory = Long.parseLong(words[1]) * KIBI;
          }
        }
      } catch (IOException unknown) {
        return hostMemory;
      }
    }
    return hostMemory;
  }
}
