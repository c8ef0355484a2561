package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final Listing LISTING =
      new Listing("{{.ID}}\t{{.Names}}", "ID", "CONTAINER ID", "Names", "NAMES", "State", "STATE");

  private static final List<JsonObject> ROWS =
      List.of(
          JsonObject.parse("row", "{\"ID\":\"4f\",\"Names\":\"web\",\"State\":\"running\"}"),
          JsonObject.parse("row", "{\"ID\":\"a1\",\"Names\":\"worker\",\"State\":\"exited\"}"));

  private static String printed(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LISTING.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), format, ROWS);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutAFormatTheUsualColumnsArePrinted() {
    String usual = "CONTAINER ID   NAMES\n4f             web\na1             worker\n";
    assertEquals(usual, printed(""));
    assertEquals(usual, printed("table"));
  }

  @Test
  void aTableOfATemplateHasHeadings() {
    assertEquals(
        "NAMES    STATE\nweb      running\nworker   exited\n",
        printed("table {{.Names}}\\t{{.State}}"));
  }

  @Test
  void aTemplateAloneHasNone() {
    assertEquals("web is running\nworker is exited\n", printed("{{.Names}} is {{.State}}"));
  }

  @Test
  void jsonHasAnObjectALine() {
    assertEquals(
        "{\"ID\":\"4f\",\"Names\":\"web\",\"State\":\"running\"}",
        printed("json").lines().findFirst().orElse(""));
  }

  @Test
  void aFieldThatThereIsNotIsNamedWithThoseThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> printed("table {{.Nmes}}")).getMessage();
    assertTrue(message.contains("Nmes") && message.contains("Names"), message);
  }
}
