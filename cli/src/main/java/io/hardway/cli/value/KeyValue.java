package io.hardway.cli.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A setting as {@code NAME=VALUE}. */
public record KeyValue(String key, String value) {

  /** Reads {@code NAME=VALUE}; without an equals sign the value is empty, as in a label. */
  public static KeyValue parse(String text) {
    int equals = text.indexOf('=');
    if (equals == 0 || text.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' has no name; write NAME=VALUE");
    }
    return equals < 0
        ? new KeyValue(text, "")
        : new KeyValue(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Reads {@code NAME=VALUE}, where the value must be there. */
  public static KeyValue parseBoth(String text) {
    if (text.indexOf('=') < 1) {
      throw new IllegalArgumentException("'" + text + "' must be NAME=VALUE");
    }
    return parse(text);
  }

  /** The settings by name, in order; a later one replaces an earlier one. */
  public static Map<String, String> map(List<KeyValue> settings) {
    Map<String, String> map = new LinkedHashMap<>();
    for (KeyValue setting : settings) {
      map.put(setting.key(), setting.value());
    }
    return map;
  }
}
