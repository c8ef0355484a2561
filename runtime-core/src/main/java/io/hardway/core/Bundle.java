package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import io.hardway.spi.spec.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

  /** /dev/net/tun, which callers expect that root of a container may make and use. */
  private static final long[] TUN = {10, 200};

  /** Many times what the largest has. */
  private static final int MOST_BYTES = 16 << 20;

  private static final String[] MISSING = {"intelRdt"};

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
    // A pipe may have nobody who writes to it.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new HardwayException(file + ": is no regular file");
    }
    try {
      JsonObject json = JsonObject.parse(FILE, text(file));
      checkTexts(FILE, json);
      refuseMissing(json);
      requireMembers(json);
      spec = SpecJson.read(json);
    } catch (NoSuchFileException e) {
      throw new HardwayException(
          file + ": no such file: name the bundle's directory with --bundle", e);
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(e.getMessage(), e);
    }
    BundleCheck.check(spec);
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
      JsonObject json = JsonObject.parse(file.toString(), text(file));
      ContainerProcess process = SpecJson.readProcess(json);
      BundleCheck.check(file + ": ", process);
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

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("is larger than " + (MOST_BYTES >> 20) + " MiB: nothing needs that");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("is not in UTF-8", e);
    }
  }

  /** config.md: these have no default. */
  private static void requireMembers(JsonObject json) {
    json.text("ociVersion");
    json.object("root").text("path");
    if (json.has("process")) {
      json.object("process").text("cwd");
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
    rules.add(
        DeviceRule.builder()
            .allow(true)
            .type("c")
            .major(TUN[0])
            .minor(TUN[1])
            .access("rwm")
            .build());
    return rules;
  }
}
