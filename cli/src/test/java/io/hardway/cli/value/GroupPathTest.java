package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPathTest {

  @ParameterizedTest
  @CsvSource({
    "batch,batch/c",
    "batch/night,batch/night/c",
    "hardway/batch,batch/c",
    "/hardway/batch,batch/c",
    "hardway,c",
    "/hardway,c",
    "hardwayish,hardwayish/c",
    "my.slice,my.slice/c"
  })
  void aParentIsBelowOurs(String text, String path) {
    assertEquals(path, GroupPath.in(GroupPath.parse(text), "c"));
  }

  @ParameterizedTest
  @CsvSource({"/,/c", "/x,/x/c", "/system.slice/batch,/system.slice/batch/c"})
  void anAbsoluteParentIsWhereItIs(String text, String path) {
    assertEquals(path, GroupPath.in(GroupPath.parse(text), "c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
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
        "//x",
        "/x/"
      })
  void whatIsNotPlainIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> GroupPath.parse(text));
  }
}
