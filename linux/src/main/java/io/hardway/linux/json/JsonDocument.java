package io.hardway.linux.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that is one JSON object (RFC 8259), read as a stream. Gson's reader it is, since Jackson's
 * has decimal numbers of the JDK set up, which takes a JVM that has just started 10 ms.
 */
public final class JsonDocument {
  /** What Gson says, and where. */
  private static final Pattern MESSAGE =
      Pattern.compile("(.*?) at line (\\d+) column \\d+ path \\$\\.?(\\S*).*", Pattern.DOTALL);

  private JsonDocument() {}

  /** Reads an object, from its beginning to its end. */
  @FunctionalInterface
  public interface Content<T> {
    /**
     * Reads it.
     *
     * @throws IOException from the reader
     */
    T read(JsonReader reader) throws IOException;
  }

  /**
   * Reads text that is one JSON object.
   *
   * @param place how errors name the text, like a file's path
   * @throws IllegalArgumentException where it is not; says where
   */
  public static <T> T read(String place, String text, Content<T> content) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      if (text.isBlank() || reader.peek() != JsonToken.BEGIN_OBJECT) {
        throw new IllegalArgumentException(place + ": not a JSON object");
      }
      T value = content.read(reader);
      requireEnd(place, reader);
      return value;
    } catch (EOFException | MalformedJsonException e) {
      throw new IllegalArgumentException(place + refusal(e.getMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private static void requireEnd(String place, JsonReader reader) throws IOException {
    boolean isEnd;
    try {
      isEnd = reader.peek() == JsonToken.END_DOCUMENT;
    } catch (MalformedJsonException somethingElse) {
      isEnd = false;
    }
    if (!isEnd) {
      throw new IllegalArgumentException(place + ": there is more behind the JSON object");
    }
  }

  private static String refusal(String message) {
    Matcher parts = MESSAGE.matcher(message);
    if (!parts.matches()) {
      return ": " + message;
    }
    // What it does not expect, it offers to accept.
    String what = parts.group(1).startsWith("Use JsonReader") ? "not JSON" : parts.group(1);
    String where = withoutRoot("$." + parts.group(3));
    return ":" + parts.group(2) + ": " + what + (where.isEmpty() ? "" : ", at " + where);
  }

  /** Where what comes next is, like {@code syscalls[3].args[0].op}; empty for all of it. */
  public static String path(JsonReader reader) {
    return withoutRoot(reader.getPath());
  }

  /** Where what was read last is. */
  public static String previousPath(JsonReader reader) {
    return withoutRoot(reader.getPreviousPath());
  }

  private static String withoutRoot(String path) {
    // A dot is the end where a name has yet to come.
    int end = path.endsWith(".") ? path.length() - 1 : path.length();
    return path.substring(Math.min(end, 2), end);
  }
}
