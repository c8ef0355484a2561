package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
  private static ContainerConfig.Builder least() {
    return ContainerConfig.builder()
        .id("4f".repeat(32))
        .name("web")
        .created("2026-01-01T00:00:00Z")
        .source(RootfsSource.hostRoot())
        .spec(Spec.builder().build());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everythingThatCanBeAskedForIsKept(boolean flags) throws ReflectiveOperationException {
    ContainerConfig config = new ValueSamples(flags).of(ContainerConfig.class);
    Map<String, String> before = ValueSamples.flattened(config);
    assertTrue(before.size() > 150, "the sample says little: " + before);
    assertFalse(before.containsValue("absent"), before.toString());
    ContainerConfig read = ConfigJson.read("config.json", ConfigJson.write(config));
    assertEquals(before, ValueSamples.flattened(read));
  }

  @Test
  void whatIsNotAskedForStaysAbsent() throws ReflectiveOperationException {
    ContainerConfig config = least().build();
    ContainerConfig read = ConfigJson.read("config.json", ConfigJson.write(config));
    assertEquals(ValueSamples.flattened(config), ValueSamples.flattened(read));
  }

  @Test
  void textsOfAnyKindAreKept() {
    String text = "a\"b\\c\n\t\u0001\u00e9\u2028\ud83d\udc33</script>";
    ContainerConfig config = least().labels(Map.of(text, text)).build();
    assertEquals(
        Map.of(text, text), ConfigJson.read("config.json", ConfigJson.write(config)).labels());
  }

  @Test
  void everyKindOfRootIsKept() {
    Path path = Path.of("/srv/root");
    for (RootfsSource source :
        List.of(
            RootfsSource.hostRoot(),
            RootfsSource.archive(path),
            RootfsSource.bundle(path),
            RootfsSource.prepared(List.of(path)),
            RootfsSource.directories(List.of(path, Path.of("/srv/base"))))) {
      RootfsSource read =
          ConfigJson.read("config.json", ConfigJson.write(least().source(source).build())).source();
      assertEquals(source.kind(), read.kind());
      assertEquals(source.paths(), read.paths());
    }
  }

  @Test
  void aLaterVersionIsRefusedByItsFile() {
    String later =
        ConfigJson.write(least().build()).replaceFirst("\"version\": ?1", "\"version\":2");
    String message =
        assertThrows(IllegalArgumentException.class, () -> ConfigJson.read("/c/config.json", later))
            .getMessage();
    assertEquals("/c/config.json has version 2; this hardway reads version 1", message);
  }

  @Test
  void aSpecificationAloneIsKept() throws ReflectiveOperationException {
    Spec spec = new ValueSamples(true).of(Spec.class);
    JsonWriter json = new JsonWriter();
    SpecJson.write(json, spec);
    Spec read = SpecJson.read(JsonObject.parse("config.json", json.toString()));
    assertEquals(ValueSamples.flattened(spec), ValueSamples.flattened(read));
  }
}
