package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.PluginKind;
import io.hardway.core.Plugins;
import io.hardway.core.Status;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code system info}, {@code info}: tells what Hardway has and uses here. */
final class InfoCommand implements Command {
  private static final int KIBI = 1024;

  private final String name;

  /** Under one of its names. */
  InfoCommand(String name) {
    this.name = name;
  }

  @Override
  public OptionTable table() {
    return new OptionTable(name, "[OPTIONS]", "Tell what Hardway has and uses here")
        .value("format", 'f', "format", "json, or a template like '{{.Containers}}'")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    JsonObject info = info(session);
    String format = arguments.text("format").orElse("");
    if (format.equals("json")) {
      session.out().println(new JsonWriter().any(info));
    } else if (!format.isEmpty()) {
      session.out().println(new Template(format).fill(info));
    } else {
      for (String field : info.names()) {
        String shown =
            field.equals("MemTotal")
                ? Units.binary(info.number(field))
                : String.valueOf(info.get(field));
        session.out().println(field + ": " + shown);
      }
    }
    return 0;
  }

  private static JsonObject info(Session session) throws IOException {
    List<ContainerRecord> containers = session.engine().containers().all();
    Plugins plugins = session.engine().plugins();
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ServerVersion", Version.text())
        .field("Containers", containers.size())
        .field("ContainersRunning", count(containers, Status.RUNNING))
        .field("ContainersPaused", count(containers, Status.PAUSED))
        .field(
            "ContainersStopped",
            count(containers, Status.EXITED) + count(containers, Status.CREATED))
        .field("Isolation", chosen(plugins, PluginKind.ISOLATION))
        .field("Resources", chosen(plugins, PluginKind.RESOURCES))
        .field("Driver", chosen(plugins, PluginKind.ROOTFS))
        .field("Network", chosen(plugins, PluginKind.NETWORK))
        .field("KernelVersion", System.getProperty("os.version"))
        .field("OperatingSystem", operatingSystem())
        .field("OSType", "linux")
        .field("Architecture", session.host().architecture())
        .field("NCPU", Runtime.getRuntime().availableProcessors())
        .field("MemTotal", memory())
        .field("Rootless", Boolean.toString(!session.host().isPrivileged()))
        .field("DockerRootDir", session.engine().directories().data().toString())
        .field("StateDir", session.engine().directories().state().toString());
    return JsonObject.parse("info", json.endObject().toString());
  }

  /** The plugin that a container would get; why there is none where none works here. */
  private static String chosen(Plugins plugins, PluginKind kind) {
    String configured = plugins.configured(kind);
    if (configured.equals(Plugins.AUTO) && !plugins.hasUsable(kind)) {
      return "none: " + plugins.reasons(kind);
    }
    return configured.equals(Plugins.AUTO) ? plugins.choose(kind, configured).name() : configured;
  }

  private static int count(List<ContainerRecord> containers, Status status) {
    int count = 0;
    for (ContainerRecord container : containers) {
      count += container.status() == status ? 1 : 0;
    }
    return count;
  }

  private static String operatingSystem() throws IOException {
    Path file = Path.of("/etc/os-release");
    if (Files.isReadable(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("PRETTY_NAME=")) {
          return line.substring(line.indexOf('=') + 1).replace("\"", "");
        }
      }
    }
    return "Linux";
  }

  private static long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * KIBI;
      }
    }
    return 0;
  }
}
