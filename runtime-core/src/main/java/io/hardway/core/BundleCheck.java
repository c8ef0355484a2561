package io.hardway.core;

import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Hook;
import io.hardway.spi.spec.Hooks;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Rlimit;
import io.hardway.spi.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a {@code config.json} that is well formed may say all the same, and the specification or
 * Linux does not allow; config.md, config-linux.md. Each sentence begins with the member.
 */
final class BundleCheck {
  private static final String FILE = "config.json";
  private static final int LONGEST_NAME = 64;
  private static final List<String> NAMESPACES =
      List.of("pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time");

  private BundleCheck() {}

  /** Of a whole specification. */
  static void check(Spec spec) {
    require(
        spec.ociVersion().startsWith("1."),
        "ociVersion",
        "\"" + spec.ociVersion() + "\" is no version that is known: 1.0 to 1.3 are");
    check(FILE + ": process.", spec.process());
    require(!spec.root().path().isEmpty(), "root.path", "is missing");
    check(spec.hooks());
    spec.hostname().ifPresent(name -> checkName("hostname", name));
    spec.domainname().ifPresent(name -> checkName("domainname", name));
    check(spec.linux());
    for (int i = 0; i < spec.mounts().size(); i++) {
      String destination = spec.mounts().get(i).destination();
      String member = "mounts[" + i + "].destination";
      require(destination.startsWith("/"), member, "\"" + destination + "\" is not absolute");
      require(
          !Path.of(destination).normalize().equals(Path.of("/")),
          member,
          "\"" + destination + "\" is the root itself");
    }
  }

  /** Of a process; what is said of it begins with the place. */
  static void check(String place, ContainerProcess process) {
    if (process.args().isEmpty()) {
      throw new HardwayException(place + "args: names no program");
    }
    if (process.args().get(0).isEmpty()) {
      throw new HardwayException(place + "args[0]: names no program");
    }
    if (!process.cwd().startsWith("/")) {
      throw new HardwayException(place + "cwd: \"" + process.cwd() + "\" is not absolute");
    }
    Set<String> limited = new HashSet<>();
    for (int i = 0; i < process.rlimits().size(); i++) {
      Rlimit limit = process.rlimits().get(i);
      String member = place + "rlimits[" + i + "]";
      if (!limited.add(limit.type())) {
        throw new HardwayException(member + ".type: " + limit.type() + " is said twice");
      }
      if (Long.compareUnsigned(limit.soft(), limit.hard()) > 0) {
        throw new HardwayException(
            member
                + ".soft: "
                + Long.toUnsignedString(limit.soft())
                + " is more than the hard limit, "
                + Long.toUnsignedString(limit.hard()));
      }
    }
  }

  /** uts_namespaces(7) has room for that many bytes. */
  private static void checkName(String member, String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    require(length <= LONGEST_NAME, member, length + " bytes long: Linux takes " + LONGEST_NAME);
  }

  private static void check(LinuxSettings linux) {
    Set<String> types = new HashSet<>();
    for (int i = 0; i < linux.namespaces().size(); i++) {
      String type = linux.namespaces().get(i).type();
      String member = "linux.namespaces[" + i + "].type";
      require(
          NAMESPACES.contains(type), member, "\"" + type + "\" is none; there are " + NAMESPACES);
      require(types.add(type), member, type + " is said twice");
    }
    for (int i = 0; i < linux.devices().size(); i++) {
      Device device = linux.devices().get(i);
      String member = "linux.devices[" + i + "].";
      require(
          device.path().startsWith("/"),
          member + "path",
          "\"" + device.path() + "\" is not absolute");
      require(
          Set.of("c", "b", "u", "p").contains(device.type()),
          member + "type",
          "\"" + device.type() + "\" is none: there are c, b, u and p");
    }
    for (int i = 0; i < linux.resources().devices().size(); i++) {
      DeviceRule rule = linux.resources().devices().get(i);
      String member = "linux.resources.devices[" + i + "].";
      require(
          Set.of("", "a", "c", "b").contains(rule.type()),
          member + "type",
          "\"" + rule.type() + "\" is none: there are a, c and b");
      require(
          rule.access().matches("[rwm]*"),
          member + "access",
          "\"" + rule.access() + "\" has other letters than r, w and m");
    }
  }

  private static void check(Hooks hooks) {
    check("prestart", hooks.prestart());
    check("createRuntime", hooks.createRuntime());
    check("createContainer", hooks.createContainer());
    check("startContainer", hooks.startContainer());
    check("poststart", hooks.poststart());
    check("poststop", hooks.poststop());
  }

  private static void check(String point, List<Hook> hooks) {
    for (int i = 0; i < hooks.size(); i++) {
      Hook hook = hooks.get(i);
      String place = "hooks." + point + "[" + i + "].";
      require(
          hook.path().startsWith("/"), place + "path", "\"" + hook.path() + "\" is not absolute");
      require(hook.timeout().orElse(1) > 0, place + "timeout", "is not greater than zero");
    }
  }

  private static void require(boolean holds, String member, String complaint) {
    if (!holds) {
      throw new HardwayException(FILE + ": " + member + ": " + complaint);
    }
  }
}
