package io.hardway.core.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.hardway.linux.json.JsonDocument;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JSON object that has been read. Its accessors refuse a member of another type than asked for,
 * by name.
 */
public final class JsonObject {
  private static final int LONGEST_SHOWN = 40;

  /** So many characters are a long in any case. */
  private static final int LONGEST_LONG = 18;

  private final String place;
  private final Map<String, Object> members;

  private JsonObject(String place, Map<String, Object> members) {
    this.place = place;
    this.members = members;
  }

  /**
   * Reads text that is one JSON object.
   *
   * @param place how errors name the text, like a file's path
   * @throws IllegalArgumentException where it is not; says where
   */
  public static JsonObject parse(String place, String text) {
    return JsonDocument.read(place, text, reader -> new JsonObject(place, members(place, reader)));
  }

  private static Map<String, Object> members(String place, JsonReader reader) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    reader.beginObject();
    while (reader.peek() != JsonToken.END_OBJECT) {
      String name = reader.nextName();
      if (members.containsKey(name)) {
        throw new IllegalArgumentException(place + ": " + name + " is there twice");
      }
      members.put(name, value(place.isEmpty() ? name : place + "." + name, reader));
    }
    reader.endObject();
    return members;
  }

  private static Object value(String place, JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> new JsonObject(place, members(place, reader));
      case BEGIN_ARRAY -> items(place, reader);
      case NUMBER -> number(place, reader.nextString());
      case BOOLEAN -> reader.nextBoolean();
      case NULL -> {
        reader.nextNull();
        yield null;
      }
      default -> reader.nextString();
    };
  }

  private static List<Object> items(String place, JsonReader reader) throws IOException {
    List<Object> items = new ArrayList<>();
    reader.beginArray();
    while (reader.peek() != JsonToken.END_ARRAY) {
      items.add(value(place + "[" + items.size() + "]", reader));
    }
    reader.endArray();
    return items;
  }

  /** A Double where it has a fraction or an exponent. */
  private static Object number(String place, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (".eE".indexOf(text.charAt(i)) >= 0) {
        return Double.valueOf(text);
      }
    }
    return text.length() <= LONGEST_LONG ? Long.valueOf(text) : whole(place, new BigInteger(text));
  }

  /** A Long; what only fits without a sign stays as it is. */
  private static Object whole(String place, BigInteger number) {
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    if (number.signum() < 0 || number.bitLength() > Long.SIZE) {
      throw new IllegalArgumentException(place + ": " + shortened(number) + " is out of range");
    }
    return number;
  }

  private static String shortened(BigInteger number) {
    String text = number.toString();
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }

  /** How errors name it. */
  public String place() {
    return place;
  }

  /** Whether there is such a member, and it is not null. */
  public boolean has(String name) {
    return members.get(name) != null;
  }

  /** The names of its members. */
  public Set<String> names() {
    return members.keySet();
  }

  /** The member as it is: JsonObject, List, String, Long, BigInteger, Double, Boolean or null. */
  public Object get(String name) {
    return members.get(name);
  }

  /** A text. */
  public String text(String name) {
    return member(name, String.class, "text");
  }

  /** A text, or this where there is none. */
  public String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  /** A whole number. */
  public long number(String name) {
    return member(name, Long.class, "a whole number");
  }

  /** A whole number, or this where there is none. */
  public long number(String name, long otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  /**
   * A whole number of 64 bits without a sign, as the bits of a long; -1 is the same as the largest.
   */
  public long unsigned(String name) {
    return members.get(name) instanceof BigInteger large
        ? large.longValue()
        : number(name, -1, Long.MAX_VALUE);
  }

  /** A whole number from the least to the most, which fit an int. */
  public int whole(String name, int least, int most) {
    return (int) number(name, least, most);
  }

  /** A whole number from the least to the most. */
  public long number(String name, long least, long most) {
    long number = number(name);
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          place + ": " + name + " is " + number + ": it must be " + least + " to " + most);
    }
    return number;
  }

  /** True or false; false where there is none. */
  public boolean flag(String name) {
    return has(name) && member(name, Boolean.class, "true or false");
  }

  /** An object. */
  public JsonObject object(String name) {
    return member(name, JsonObject.class, "an object");
  }

  /** An array of objects; empty where there is none. */
  public List<JsonObject> objects(String name) {
    return list(name, JsonObject.class, "an array of objects");
  }

  /** An array of texts; empty where there is none. */
  public List<String> texts(String name) {
    return list(name, String.class, "an array of texts");
  }

  /** An array of whole numbers; empty where there is none. */
  public List<Long> numbers(String name) {
    return list(name, Long.class, "an array of whole numbers");
  }

  /** An object of texts; empty where there is none. */
  public Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (has(name)) {
      JsonObject object = object(name);
      for (String key : object.names()) {
        texts.put(key, object.text(key));
      }
    }
    return texts;
  }

  private <T> T member(String name, Class<T> type, String wanted) {
    Object member = members.get(name);
    if (member == null) {
      throw new IllegalArgumentException(place + ": " + name + " is missing");
    }
    if (type == Long.class && member instanceof BigInteger large) {
      throw new IllegalArgumentException(place + ": " + name + ": " + large + " is out of range");
    }
    if (!type.isInstance(member)) {
      throw new IllegalArgumentException(place + ": " + name + " must be " + wanted);
    }
    return type.cast(member);
  }

  private <T> List<T> list(String name, Class<T> type, String wanted) {
    List<T> items = new ArrayList<>();
    if (!has(name)) {
      return items;
    }
    if (!(members.get(name) instanceof List<?> list)) {
      throw new IllegalArgumentException(place + ": " + name + " must be " + wanted);
    }
    for (Object item : list) {
      if (!type.isInstance(item)) {
        throw new IllegalArgumentException(place + ": " + name + " must be " + wanted);
      }
      items.add(type.cast(item));
    }
    return items;
  }
}
