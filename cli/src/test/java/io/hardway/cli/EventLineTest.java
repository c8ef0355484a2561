package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static final EventLine DIE =
      new EventLine(
          JsonObject.parse(
              "test",
              "{\"time\":\"2026-01-02T03:04:05.000000006Z\",\"type\":\"container\",\"action\":\"die\","
                  + "\"id\":\"0123\",\"name\":\"old\",\"image\":\"/srv/root\",\"exitCode\":\"3\"}"),
          "web");

  @Test
  void aLineIsAsDockersIs() {
    assertEquals(
        "2026-01-02T03:04:05.000000006Z container die 0123 (name=web, image=/srv/root, exitCode=3)",
        DIE.text());
  }

  @Test
  void jsonIsAsDockersIs() {
    assertEquals(
        "{\"status\":\"die\",\"id\":\"0123\",\"from\":\"/srv/root\",\"Type\":\"container\","
            + "\"Action\":\"die\",\"Actor\":{\"ID\":\"0123\",\"Attributes\":{\"name\":\"web\","
            + "\"image\":\"/srv/root\",\"exitCode\":\"3\"}},\"scope\":\"local\","
            + "\"time\":1767323045,\"timeNano\":1767323045000000006}",
        DIE.json());
  }

  @Test
  void aTemplateHasDockersFields() {
    String template =
        "{{.Time}} {{.TimeNano}} {{.Type}} {{.Action}} {{.Status}} {{.ID}} {{.From}} {{.Scope}}"
            + " {{.Actor.ID}} {{.Actor.Attributes.name}} {{.Actor.Attributes.exitCode}}";
    assertEquals(
        "1767323045 1767323045000000006 container die die 0123 /srv/root local 0123 web 3",
        new Template(template).fill(DIE.fields()));
  }
}
