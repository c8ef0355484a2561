package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
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

/**
 * {@code volume ls}, {@code create}, {@code rm}, {@code inspect}: directories that outlive
 * containers.
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
              .flag("quiet", 'q', "Names only")
              .arguments(0, 0);
      case "create" ->
          new OptionTable("volume create", "[VOLUME]", "Make a volume").arguments(0, 1);
      case "rm" ->
          new OptionTable("volume rm", "[OPTIONS] VOLUME [VOLUME...]", "Delete volumes")
              .flag("force", 'f', "One that does not exist is no error")
              .arguments(1, Integer.MAX_VALUE);
      default ->
          new OptionTable("volume inspect", "VOLUME [VOLUME...]", "Tell about volumes")
              .arguments(1, Integer.MAX_VALUE);
    };
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    return switch (verb) {
      case "ls" -> list(session, arguments);
      case "create" -> create(session, arguments);
      case "rm" -> remove(session, arguments);
      default -> inspect(session, arguments);
    };
  }

  private static int list(Session session, Arguments arguments) throws IOException {
    List<String> names = new ArrayList<>();
    Path volumes = session.engine().directories().volumes();
    if (Files.isDirectory(volumes)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(volumes)) {
        entries.forEach(entry -> names.add(entry.getFileName().toString()));
      }
    }
    Collections.sort(names);
    if (arguments.flag("quiet")) {
      names.forEach(session.out()::println);
    } else {
      Table table = new Table("DRIVER", "VOLUME NAME");
      names.forEach(name -> table.add("local", name));
      table.print(session.out());
    }
    return 0;
  }

  private static int create(Session session, Arguments arguments) throws IOException {
    String name =
        arguments.positional().isEmpty()
            ? Ids.next()
            : VolumeMount.checkVolumeName(arguments.positional().get(0));
    session.perform(session.engine().createVolume(name));
    session.out().println(name);
    return 0;
  }

  private static int remove(Session session, Arguments arguments) throws IOException {
    int code = 0;
    for (String name : arguments.positional()) {
      try {
        if (!exists(session, name)) {
          if (!arguments.flag("force")) {
            throw new HardwayException("no such volume: " + name, 1);
          }
          continue;
        }
        for (ContainerRecord container : session.engine().containers().all()) {
          if (container.config().volumes().contains(name)) {
            throw new HardwayException(
                "volume "
                    + name
                    + " is in use by container "
                    + container.config().name()
                    + ": remove that first",
                1);
          }
        }
        session.perform(session.engine().removeVolume(name));
        session.out().println(name);
      } catch (HardwayException e) {
        session.err().println("hardway: " + e.getMessage());
        code = 1;
      } catch (PlanFailedException e) {
        session.err().println(e.getMessage());
        code = 1;
      }
    }
    return code;
  }

  private static boolean exists(Session session, String name) {
    VolumeMount.checkVolumeName(name);
    return Files.isDirectory(session.engine().directories().volumes().resolve(name));
  }

  private static int inspect(Session session, Arguments arguments) {
    List<Object> found = new ArrayList<>();
    int code = 0;
    for (String name : arguments.positional()) {
      if (exists(session, name)) {
        JsonWriter json = new JsonWriter().beginObject();
        json.field("Name", name)
            .field("Driver", "local")
            .field("Mountpoint", session.engine().directories().volume(name).toString())
            .field("Scope", "local");
        found.add(JsonObject.parse(name, json.endObject().toString()));
      } else {
        session.err().println("hardway: no such volume: " + name);
        code = 1;
      }
    }
    session.out().println(PrettyJson.of(found));
    return code;
  }
}
