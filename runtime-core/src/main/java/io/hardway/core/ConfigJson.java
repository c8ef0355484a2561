package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.RootfsSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The form in which a container's configuration is kept. */
final class ConfigJson {
  private static final long VERSION = 1;

  private ConfigJson() {}

  static String write(ContainerConfig config) {
    JsonWriter json = new JsonWriter();
    json.beginObject();
    json.field("version", VERSION);
    json.field("id", config.id());
    json.field("name", config.name());
    json.field("created", config.created());
    json.name("source").beginObject();
    json.field("kind", config.source().kind());
    List<String> paths = new ArrayList<>();
    for (Path path : config.source().paths()) {
      paths.add(path.toString());
    }
    json.name("paths").texts(paths);
    json.endObject();
    json.field("sourceText", config.sourceText());
    SpecJson.write(json.name("spec"), config.spec());
    json.field("isolation", config.isolation());
    json.field("resources", config.resources());
    json.name("supplements").texts(config.supplements());
    json.field("rootfs", config.rootfs());
    json.field("network", config.network());
    json.field("networkMode", config.networkMode());
    json.name("networks").beginArray();
    for (ContainerNetwork network : config.networks()) {
      json.beginObject().field("name", network.name());
      json.name("addresses").texts(network.addresses());
      json.field("macAddress", network.macAddress());
      json.name("aliases").texts(network.aliases());
      json.endObject();
    }
    json.endArray();
    if (!config.exposedPorts().isEmpty()) {
      PortMapping.write(json.name("ports"), config.ports());
      json.name("exposedPorts").texts(config.exposedPorts());
    }
    json.name("sharedNamespaces").texts(config.sharedNamespaces());
    json.name("labels").texts(config.labels());
    json.name("volumes").texts(config.volumes());
    json.name("ownVolumes").texts(config.ownVolumes());
    json.name("dns").texts(config.names().servers());
    json.name("dnsSearch").texts(config.names().search());
    json.name("dnsOptions").texts(config.names().options());
    json.name("extraHosts").texts(config.names().hosts());
    json.field("autoRemove", config.autoRemove());
    json.field("initProcess", config.initProcess());
    json.field("openStdin", config.openStdin());
    json.field("stopSignal", config.stopSignal());
    json.field("stopTimeout", config.stopTimeout());
    json.field("logSize", config.logSize());
    json.field("logged", config.logged());
    json.field("logFiles", config.logFiles());
    json.field("preservedDescriptors", config.preservedDescriptors());
    json.field("privileged", config.privileged());
    json.name("securityOptions").texts(config.securityOptions());
    json.endObject();
    return json.toString();
  }

  /**
   * The configuration in a text.
   *
   * @throws IllegalArgumentException where it is none, or of a later version
   */
  static ContainerConfig read(String place, String text) {
    JsonObject json = JsonObject.parse(place, text);
    if (json.number("version") != VERSION) {
      throw new IllegalArgumentException(
          place
              + " has version "
              + json.number("version")
              + "; this hardway reads version "
              + VERSION);
    }
    ContainerConfig.Builder config = ContainerConfig.builder();
    config.id(json.text("id"));
    config.name(json.text("name"));
    config.created(json.text("created"));
    config.source(source(json.object("source")));
    config.sourceText(json.text("sourceText"));
    config.spec(SpecJson.read(json.object("spec")));
    config.isolation(json.text("isolation"));
    config.resources(json.text("resources"));
    config.supplements(json.texts("supplements"));
    config.rootfs(json.text("rootfs"));
    config.network(json.text("network"));
    config.networkMode(json.text("networkMode"));
    config.networks(networks(json));
    if (json.has("exposedPorts")) {
      config.ports(PortMapping.read(json, "ports"));
      config.exposedPorts(json.texts("exposedPorts"));
    }
    config.sharedNamespaces(json.textMap("sharedNamespaces"));
    config.labels(json.textMap("labels"));
    config.volumes(json.texts("volumes"));
    config.ownVolumes(json.texts("ownVolumes"));
    config.names(
        new NameOptions(
            json.texts("dns"),
            json.texts("dnsSearch"),
            json.texts("dnsOptions"),
            json.texts("extraHosts")));
    config.autoRemove(json.flag("autoRemove"));
    config.initProcess(json.flag("initProcess"));
    config.openStdin(json.flag("openStdin"));
    config.stopSignal((int) json.number("stopSignal"));
    config.stopTimeout((int) json.number("stopTimeout"));
    config.logSize(json.number("logSize"));
    config.logged(json.flag("logged"));
    config.logFiles((int) json.number("logFiles"));
    config.preservedDescriptors((int) json.number("preservedDescriptors"));
    config.privileged(json.flag("privileged"));
    config.securityOptions(json.texts("securityOptions"));
    return config.build();
  }

  private static List<ContainerNetwork> networks(JsonObject json) {
    List<ContainerNetwork> networks = new ArrayList<>();
    for (JsonObject network : json.objects("networks")) {
      networks.add(
          new ContainerNetwork(
              network.text("name"),
              network.texts("addresses"),
              network.text("macAddress"),
              network.texts("aliases")));
    }
    return networks;
  }

  private static RootfsSource source(JsonObject json) {
    List<Path> paths = new ArrayList<>();
    for (String path : json.texts("paths")) {
      paths.add(Path.of(path));
    }
    String kind = json.text("kind");
    return switch (kind) {
      case "directories" -> RootfsSource.directories(paths);
      case "archive" -> RootfsSource.archive(paths.get(0));
      case "prepared" -> RootfsSource.prepared(paths);
      case "host" -> RootfsSource.hostRoot();
      case "bundle" -> RootfsSource.bundle(paths.get(0));
      default -> throw new IllegalArgumentException("a root of the unknown kind " + kind);
    };
  }
}
