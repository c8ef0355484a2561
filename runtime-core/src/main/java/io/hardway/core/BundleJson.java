package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.core.json.SpecJson;
import java.nio.file.Path;

/** The form in which the OCI runtime keeps how a container was made. */
final class BundleJson {
  private BundleJson() {}

  static String write(BundleConfig config, GroupPlaces places) {
    JsonWriter json = new JsonWriter();
    json.beginObject();
    json.field("id", config.id());
    json.field("bundle", config.bundle().toString());
    json.field("created", config.created());
    SpecJson.write(json.name("spec"), config.spec());
    json.field("isolation", config.isolation());
    json.field("resources", config.resources());
    json.name("supplements").texts(config.supplements());
    json.name("groups").raw(places.json());
    json.endObject();
    return json.toString();
  }

  /**
   * The configuration in what was kept.
   *
   * @throws IllegalArgumentException where it is none
   */
  static BundleConfig read(JsonObject json) {
    return BundleConfig.builder()
        .id(json.text("id"))
        .bundle(Path.of(json.text("bundle")))
        .created(json.text("created"))
        .spec(SpecJson.read(json.object("spec")))
        .isolation(json.text("isolation"))
        .resources(json.text("resources"))
        .supplements(json.texts("supplements"))
        .build();
  }
}
