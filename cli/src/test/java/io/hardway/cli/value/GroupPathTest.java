package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPathTest {

  @ParameterizedTest
  @CsvSource({
    "batch,hardway/batch",
    "batch/night,hardway/batch/night",
    "hardway/batch,hardway/batch",
    "/hardway/batch,hardway/batch",
    "hardway,hardway",
    "hardwayish,hardway/hardwayish",
    "my.slice,hardway/my.slice"
  })
  void aParentIsBelowOurs(String text, String path) {
    assertEquals(path, GroupPath.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "..",
        "../x",
        "x/..",
        "x/../../y",
        "hardway/../x",
        "/hardway/../x",
        ".",
        "x/./y",
        "x//y",
        "x/",
        "/x",
        "/system.slice"
      })
  void whatIsElsewhereIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> GroupPath.parse(text));
  }
}
