package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersTest {
  private static final String SIBLING = "4f4f" + "00".repeat(30);

  @TempDir Path directory;

  private PlannedEngine engine;

  @BeforeEach
  void twoWhoseIdsBeginAlike() throws IOException {
    engine = new PlannedEngine(directory);
    write(ConfigJson.write(PlannedEngine.config().build()), PlannedEngine.ID);
    write(ConfigJson.write(PlannedEngine.config().id(SIBLING).name("other").build()), SIBLING);
  }

  private void write(String text, String id) throws IOException {
    Path file = engine.directories().configFile(id);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void theBeginningOfAnIdIsEnoughWhereItIsOneContainers() {
    Containers containers = engine.engine().containers();
    assertEquals("other", containers.find("4f4f0").config().name());
    assertTrue(containers.has("4f4f4"));
    assertFalse(containers.has("4f5"));
    assertFalse(containers.has(""));
    String message =
        assertThrows(HardwayException.class, () -> containers.has("4f4f")).getMessage();
    assertTrue(message.contains("4f4f") && message.contains("more than one"), message);
  }

  @Test
  void aDamagedConfigurationIsNamedWithWhatHelps() throws IOException {
    write("{\"version\":1,", SIBLING);
    Containers containers = engine.engine().containers();
    String message = assertThrows(HardwayException.class, containers::all).getMessage();
    assertTrue(message.contains("config.json:1: "), message);
    assertTrue(message.contains("remove " + engine.directories().containerData(SIBLING)), message);
    assertTrue(containers.has("4f4f4"));
  }

  @Test
  void whoOnlyShowsThemIsToldOfADamagedOneAndSeesTheRest() throws IOException {
    write("{", SIBLING);
    Files.writeString(engine.directories().containerData("note"), "not a container");
    List<HardwayException> damaged = new ArrayList<>();
    List<ContainerRecord> shown = engine.engine().containers().all(damaged::add);
    assertEquals(List.of(PlannedEngine.ID), shown.stream().map(one -> one.config().id()).toList());
    assertEquals(1, damaged.size());
    assertTrue(damaged.get(0).getMessage().contains(SIBLING), damaged::toString);
  }
}
