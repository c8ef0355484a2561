package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Hook;
import io.hardway.spi.spec.Hooks;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import io.hardway.spi.spec.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An OCI bundle: a directory with {@code config.json}, and mostly the root beside it; bundle.md.
 */
public final class Bundle {
  private static final String FILE = "config.json";

  /** MAX_ARG_STRLEN of {@code linux/binfmts.h}; paths end far before that. */
  private static final int LONGEST = 1 << 17;

  private static final String[] MISSING = {"intelRdt"};

  /** /dev/net/tun, which callers expect that root of a container may make and use. */
  private static final long[] TUN = {10, 200};

  /** Many times what the largest has. */
  private static final int MOST_BYTES = 16 << 20;

  private Bundle() {}

  /**
   * The specification in a bundle, with what it leaves to the runtime filled in: the path of the
   * root is absolute, and the devices every container has may be used.
   *
   * @param directory an absolute path
   * @throws HardwayException where it is missing or invalid; names the member of {@code
   *     config.json}
   */
  public static Spec read(Path directory) {
    Path file = directory.resolve(FILE);
    Spec spec;
    try {
      JsonObject json = JsonObject.parse(FILE, Files.readString(file));
      checkTexts(FILE, json);
      refuseMissing(json);
      spec = SpecJson.read(json);
    } catch (NoSuchFileException e) {
      throw new HardwayException(
          file + ": no such file: name the bundle's directory with --bundle", e);
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(e.getMessage(), e);
    }
    check(spec);
    return spec.toBuilder()
        .process(process(spec.process()))
        .root(spec.root().toBuilder().path(root(directory, spec.root().path())).build())
        .linux(linux(spec.linux()))
        .build();
  }

  /**
   * A process in the form of {@code config.json}'s {@code process}, as {@code exec} gets it.
   *
   * @throws HardwayException where the file is missing or invalid; names the member
   */
  public static ContainerProcess readProcess(Path file) {
    try {
      JsonObject json = JsonObject.parse(file.toString(), Files.readString(file));
      ContainerProcess process = SpecJson.readProcess(json);
      check(file + ": ", process);
      return process(process);
    } catch (NoSuchFileException e) {
      throw new HardwayException(file + ": no such file", e);
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(e.getMessage(), e);
    }
  }

  /**
   * Limits in the form of {@code config.json}'s {@code linux.resources}, as {@code update} gets
   * them. What is 0 is not asked for, as runtimes take it: engines write all members.
   *
   * @param place how errors name the text, like a file's path
   * @throws HardwayException where the text is invalid; names the member
   */
  public static Resources readLimits(String place, String text) {
    try {
      JsonObject json = JsonObject.parse(place, text);
      checkTexts(place, json);
      return AskedLimits.of(SpecJson.readLimits(json));
    } catch (IllegalArgumentException e) {
      throw new HardwayException(e.getMessage(), e);
    }
  }

  /** What the specification has and we have not would be ignored, against what was asked for. */
  private static void refuseMissing(JsonObject json) {
    for (String member : MISSING) {
      if (json.has("linux") && json.object("linux").has(member)) {
        throw new HardwayException(FILE + ": linux." + member + ": is not there yet: leave it out");
      }
    }
  }

  /**
   * What no path, argument or file of the kernel can hold; annotations are for others, and never
   * reach it.
   */
  private static void checkTexts(String place, Object value) {
    if (value instanceof JsonObject object) {
      for (String name : object.names()) {
        if (!name.equals("annotations")) {
          checkTexts(place, name);
          checkTexts(place + "." + name, object.get(name));
        }
      }
    } else if (value instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        checkTexts(place + "[" + i + "]", items.get(i));
      }
    } else if (value instanceof String text) {
      if (text.indexOf('\0') >= 0) {
        throw new HardwayException(place + ": a text with a NUL character");
      }
      if (text.length() >= LONGEST) {
        throw new HardwayException(
            place + ": a text of " + text.length() + " characters: Linux takes none of " + LONGEST);
      }
    }
  }

  private static void check(Spec spec) {
    require(
        spec.ociVersion().startsWith("1."),
        "ociVersion",
        "\"" + spec.ociVersion() + "\" is no version that is known: 1.0 to 1.3 are");
    check(FILE + ": process.", spec.process());
    require(!spec.root().path().isEmpty(), "root.path", "is missing");
    check(spec.hooks());
    for (int i = 0; i < spec.mounts().size(); i++) {
      require(
          spec.mounts().get(i).destination().startsWith("/"),
          "mounts[" + i + "].destination",
          "\"" + spec.mounts().get(i).destination() + "\" is not absolute");
    }
  }

  private static void check(String place, ContainerProcess process) {
    if (process.args().isEmpty()) {
      throw new HardwayException(place + "args: names no program");
    }
    if (process.args().get(0).isEmpty()) {
      throw new HardwayException(place + "args[0]: names no program");
    }
    if (!process.cwd().startsWith("/")) {
      throw new HardwayException(place + "cwd: \"" + process.cwd() + "\" is not absolute");
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

  private static String root(Path bundle, String path) {
    Path root = bundle.resolve(path);
    if (!Files.isDirectory(root)) {
      throw new HardwayException(FILE + ": root.path: " + root + " is no directory");
    }
    return root.normalize().toString();
  }

  /** Ids are what the specification says, whatever the container's files say of them. */
  static ContainerProcess process(ContainerProcess process) {
    User user = process.user();
    return process.toBuilder()
        .capabilities(capabilities(process.capabilities()))
        .user(user.toBuilder().name(user.uid() + ":" + user.gid()).build())
        .build();
  }

  /**
   * capabilities(7): none can be ambient that is not permitted and inheritable. Many a config.json
   * names such; like other runtimes we leave them out.
   */
  private static CapabilitySets capabilities(CapabilitySets sets) {
    List<String> ambient = new ArrayList<>(sets.ambient());
    ambient.retainAll(sets.permitted());
    rules.add(
        DeviceRule.builder()
            .allow(true)
            .type("c")
            .major(TUN[0])
            .minor(TUN[1])
            .access("rwm")
            .build());
    ambient.retainAll(sets.inheritable());
    return sets.toBuilder().ambient(ambient).build();
  }

  private static LinuxSettings linux(LinuxSettings linux) {
    Resources limits = AskedLimits.of(linux.resources());
    return linux.toBuilder()
        .resources(limits.toBuilder().devices(deviceRules(limits.devices())).build())
        .build();
  }

  /**
   * The rules about devices that a container has whose {@code config.json} says these: the default
   * devices are there whatever it says; config-linux.md, "Default Devices". None are none.
   */
  public static List<DeviceRule> deviceRules(List<DeviceRule> said) {
    if (said.isEmpty()) {
      return said;
    }
    List<DeviceRule> rules = new ArrayList<>(said);
    for (DeviceRule rule : DefaultSpec.deviceRules()) {
      if (rule.allow()) {
        rules.add(rule);
      }
    }
    return rules;
  }
}
