package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Hierarchy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the parts of a container's control group are, noted at its start for users whose groups
 * depend on where they are themselves: a shell that is elsewhere must find the same ones.
 */
final class GroupPlaces {
  /** Nothing was noted. */
  static final GroupPlaces NONE = new GroupPlaces(Map.of());

  private static final String GROUPS = "groups";

  private final Map<String, ControlGroup> byPlugin;

  /** Of these plugins. */
  GroupPlaces(Map<String, ControlGroup> byPlugin) {
    this.byPlugin = byPlugin;
  }

  boolean isEmpty() {
    return byPlugin.isEmpty();
  }

  /** The group of a plugin. */
  Optional<ControlGroup> of(String plugin) {
    return Optional.ofNullable(byPlugin.get(plugin));
  }

  /** As an array of objects. */
  String json() {
    JsonWriter json = new JsonWriter().beginArray();
    for (Map.Entry<String, ControlGroup> place : byPlugin.entrySet()) {
      json.beginObject();
      json.field("plugin", place.getKey());
      json.field("version", place.getValue().version());
      place.getValue().unit().ifPresent(unit -> json.field("unit", unit));
      json.name("hierarchies").beginArray();
      for (Hierarchy hierarchy : place.getValue().hierarchies()) {
        json.beginObject();
        json.field("name", hierarchy.name());
        json.field("version", hierarchy.version());
        json.name("controllers").texts(hierarchy.controllers());
        json.field("directory", hierarchy.directory().toString());
        json.endObject();
      }
      json.endArray().endObject();
    }
    return json.endArray().toString();
  }

  /** From the state of a container that runs. */
  static GroupPlaces read(JsonObject state) {
    Map<String, ControlGroup> byPlugin = new LinkedHashMap<>();
    for (JsonObject place : state.objects(GROUPS)) {
      List<Hierarchy> hierarchies = new ArrayList<>();
      for (JsonObject hierarchy : place.objects("hierarchies")) {
        hierarchies.add(
            Hierarchy.builder()
                .name(hierarchy.text("name"))
                .version(hierarchy.number("version"))
                .controllers(hierarchy.texts("controllers"))
                .directory(Path.of(hierarchy.text("directory")))
                .build());
      }
      ControlGroup.Builder group =
          ControlGroup.builder().version(place.number("version")).hierarchies(hierarchies);
      if (place.has("unit")) {
        group.unit(place.text("unit"));
      }
      byPlugin.put(place.text("plugin"), group.build());
    }
    return new GroupPlaces(byPlugin);
  }
}
