package io.hardway.core;

import io.hardway.core.json.JsonWriter;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.OomCounter;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The steps that write what happened to containers: one JSON object a line, added by one write. */
final class Journal {
  private static final int MODE = 0600;

  private final Path file;

  @Inject
  Journal(Directories directories) {
    this.file = directories.events();
  }

  /** Adds an event at the time in the slot. */
  void add(Stage stage, TextSlot time, String action, ContainerConfig config) {
    stage
        .append(Location.host(file), MODE, event(time, action, config).literal("}\n").build())
        .bestEffort()
        .label("note in the journal: " + action);
  }

  /** Adds an event with an attribute. */
  void add(
      Stage stage,
      TextSlot time,
      String action,
      ContainerConfig config,
      Map<String, String> attributes) {
    Text.Builder text = event(time, action, config);
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      text.literal("," + quoted(attribute.getKey()) + ":" + quoted(attribute.getValue()));
    }
    stage
        .append(Location.host(file), MODE, text.literal("}\n").build())
        .bestEffort()
        .label("note in the journal: " + action);
  }

  /** Adds the end of a container's process. */
  void addExit(Stage stage, TextSlot time, ContainerConfig config, IntSlot status) {
    Text text =
        event(time, "die", config)
            .literal(",\"exitCode\":\"")
            .decimal(status)
            .literal("\"}\n")
            .build();
    stage.append(Location.host(file), MODE, text).bestEffort().label("note in the journal: die");
  }

  /** The plan that adds that the kernel has killed in a container for lack of memory. */
  Plan ofOutOfMemory(ContainerConfig config, OomCounter counter) {
    PlanAssembler assembler = new PlanAssembler();
    Stage stage = assembler.stage(Phase.HOST, StartPlanner.CORE);
    TextSlot time = assembler.textSlot("time");
    TextSlot kills = assembler.textSlot("processes killed for lack of memory");
    stage.clock(time).label("note the time");
    stage
        .readKey(Location.host(counter.file()), counter.key(), kills)
        .bestEffort()
        .label("read how many were killed for lack of memory");
    Text text =
        event(time, "oom", config).literal(",\"oomKills\":\"").text(kills).literal("\"}\n").build();
    stage.append(Location.host(file), MODE, text).bestEffort().label("note in the journal: oom");
    return assembler.run(Optional.empty());
  }

  private static Text.Builder event(TextSlot time, String action, ContainerConfig config) {
    return Text.builder()
        .literal("{\"time\":\"")
        .text(time)
        .literal(
            "\",\"type\":\"container\",\"action\":"
                + quoted(action)
                + ",\"id\":"
                + quoted(config.id())
                + ",\"name\":"
                + quoted(config.name())
                + ",\"image\":"
                + quoted(config.sourceText()));
  }

  private static String quoted(String text) {
    return new JsonWriter().text(text).toString();
  }
}
