package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.json.JsonWriter;
import io.hardway.linux.Capabilities;
import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** {@code features}: what can be asked for on this host; runtime-spec, features.md. */
final class OciFeatures implements OciCommand {
  static final String OLDEST = "1.0.0";
  static final String NEWEST = "1.3.0";
  private static final String CHECKPOINTS = "org.opencontainers.runc.checkpoint.enabled";
  private static final String ENABLED = "enabled";
  private static final String[][] NAMESPACES = {
    {"cgroup", "cgroup"},
    {"ipc", "ipc"},
    {"mount", "mnt"},
    {"network", "net"},
    {"pid", "pid"},
    {"time", "time"},
    {"user", "user"},
    {"uts", "uts"}
  };

  @Override
  public OptionTable table() {
    return new OptionTable("features", "", "Print what can be asked for here, as JSON")
        .program(OciMain.PROGRAM)
        .arguments(0, 0);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    session.out().println(json(session.host(), session.criu()));
    return 0;
  }

  private static String json(Host host, CriuProgram criu) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ociVersionMin", OLDEST).field("ociVersionMax", NEWEST);
    json.name("linux").beginObject();
    json.name("namespaces").texts(namespaces(host));
    json.name("capabilities").texts(Capabilities.all());
    boolean hybrid = Files.exists(host.file("/sys/fs/cgroup/unified/cgroup.controllers"));
    boolean unified = Files.exists(host.file("/sys/fs/cgroup/cgroup.controllers"));
    json.name("cgroup")
        .beginObject()
        .field("v1", !unified)
        .field("v2", unified || hybrid)
        .field("systemd", true)
        .field("systemdUser", false)
        .field("rdma", true)
        .endObject();
    json.name("seccomp").beginObject().field(ENABLED, true).endObject();
    json.name("apparmor")
        .beginObject()
        .field(ENABLED, Files.exists(host.file("/sys/kernel/security/apparmor")))
        .endObject();
    json.name("selinux")
        .beginObject()
        .field(ENABLED, Files.exists(host.file("/sys/fs/selinux/enforce")))
        .endObject();
    json.name("intelRdt").beginObject().field(ENABLED, false).endObject();
    json.name("netDevices").beginObject().field(ENABLED, true).endObject();
    json.endObject();
    json.name("annotations")
        .beginObject()
        .field("io.hardway.version", Version.text())
        .field(CHECKPOINTS, Boolean.toString(host.uid() == 0 && criu.works()))
        .endObject();
    return json.endObject().toString();
  }

  private static List<String> namespaces(Host host) {
    List<String> names = new ArrayList<>();
    for (String[] namespace : NAMESPACES) {
      if (host.supportsNamespace(namespace[1])) {
        names.add(namespace[0]);
      }
    }
    return names;
  }
}
