package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** An event of the journal in docker's shapes: a line, JSON, and the fields of a template. */
final class EventLine {
  private static final long NANOS = 1_000_000_000L;

  private final JsonObject event;
  private final String name;
  private final Instant time;

  /**
   * One of the journal's.
   *
   * @param name the container's name then: who notes the end knows no name that came later
   */
  EventLine(JsonObject event, String name) {
    this.event = event;
    this.name = name;
    this.time = Instant.parse(event.text("time"));
  }

  /** When it happened. */
  Instant time() {
    return time;
  }

  /** The line without a format: what happened to what, and its attributes. */
  String text() {
    StringBuilder details = new StringBuilder();
    for (Map.Entry<String, String> attribute : attributes().entrySet()) {
      details
          .append(details.isEmpty() ? "" : ", ")
          .append(attribute.getKey())
          .append('=')
          .append(attribute.getValue());
    }
    return event.text("time")
        + " "
        + event.text("type")
        + " "
        + event.text("action")
        + " "
        + event.text("id")
        + " ("
        + details
        + ")";
  }

  /** As docker's interface has it. */
  String json() {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("status", event.text("action")).field("id", event.text("id"));
    json.field("from", event.text("image", "")).field("Type", event.text("type"));
    json.field("Action", event.text("action"));
    actor(json);
    json.field("scope", "local").field("time", time.getEpochSecond());
    return json.field("timeNano", nanos()).endObject().toString();
  }

  /** With the names that docker's templates use. */
  JsonObject fields() {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("Status", event.text("action")).field("ID", event.text("id"));
    json.field("From", event.text("image", "")).field("Type", event.text("type"));
    json.field("Action", event.text("action"));
    actor(json);
    json.field("Scope", "local").field("Time", time.getEpochSecond());
    return JsonObject.parse("event", json.field("TimeNano", nanos()).endObject().toString());
  }

  private void actor(JsonWriter json) {
    json.name("Actor").beginObject().field("ID", event.text("id"));
    json.name("Attributes").texts(attributes()).endObject();
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String member : event.names()) {
      switch (member) {
        case "time", "type", "action", "id" -> {}
        case "name" -> attributes.put(member, name);
        default -> attributes.put(member, event.text(member));
      }
    }
    return attributes;
  }

  private long nanos() {
    return time.getEpochSecond() * NANOS + time.getNano();
  }
}
