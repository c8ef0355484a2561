package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Hierarchy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupPlacesTest {
  private static GroupPlaces read(String groups) {
    return GroupPlaces.read(JsonObject.parse("state.json", "{\"id\":\"c\"" + groups + "}"));
  }

  private static ControlGroup group(long version, String name, String directory) {
    return ControlGroup.builder()
        .version(version)
        .hierarchies(
            List.of(
                Hierarchy.builder()
                    .name(name)
                    .version(version)
                    .controllers(List.of("memory", "pids"))
                    .directory(Path.of(directory))
                    .build()))
        .build();
  }

  @Test
  void whatIsNotedIsFoundAgain() throws ReflectiveOperationException {
    Map<String, ControlGroup> groups = new LinkedHashMap<>();
    groups.put("two", group(2, "unified", "/sys/fs/cgroup/of \"mine\"/hardway/c"));
    groups.put(
        "three",
        group(2, "unified", "/sys/fs/cgroup/a.slice/c.scope").toBuilder().unit("c.scope").build());
    groups.put("one", group(1, "memory", "/sys/fs/cgroup/memory/hardway/c"));
    GroupPlaces found = read(",\"groups\":" + new GroupPlaces(groups).json());
    for (Map.Entry<String, ControlGroup> one : groups.entrySet()) {
      assertEquals(
          ValueSamples.flattened(one.getValue()),
          ValueSamples.flattened(found.of(one.getKey()).orElseThrow()));
    }
    assertTrue(found.of("four").isEmpty());
  }

  @Test
  void whereNothingIsNotedNothingIsKnown() {
    assertTrue(read("").isEmpty());
  }
}
