package io.hardway.core.json;

import java.util.List;
import java.util.Map;

/**
 * Writes JSON text into memory, with no class but this: every {@code run} writes its configuration.
 */
public final class JsonWriter {
  private final StringBuilder text = new StringBuilder(4096);
  private boolean first = true;
  private boolean named;

  /** Starts an object, as a value. */
  public JsonWriter beginObject() {
    value();
    text.append('{');
    first = true;
    return this;
  }

  /** Ends the object. */
  public JsonWriter endObject() {
    text.append('}');
    first = false;
    return this;
  }

  /** Starts an array, as a value. */
  public JsonWriter beginArray() {
    value();
    text.append('[');
    first = true;
    return this;
  }

  /** Ends the array. */
  public JsonWriter endArray() {
    text.append(']');
    first = false;
    return this;
  }

  /** The name of the member whose value comes next. */
  public JsonWriter name(String name) {
    value();
    quote(name);
    text.append(':');
    named = true;
    return this;
  }

  /** A member with text. */
  public JsonWriter field(String name, String value) {
    return name(name).text(value);
  }

  /** A member with a number. */
  public JsonWriter field(String name, long value) {
    name(name).value();
    text.append(value);
    return this;
  }

  /** A member that is true or false. */
  public JsonWriter field(String name, boolean value) {
    name(name).value();
    text.append(value);
    return this;
  }

  /** A text, as a value. */
  public JsonWriter text(String value) {
    value();
    quote(value);
    return this;
  }

  /** What JSON calls null, as a value. */
  public JsonWriter nothing() {
    value();
    text.append("null");
    return this;
  }

  /** JSON text that is known to be a value. */
  public JsonWriter raw(String json) {
    value();
    text.append(json);
    return this;
  }

  /** What has been read, as a value: JsonObject, List, String, Long, Double, Boolean or null. */
  public JsonWriter any(Object value) {
    if (value == null) {
      nothing();
    } else if (value instanceof JsonObject object) {
      beginObject();
      for (String name : object.names()) {
        name(name).any(object.get(name));
      }
      endObject();
    } else if (value instanceof List<?> list) {
      beginArray();
      list.forEach(this::any);
      endArray();
    } else if (value instanceof String string) {
      text(string);
    } else {
      raw(value.toString());
    }
    return this;
  }

  /** An array of texts. */
  public JsonWriter texts(List<String> values) {
    beginArray();
    for (String item : values) {
      text(item);
    }
    return endArray();
  }

  /** An array of numbers. */
  public JsonWriter numbers(List<Long> values) {
    beginArray();
    for (Long item : values) {
      value();
      text.append(item);
    }
    return endArray();
  }

  /** An object of texts. */
  public JsonWriter texts(Map<String, String> values) {
    beginObject();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      field(entry.getKey(), entry.getValue());
    }
    return endObject();
  }

  /** What has been written. */
  @Override
  public String toString() {
    return text.toString();
  }

  private void value() {
    if (named) {
      named = false;
    } else if (!first) {
      text.append(',');
    }
    first = false;
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            text.append("\\u00")
                .append(Character.forDigit(c >> 4, 16))
                .append(Character.forDigit(c & 15, 16));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
