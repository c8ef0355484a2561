package io.hardway.linux.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDocumentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``                  | a.json: not a JSON object",
        "` `                 | a.json: not a JSON object",
        "[]                  | a.json: not a JSON object",
        "hello               | a.json:1: not JSON",
        "{                   | a.json:1: End of input",
        "{\"x\": [1, nan]}   | a.json:1: not JSON, at x[1]",
        "{\"x\": 01}         | a.json:1: not JSON, at x",
        "{\"x\": TRUE}       | a.json:1: not JSON, at x",
        "{\"x\": {\"y\" 1}}  | a.json:1: Expected ':', at x.y",
        "{\"x\": 1,}         | a.json:1: Expected name, at x",
        "{\"x\": \"\\q\"}    | a.json:1: Invalid escape sequence, at x",
        "{\"x\": \"           | a.json:1: Unterminated string, at x",
        "{'x': 1}            | a.json:1: not JSON",
        "{\"x\": 1 /* a */}  | a.json:1: not JSON, at x",
        "{} {}               | a.json: there is more behind the JSON object",
        "{} x                | a.json: there is more behind the JSON object",
      })
  void whatIsNoJsonIsRefusedByPlace(String text, String refusal) {
    assertEquals(refusal, refusalOf(text));
  }

  @Test
  void theLineIsThatOfTheMistake() {
    assertEquals("a.json:3: not JSON, at b", refusalOf("{\n \"a\": 1,\n \"b\": c}"));
  }

  @Test
  void aTextWithoutAnEndIsRefusedAtItsEnd() {
    assertEquals("a.json:1: Unterminated string, at x", refusalOf("{\"x\": \"y"));
  }

  @Test
  void controlCharactersInTextsAreRefused() {
    assertEquals(
        "a.json:1: Unescaped control characters (\\u0000-\\u001F) are not allowed in strict mode,"
            + " at x",
        refusalOf("{\"x\": \"a\tb\"}"));
  }

  @Test
  void howDeepItMayBeIsBounded() {
    String deep = "{\"x\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertEquals("a.json:1: Nesting limit 255 reached", refusalOf(deep).split(", at")[0]);
  }

  @Test
  void pathsLeadToWhatIsNextAndToWhatWas() {
    String paths =
        JsonDocument.read(
            "a.json",
            "{\"a\": [{\"b\": 1}]}",
            reader -> {
              StringBuilder seen = new StringBuilder(JsonDocument.path(reader)).append('|');
              reader.beginObject();
              String first = reader.nextName();
              reader.beginArray();
              seen.append(JsonDocument.path(reader)).append('|');
              reader.beginObject();
              String second = reader.nextName();
              reader.skipValue();
              seen.append(JsonDocument.path(reader)).append('|');
              reader.endObject();
              seen.append(JsonDocument.previousPath(reader));
              reader.endArray();
              reader.endObject();
              return first + second + seen;
            });
    assertEquals("ab|a[0]|a[0].b|a[0]", paths);
  }

  private static String refusalOf(String text) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> JsonDocument.read("a.json", text, JsonDocumentTest::skip))
        .getMessage();
  }

  private static boolean skip(JsonReader reader) throws IOException {
    switch (reader.peek()) {
      case BEGIN_OBJECT -> {
        reader.beginObject();
        while (reader.hasNext()) {
          var unused = reader.nextName();
          skip(reader);
        }
        reader.endObject();
      }
      case BEGIN_ARRAY -> {
        reader.beginArray();
        while (reader.hasNext()) {
          skip(reader);
        }
        reader.endArray();
      }
      case STRING -> {
        var unused = reader.nextString();
      }
      default -> reader.skipValue();
    }
    return true;
  }
}
