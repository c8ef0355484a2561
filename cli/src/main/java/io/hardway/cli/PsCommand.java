package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.Status;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code ps}: lists containers. */
final class PsCommand implements Command {
  private static final int SHORT_ID = 12;
  private static final int COMMAND_WIDTH = 20;

  @Override
  public OptionTable table() {
    return new OptionTable("ps", "[OPTIONS]", "List containers")
        .flag("all", 'a', "Also those that do not run")
        .list(
            "filter",
            'f',
            "KEY=VALUE",
            "Only those: id, name, label, status, exited, network, before, since")
        .value("format", "format", "json, table, or a template like '{{.Names}}'")
        .value("last", 'n', "count", "The last so many, running or not")
        .flag("latest", 'l', "The last one, running or not")
        .flag("no-trunc", "Print ids and commands in full")
        .flag("quiet", 'q', "Print ids only")
        .flag("size", 's', "Print sizes")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    List<JsonObject> rows = new ArrayList<>();
    long most =
        arguments.flag("latest")
            ? 1
            : arguments.value("last", WholeNumber.between(-1, Integer.MAX_VALUE)).orElse(-1L);
    List<KeyValue> filters = ContainerFilter.read(session, arguments);
    boolean all = arguments.flag("all") || most > 0 || asksForStatus(filters);
    List<HardwayException> damaged = new ArrayList<>();
    for (ContainerRecord container : session.engine().containers().all(damaged::add)) {
      if ((all || container.status().isAlive())
          && ContainerFilter.matches(filters, session, container)
          && (most <= 0 || rows.size() < most)) {
        rows.add(row(session, container, arguments));
      }
    }
    print(session, arguments, rows);
    damaged.forEach(one -> session.err().println("hardway: " + one.getMessage()));
    return damaged.isEmpty() ? 0 : 1;
  }

  private static boolean asksForStatus(List<KeyValue> filters) {
    for (KeyValue filter : filters) {
      if (filter.key().equals("status") || filter.key().equals("exited")) {
        return true;
      }
    }
    return false;
  }

  private static void print(Session session, Arguments arguments, List<JsonObject> rows) {
    if (arguments.flag("quiet")) {
      rows.forEach(row -> session.out().println(row.text("ID")));
      return;
    }
    String columns =
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    new Listing(
            arguments.flag("size") ? columns + "\t{{.Size}}" : columns,
            "ID",
            "CONTAINER ID",
            "Image",
            "ROOTFS",
            "Command",
            "COMMAND",
            "CreatedAt",
            "CREATED AT",
            "RunningFor",
            "CREATED",
            "State",
            "STATE",
            "Status",
            "STATUS",
            "Names",
            "NAMES",
            "Networks",
            "NETWORKS",
            "Ports",
            "PORTS",
            "Mounts",
            "MOUNTS",
            "LocalVolumes",
            "LOCAL VOLUMES",
            "Labels",
            "LABELS",
            "Size",
            "SIZE")
        .print(session.out(), arguments.text("format").orElse(""), rows);
  }

  private static JsonObject row(Session session, ContainerRecord container, Arguments arguments) {
    boolean whole = arguments.flag("no-trunc");
    String id = container.config().id();
    String command = String.join(" ", container.config().spec().process().args());
    if (!whole && command.length() > COMMAND_WIDTH) {
      command = command.substring(0, COMMAND_WIDTH - 1) + "…";
    }
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ID", whole ? id : id.substring(0, Math.min(SHORT_ID, id.length())));
    json.field("Image", container.config().sourceText());
    json.field("Command", '"' + command.replace('\n', ' ') + '"');
    json.field("CreatedAt", container.config().created());
    json.field("RunningFor", Units.since(container.config().created()) + " ago");
    json.field("State", container.status().label());
    json.field("Status", status(container));
    json.field("Names", container.config().name());
    json.field("Networks", String.join(",", ContainerFilter.networks(container.config())));
    json.field("Ports", PortText.column(container));
    json.field("Mounts", String.join(",", container.config().volumes()));
    json.field("LocalVolumes", Integer.toString(container.config().volumes().size()));
    StringBuilder labels = new StringBuilder();
    container
        .config()
        .labels()
        .forEach(
            (key, value) ->
                labels.append(labels.isEmpty() ? "" : ",").append(key).append('=').append(value));
    json.field("Labels", labels.toString());
    json.field(
        "Size",
        arguments.flag("size") ? Units.decimal(session.engine().size(container.config())) : "");
    return JsonObject.parse("container", json.endObject().toString());
  }

  /** As docker words it. */
  static String status(ContainerRecord container) {
    Status status = container.status();
    return switch (status) {
      case RUNNING -> "Up " + Units.since(container.startedAt());
      case PAUSED -> "Up " + Units.since(container.startedAt()) + " (Paused)";
      case EXITED ->
          "Exited ("
              + container.exit().exitCode()
              + ") "
              + Units.since(container.exit().finishedAt())
              + " ago";
      case CREATED -> "Created";
      case CREATING -> "Creating";
    };
  }
}
