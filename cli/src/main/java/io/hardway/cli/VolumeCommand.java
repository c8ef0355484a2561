package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.TruthValue;
import io.hardway.cli.value.VolumeMount;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.Ids;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.init.PlanFailedException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * {@code volume ls}, {@code create}, {@code rm}, {@code prune}, {@code inspect}: directories that
 * outlive containers.
 */
final class VolumeCommand implements Command {
  private final String verb;

  /** One of the verbs. */
  VolumeCommand(String verb) {
    this.verb = verb;
  }

  @Override
  public OptionTable table() {
    return switch (verb) {
      case "ls" ->
          new OptionTable("volume ls", "[OPTIONS]", "List volumes")
              .list("filter", 'f', "KEY=VALUE", "Only those: dangling, name")
              .value("format", "format", "json, table, or a template like '{{.Mountpoint}}'")
              .flag("quiet", 'q', "Names only")
              .arguments(0, 0);
      case "create" ->
          new OptionTable("volume create", "[VOLUME]", "Make a volume").arguments(0, 1);
      case "prune" ->
          new OptionTable(
                  "volume prune", "[OPTIONS]", "Delete volumes without names that none uses")
              .flag("all", 'a', "Also those with names")
              .flag("force", 'f', "Do not ask")
              .arguments(0, 0);
      case "rm" ->
          new OptionTable("volume rm", "[OPTIONS] VOLUME [VOLUME...]", "Delete volumes")
              .flag("force", 'f', "One that does not exist is no error")
              .arguments(1, Integer.MAX_VALUE);
      default ->
          new OptionTable("volume inspect", "[OPTIONS] VOLUME [VOLUME...]", "Tell about volumes")
              .value("format", 'f', "format", "json, or a template like '{{.Mountpoint}}'")
              .arguments(1, Integer.MAX_VALUE);
    };
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    return switch (verb) {
      case "ls" -> list(session, arguments);
      case "create" -> create(session, arguments);
      case "prune" -> prune(session, arguments);
      case "rm" -> remove(session, arguments);
      default -> inspect(session, arguments);
    };
  }

  private static int list(Session session, Arguments arguments) throws IOException {
    List<JsonObject> rows = new ArrayList<>();
    List<KeyValue> filters = filters(arguments);
    for (String name : names(session)) {
      if (isWanted(session, filters, name)) {
        rows.add(row(session, name));
      }
    }
    if (arguments.flag("quiet")) {
      rows.forEach(row -> session.out().println(row.text("Name")));
    } else {
      new Listing(
              "{{.Driver}}\t{{.Name}}",
              "Driver",
              "DRIVER",
              "Name",
              "VOLUME NAME",
              "Mountpoint",
              "MOUNTPOINT",
              "Scope",
              "SCOPE")
          .print(session.out(), arguments.text("format").orElse(""), rows);
    }
    return 0;
  }

  private static List<KeyValue> filters(Arguments arguments) {
    List<KeyValue> filters = arguments.values("filter", KeyValue::parseBoth);
    for (KeyValue filter : filters) {
      switch (filter.key()) {
        case "name" -> {}
        case "dangling" -> TruthValue.parse("dangling", filter.value());
        default ->
            throw arguments.refuse(
                "filter", filter.key() + "=" + filter.value(), "there are dangling and name");
      }
    }
    return filters;
  }

  private static boolean isWanted(Session session, List<KeyValue> filters, String name) {
    for (KeyValue filter : filters) {
      boolean holds =
          filter.key().equals("name")
              ? name.contains(filter.value())
              : user(session, name).isEmpty() == TruthValue.parse("dangling", filter.value());
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static List<String> names(Session session) throws IOException {
    List<String> names = new ArrayList<>();
    Path volumes = session.engine().directories().volumes();
    if (Files.isDirectory(volumes)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(volumes)) {
        entries.forEach(entry -> names.add(entry.getFileName().toString()));
      }
    }
    Collections.sort(names);
    return names;
  }

  private static JsonObject row(Session session, String name) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("Name", name)
        .field("Driver", "local")
        .field("Mountpoint", session.engine().directories().volume(name).toString())
        .field("Scope", "local");
    return JsonObject.parse(name, json.endObject().toString());
  }

  /** The name of a container that a volume belongs to; empty where there is none. */
  private static String user(Session session, String volume) {
    for (ContainerRecord container : session.engine().containers().all()) {
      if (container.config().volumes().contains(volume)) {
        return container.config().name();
      }
    }
    return "";
  }

  private static int prune(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    String warning =
        "WARNING! This will remove "
            + (arguments.flag("all") ? "all volumes" : "volumes without names")
            + " not used by at least one container.";
    if (!arguments.flag("force") && !session.isPreview() && !Confirmation.given(session, warning)) {
      return 0;
    }
    long reclaimed = 0;
    int code = 0;
    boolean first = true;
    for (String name : names(session)) {
      if (!arguments.flag("all") && !Ids.isId(name) || !user(session, name).isEmpty()) {
        continue;
      }
      long size = DiskUsage.of(session.engine().directories().volumes().resolve(name));
      try {
        session.perform(session.engine().removeVolume(name));
        if (!session.isPreview()) {
          session.out().println((first ? "Deleted Volumes:\n" : "") + name);
        }
        first = false;
        reclaimed += size;
      } catch (PlanFailedException e) {
        session.err().println(e.getMessage());
        code = 1;
      }
    }
    if (!session.isPreview()) {
      session
          .out()
          .println((first ? "" : "\n") + "Total reclaimed space: " + Units.decimal(reclaimed));
    }
    return code;
  }

  private static int create(Session session, Arguments arguments) throws IOException {
    String name =
        arguments.positional().isEmpty()
            ? Ids.next()
            : VolumeMount.checkVolumeName(arguments.positional().get(0));
    session.perform(session.engine().createVolume(name));
    if (!session.isPreview()) {
      session.out().println(name);
    }
    return 0;
  }

  private static int remove(Session session, Arguments arguments) throws IOException {
    return session.forEachName(
        arguments.positional(),
        name -> {
          boolean exists = exists(session, name);
          if (!exists && !arguments.flag("force")) {
            throw new HardwayException(missing(name), 1);
          }
          if (exists) {
            requireUnused(session, name);
            session.perform(session.engine().removeVolume(name));
          }
          return exists;
        });
  }

  private static void requireUnused(Session session, String name) {
    String user = user(session, name);
    if (!user.isEmpty()) {
      throw new HardwayException(
          "volume " + name + " is in use by container " + user + ": remove that first", 1);
    }
  }

  private static boolean exists(Session session, String name) {
    VolumeMount.checkVolumeName(name);
    return Files.isDirectory(session.engine().directories().volumes().resolve(name));
  }

  private static int inspect(Session session, Arguments arguments) {
    return Inspection.print(
        session,
        arguments,
        name -> exists(session, name) ? Optional.of(row(session, name)) : Optional.empty(),
        VolumeCommand::missing);
  }

  private static String missing(String name) {
    return "no such volume: " + name;
  }
}
