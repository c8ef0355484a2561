package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.PointInTime;
import io.hardway.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code events}: prints what has happened to containers, and what happens. */
final class EventsCommand implements Command {
  private static final long PAUSE_MILLIS = 100;

  @Override
  public OptionTable table() {
    return new OptionTable("events", "[OPTIONS]", "Print what happens to containers")
        .list("filter", 'f', "KEY=VALUE", "Only those: container, event, type")
        .value("format", "format", "json, or a template like '{{.Action}}'")
        .value("since", "time", "Also what has happened since then")
        .value("until", "time", "Only until then")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    Instant now = Instant.now();
    Instant from =
        arguments
            .value("since", text -> PointInTime.parse(text, now, ZoneId.systemDefault()))
            .orElse(now);
    Optional<Instant> to =
        arguments.value("until", text -> PointInTime.parse(text, now, ZoneId.systemDefault()));
    List<KeyValue> filters = filters(arguments);
    Map<String, String> renamed = new HashMap<>();
    try (RotatedLines journal = new RotatedLines(session.engine().directories().events())) {
      while (true) {
        journal.read(
            line -> {
              if (!line.isEmpty()) {
                show(session, arguments, filters, renamed, line, from, to);
              }
            });
        boolean isUnread = session.out().checkError();
        if (isUnread || to.isPresent() && !Instant.now().isBefore(to.get())) {
          return 0;
        }
        pause();
      }
    }
  }

  private static void show(
      Session session,
      Arguments arguments,
      List<KeyValue> filters,
      Map<String, String> renamed,
      String line,
      Instant from,
      Optional<Instant> to) {
    String text = new String(LogLines.bytes(line), StandardCharsets.UTF_8);
    JsonObject event;
    try {
      event = JsonObject.parse("event", text);
    } catch (IllegalArgumentException torn) {
      return; // where memory was full when it was written: what is behind it still counts
    }
    if (event.text("action").equals("rename")) {
      renamed.put(event.text("id"), event.text("name"));
    }
    String name = renamed.getOrDefault(event.text("id"), event.text("name", ""));
    EventLine shown = new EventLine(event, name);
    if (shown.time().isBefore(from)
        || to.isPresent() && shown.time().isAfter(to.get())
        || !matches(filters, event, name)) {
      return;
    }
    String format = arguments.text("format").orElse("");
    session
        .out()
        .println(
            switch (format) {
              case "" -> shown.text();
              case "json", "{{json .}}" -> shown.json();
              default -> new Template(format).fill(shown.fields());
            });
  }

  private static List<KeyValue> filters(Arguments arguments) {
    List<KeyValue> filters = arguments.values("filter", KeyValue::parseBoth);
    for (KeyValue filter : filters) {
      switch (filter.key()) {
        case "container", "event", "type" -> {}
        default ->
            throw arguments.refuse(
                "filter",
                filter.key() + "=" + filter.value(),
                "there are container, event and type");
      }
    }
    return filters;
  }

  /** Of one key any value holds, of several keys each. */
  private static boolean matches(List<KeyValue> filters, JsonObject event, String name) {
    Set<String> failed = new HashSet<>();
    Set<String> held = new HashSet<>();
    for (KeyValue filter : filters) {
      String value = filter.value();
      boolean holds =
          switch (filter.key()) {
            case "container" -> name.equals(value) || event.text("id", "").startsWith(value);
            case "event" -> event.text("action").equals(value);
            default -> event.text("type").equals(value);
          };
      (holds ? held : failed).add(filter.key());
    }
    return held.containsAll(failed);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
