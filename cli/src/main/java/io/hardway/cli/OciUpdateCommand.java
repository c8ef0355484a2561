package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.Bundle;
import io.hardway.core.BundleEngine;
import io.hardway.core.BundleRecord;
import io.hardway.core.HardwayException;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code update}: changes limits of a container, also while it runs; what is not said stays. */
final class OciUpdateCommand implements OciCommand {
  private static final String INPUT = "-";

  @Override
  public OptionTable table() {
    return OciLimitFlags.add(
            new OptionTable(
                    "update",
                    "[OPTIONS] CONTAINER",
                    "Change limits of a container, also while it runs")
                .program(OciMain.PROGRAM)
                .value(
                    "resources",
                    'r',
                    "file",
                    "The limits, as linux.resources of config.json has them; - is standard input"))
        .arguments(1, 1);
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    Resources asked = withSwapFree(asked(arguments));
    BundleEngine engine = session.engine();
    String id = arguments.positional().get(0);
    engine.find(id);
    session.perform(engine.lock(id));
    BundleRecord container = engine.find(id);
    Resources before = container.config().spec().linux().resources();
    if (!asked.devices().isEmpty()
        && !text(Bundle.deviceRules(asked.devices())).equals(text(before.devices()))) {
      session.warn("the rules about devices stay as they are: they are not updated");
    }
    UpdatedLimits limits =
        new UpdatedLimits(before, asked.only(controller -> !controller.equals("devices")));
    return session.performLast(engine.update(container, limits.changed(), limits.after()).plan());
  }

  private static String text(List<DeviceRule> rules) {
    JsonWriter json = new JsonWriter();
    SpecJson.writeLimits(json, Resources.builder().devices(rules).build());
    return json.toString();
  }

  private static Resources asked(Arguments arguments) throws IOException {
    String file = arguments.text("resources").orElse("");
    if (file.isEmpty()) {
      return OciLimitFlags.read(arguments);
    }
    String other = OciLimitFlags.first(arguments);
    if (!other.isEmpty()) {
      throw arguments.refuse(
          "--" + other + " cannot be used beside --resources: say it there, as all other limits");
    }
    if (file.equals(INPUT)) {
      return Bundle.readLimits(
          "standard input", new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    }
    try {
      return Bundle.readLimits(file, Files.readString(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw new HardwayException(file + ": no such file: name it with --resources", e);
    }
  }

  /** Memory without a limit has swap without one: the sum of both cannot be less. */
  private static Resources withSwapFree(Resources asked) {
    MemoryResources memory = asked.memory();
    if (memory.limit().isEmpty()
        || !memory.limit().get().isUnlimited()
        || memory.swap().isPresent()) {
      return asked;
    }
    return asked.toBuilder().memory(memory.toBuilder().swap(Limit.unlimited()).build()).build();
  }
}
