package io.hardway.core;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlFormat;
import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration: {@code /etc/hardway/config.toml}, then the user's own, or in their place the
 * file that was named; what comes later counts. Every key is described in {@code config.toml}
 * beside this class.
 */
public final class Settings {
  private static final Map<String, Kind> KEYS = keys();

  private final Map<String, Object> values = new LinkedHashMap<>();

  private enum Kind {
    TEXT,
    TEXTS,
    NUMBER,
    SWITCH
  }

  private static Map<String, Kind> keys() {
    Map<String, Kind> keys = new LinkedHashMap<>();
    keys.put("state", Kind.TEXT);
    keys.put("root", Kind.TEXT);
    keys.put("plugins.folders", Kind.TEXTS);
    keys.put("plugins.auto", Kind.TEXTS);
    keys.put("plugins.isolation", Kind.TEXT);
    keys.put("plugins.resources", Kind.TEXT);
    keys.put("plugins.network", Kind.TEXT);
    keys.put("plugins.rootfs", Kind.TEXT);
    keys.put("run.rootfs", Kind.TEXT);
    keys.put("run.stop-timeout", Kind.NUMBER);
    keys.put("run.init", Kind.SWITCH);
    keys.put("log.max-size", Kind.TEXT);
    keys.put("log.max-file", Kind.NUMBER);
    return keys;
  }

  private Settings() {}

  /** All defaults. */
  public static Settings defaults() {
    return new Settings();
  }

  /**
   * What the files say that are there.
   *
   * @throws HardwayException where one is malformed; names file, line and key
   */
  public static Settings load(Host host, Map<String, String> environment) {
    Settings settings = new Settings();
    settings.readWhereThere(Path.of("/etc/hardway/config.toml"));
    if (host.uid() != 0 || environment.containsKey("XDG_CONFIG_HOME")) {
      String home = environment.getOrDefault("XDG_CONFIG_HOME", "");
      Path folder =
          home.isEmpty()
              ? Path.of(environment.getOrDefault("HOME", "/"), ".config")
              : Path.of(home);
      settings.readWhereThere(folder.resolve("hardway/config.toml"));
    }
    return settings;
  }

  /**
   * What one file says.
   *
   * @throws HardwayException where it is missing or malformed; names file, line and key
   */
  public static Settings read(Path file) {
    Settings settings = new Settings();
    try {
      settings.add(file, Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new HardwayException("there is no configuration file " + file, e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return settings;
  }

  private static HardwayException unreadable(Path file, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException denied -> "permission denied";
          case CharacterCodingException malformed -> "it is not UTF-8";
          default -> e.getMessage();
        };
    return new HardwayException("the configuration file " + file + " cannot be read: " + reason, e);
  }

  private void readWhereThere(Path file) {
    if (Files.exists(file)) {
      try {
        add(file, Files.readString(file));
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
  }

  private void add(Path file, String text) {
    UnmodifiableConfig config;
    try {
      config = parse(text);
    } catch (ParsingException e) {
      throw new HardwayException(
          file + ":" + malformedLine(text) + ": not TOML: " + e.getMessage().replace("\n", "\\n"),
          e);
    }
    add(file, text, "", config);
  }

  /** The parser takes a table's name at the end of a file for unfinished. */
  private static UnmodifiableConfig parse(String text) {
    return TomlFormat.instance().createParser().parse(text + "\n");
  }

  /** The line at which the first statement begins that is not TOML; the parser does not tell. */
  private static int malformedLine(String text) {
    String[] lines = text.split("\n", -1);
    for (int good = lines.length - 1; good > 0; good--) {
      try {
        parse(String.join("\n", List.of(lines).subList(0, good)));
        return good + 1;
      } catch (ParsingException malformed) {
        // so it begins earlier
      }
    }
    return 1;
  }

  private void add(Path file, String text, String prefix, UnmodifiableConfig table) {
    for (UnmodifiableConfig.Entry entry : table.entrySet()) {
      String key = prefix + entry.getKey();
      Object value = entry.getRawValue();
      if (value instanceof UnmodifiableConfig inner) {
        requireTable(file, text, key);
        add(file, text, key + ".", inner);
      } else {
        Kind kind = KEYS.get(key);
        if (kind == null) {
          throw refuse(file, text, key, "is no key of the configuration" + nearest(key));
        }
        values.put(key, typed(file, text, key, kind, value));
      }
    }
  }

  private static void requireTable(Path file, String text, String key) {
    for (String known : KEYS.keySet()) {
      if (known.startsWith(key + ".")) {
        return;
      }
    }
    throw refuse(
        file, text, key, "is no table of the configuration; there are [plugins], [run] and [log]");
  }

  private static Object typed(Path file, String text, String key, Kind kind, Object value) {
    return switch (kind) {
      case TEXT -> {
        if (!(value instanceof String)) {
          throw refuse(file, text, key, "must be a text in quotes");
        }
        yield value;
      }
      case NUMBER -> {
        if (!(value instanceof Integer || value instanceof Long)) {
          throw refuse(file, text, key, "must be a whole number");
        }
        yield ((Number) value).longValue();
      }
      case SWITCH -> {
        if (!(value instanceof Boolean)) {
          throw refuse(file, text, key, "must be true or false");
        }
        yield value;
      }
      case TEXTS -> {
        List<String> texts = new ArrayList<>();
        if (!(value instanceof List<?> list)) {
          throw refuse(file, text, key, "must be a list of texts, like [\"one\", \"two\"]");
        }
        for (Object item : list) {
          if (!(item instanceof String string)) {
            throw refuse(file, text, key, "must be a list of texts, like [\"one\", \"two\"]");
          }
          texts.add(string);
        }
        yield texts;
      }
    };
  }

  private static HardwayException refuse(Path file, String text, String key, String reason) {
    return new HardwayException(file + ":" + line(text, key) + ": " + key + " " + reason);
  }

  /** The line that has the key or the table; the parser does not tell. */
  private static int line(String text, String key) {
    String table = "";
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String plain = line.strip();
      int end = plain.startsWith("[") ? plain.indexOf(']') : plain.indexOf('=');
      if (end < 0 || plain.startsWith("#")) {
        continue;
      }
      if (plain.startsWith("[")) {
        table = plain.substring(1, end).replace("[", "").strip();
        if (isWithin(table, key)) {
          return number;
        }
      } else {
        String own = plain.substring(0, end).replace("\"", "").replace("'", "").strip();
        String full = table.isEmpty() ? own : table + "." + own;
        // The key of an inline table stands for all in it.
        if (isWithin(full, key) || isWithin(key, full)) {
          return number;
        }
      }
    }
    return 1;
  }

  private static boolean isWithin(String key, String table) {
    return key.equals(table) || key.startsWith(table + ".");
  }

  private static String nearest(String key) {
    for (String known : KEYS.keySet()) {
      if (known.endsWith("." + key)) {
        return "; did you mean " + known + "?";
      }
    }
    String near = NearestWord.of(key, KEYS.keySet().toArray(new String[0]));
    return near.isEmpty() ? "" : "; did you mean " + near + "?";
  }

  /** All keys there are. */
  static Set<String> knownKeys() {
    return Collections.unmodifiableSet(KEYS.keySet());
  }

  /** The keys that are set. */
  Set<String> keysThatAreSet() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** A text; empty where it is not set. */
  public String text(String key) {
    return (String) values.getOrDefault(key, "");
  }

  /** Texts; empty where they are not set. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    if (values.get(key) instanceof List<?> list) {
      for (Object item : list) {
        texts.add((String) item);
      }
    }
    return texts;
  }

  /** A number, or this where it is not set. */
  public long number(String key, long otherwise) {
    return values.get(key) instanceof Long number ? number : otherwise;
  }

  /** A switch; off where it is not set. */
  public boolean isOn(String key) {
    return Boolean.TRUE.equals(values.get(key));
  }
}
