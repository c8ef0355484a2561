package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerConfig;
import io.hardway.core.ContainerRecord;
import io.hardway.core.Directories;
import io.hardway.core.EtcFiles;
import io.hardway.core.HardwayException;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.Host;
import io.hardway.spi.spec.Mount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code inspect}: tells all about containers, under docker's names, with the OCI configuration as
 * {@code Spec}.
 */
final class InspectCommand implements Command {
  private static final String NEVER = "0001-01-01T00:00:00Z";

  @Override
  public OptionTable table() {
    return new OptionTable(
            "inspect", "[OPTIONS] CONTAINER [CONTAINER...]", "Tell all about containers")
        .value("format", 'f', "format", "json, or a template like '{{.State.Status}}'")
        .flag("size", 's', "Add the size of the container's own files")
        .arguments(1, Integer.MAX_VALUE);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    String format = arguments.text("format").orElse("");
    List<Object> found = new ArrayList<>();
    int code = 0;
    for (String reference : arguments.positional()) {
      try {
        JsonObject container =
            JsonObject.parse(
                reference,
                describe(
                    session,
                    session.engine().containers().find(reference),
                    arguments.flag("size")));
        if (format.isEmpty() || format.equals("json")) {
          found.add(container);
        } else {
          session.out().println(new Template(format).fill(container));
        }
      } catch (HardwayException e) {
        session.err().println("hardway: " + e.getMessage());
        code = 1;
      }
    }
    if (format.isEmpty()) {
      session.out().println(PrettyJson.of(found));
    } else if (format.equals("json")) {
      session.out().println(new JsonWriter().any(found));
    }
    return code;
  }

  private static String describe(Session session, ContainerRecord container, boolean withSize) {
    ContainerConfig config = container.config();
    Directories directories = session.engine().directories();
    List<String> args = config.spec().process().args();
    JsonWriter json = new JsonWriter().beginObject();
    json.field("Id", config.id()).field("Created", config.created()).field("Path", args.get(0));
    json.name("Args").texts(args.subList(1, args.size()));
    state(json.name("State"), container);
    json.field("Image", config.sourceText()).field("Name", "/" + config.name());
    etcFiles(json, config);
    json.field("LogPath", config.logged() ? directories.logFile(config.id()).toString() : "");
    json.field("StateDirectory", directories.containerState(config.id()).toString());
    json.field("DataDirectory", directories.containerData(config.id()).toString());
    if (withSize) {
      json.field("SizeRw", session.engine().size(config));
    }
    plugins(json.name("Plugins"), config);
    hostConfig(json.name("HostConfig"), session.host(), config);
    mounts(json.name("Mounts"), config);
    new NetworkSettings(session.engine().networks()).write(json.name("NetworkSettings"), container);
    json.name("Config").beginObject();
    json.field("Hostname", config.spec().hostname().orElse(""));
    json.field("Domainname", config.spec().domainname().orElse(""));
    json.field("User", config.spec().process().user().name().orElse(""));
    json.field("Tty", config.spec().process().terminal()).field("OpenStdin", config.openStdin());
    PortText.exposed(json.name("ExposedPorts"), config.exposedPorts());
    json.name("Env").texts(config.spec().process().env());
    json.name("Cmd").texts(args);
    json.field("WorkingDir", config.spec().process().cwd());
    json.name("Labels").texts(config.labels());
    json.field("StopSignal", io.hardway.cli.value.SignalName.of(config.stopSignal()))
        .field("StopTimeout", config.stopTimeout());
    json.endObject();
    SpecJson.write(json.name("Spec"), config.spec());
    return json.endObject().toString();
  }

  private static void state(JsonWriter json, ContainerRecord container) {
    json.beginObject();
    json.field("Status", container.status().label());
    json.field("Running", container.status().isAlive());
    json.field("Paused", container.status() == io.hardway.core.Status.PAUSED);
    json.field("Restarting", false);
    json.field("OOMKilled", container.exit().oomKilled());
    json.field("Dead", false);
    json.field("Pid", container.pid());
    json.field("ExitCode", container.exit().exitCode());
    json.field("Error", "");
    json.field("StartedAt", container.startedAt().isEmpty() ? NEVER : container.startedAt());
    json.field(
        "FinishedAt",
        container.exit().finishedAt().isEmpty() ? NEVER : container.exit().finishedAt());
    json.endObject();
  }

  private static void etcFiles(JsonWriter json, ContainerConfig config) {
    json.field("ResolvConfPath", path(config, "resolv.conf"))
        .field("HostnamePath", path(config, "hostname"))
        .field("HostsPath", path(config, "hosts"));
  }

  private static String path(ContainerConfig config, String name) {
    return EtcFiles.find(config, name).map(Object::toString).orElse("");
  }

  private static void plugins(JsonWriter json, ContainerConfig config) {
    json.beginObject();
    json.field("Isolation", config.isolation())
        .field("Resources", config.resources())
        .field("Rootfs", config.rootfs())
        .field("Network", config.network());
    json.endObject();
  }

  private static void hostConfig(JsonWriter json, Host host, ContainerConfig config) {
    json.beginObject();
    new LimitsJson(json, host).write(config.spec().linux().resources());
    json.field("NetworkMode", config.networkMode());
    PortText.bindings(json.name("PortBindings"), config.ports());
    json.name("Dns").texts(config.names().servers());
    json.name("DnsSearch").texts(config.names().search());
    json.name("DnsOptions").texts(config.names().options());
    json.name("ExtraHosts").texts(config.names().hosts());
    json.name("SharedNamespaces").texts(config.sharedNamespaces());
    json.field("AutoRemove", config.autoRemove()).field("Privileged", config.privileged());
    json.field("ReadonlyRootfs", config.spec().root().readonly());
    json.field("Init", config.initProcess());
    json.name("SecurityOpt").texts(config.securityOptions());
    json.field("OomScoreAdj", config.spec().process().oomScoreAdj().orElse(0));
    json.endObject();
  }

  private static void mounts(JsonWriter json, ContainerConfig config) {
    json.beginArray();
    for (Mount mount : config.spec().mounts()) {
      if (mount.type().equals("bind")) {
        json.beginObject();
        json.field("Type", "bind")
            .field("Source", mount.source())
            .field("Destination", mount.destination());
        json.field("Mode", String.join(",", mount.options()))
            .field("RW", !mount.options().contains("ro"));
        json.endObject();
      }
    }
    json.endArray();
  }
}
