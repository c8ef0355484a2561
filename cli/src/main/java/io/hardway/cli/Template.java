package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Docker's {@code --format} templates, the part of Go's text/template that people use: {@code
 * {{.Name}}}, {@code {{.State.Status}}}, {@code {{json .X}}}, {@code {{index .X "key"}}}, {@code
 * {{range .X}}...{{end}}}, {@code {{if .X}}...{{else}}...{{end}}}, {@code {{upper}}}, {@code
 * {{lower}}}, {@code {{len}}}, {@code {{println}}}, and text between.
 */
final class Template {
  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  /**
   * A template.
   *
   * @throws IllegalArgumentException where braces do not match
   */
  Template(String text) {
    this.text = text;
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf("{{", at);
      if (open < 0) {
        tokens.add(unescaped(text.substring(at)));
        break;
      }
      int close = text.indexOf("}}", open);
      if (close < 0) {
        throw new IllegalArgumentException("template parsing error: unclosed action in " + text);
      }
      tokens.add(unescaped(text.substring(at, open)));
      tokens.add("{{" + text.substring(open + 2, close).strip());
      at = close + 2;
    }
  }

  private static String unescaped(String literal) {
    return literal.replace("\\t", "\t").replace("\\n", "\n");
  }

  /** The template filled with a value. */
  String fill(Object value) {
    StringBuilder out = new StringBuilder();
    next = 0;
    block(value, value, out, true);
    return out.toString();
  }

  /** Performs tokens up to the end or the {@code else} of this block; the word that ended it. */
  private String block(Object dot, Object root, StringBuilder out, boolean wanted) {
    while (next < tokens.size()) {
      String token = tokens.get(next++);
      if (!token.startsWith("{{")) {
        out.append(wanted ? token : "");
        continue;
      }
      String action = token.substring(2);
      if (action.equals("end") || action.equals("else")) {
        return action;
      } else if (action.startsWith("range ")) {
        range(action.substring(6).strip(), dot, root, out, wanted);
      } else if (action.startsWith("if ")) {
        boolean holds = wanted && isTrue(evaluate(action.substring(3).strip(), dot));
        if (block(dot, root, out, holds).equals("else")) {
          block(dot, root, out, wanted && !holds);
        }
      } else if (wanted) {
        out.append(shown(evaluate(action, dot)));
      }
    }
    return "";
  }

  private void range(String path, Object dot, Object root, StringBuilder out, boolean wanted) {
    int body = next;
    List<Object> items = wanted ? items(evaluate(path, dot)) : List.of();
    if (items.isEmpty()) {
      block(dot, root, out, false);
      return;
    }
    for (Object item : items) {
      next = body;
      block(item, root, out, true);
    }
  }

  private static List<Object> items(Object value) {
    List<Object> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      items.addAll(list);
    } else if (value instanceof JsonObject object) {
      for (String name : object.names()) {
        items.add(object.get(name));
      }
    }
    return items;
  }

  private static boolean isTrue(Object value) {
    return value != null
        && !value.equals(Boolean.FALSE)
        && !value.equals("")
        && !value.equals(0L)
        && !(value instanceof List<?> list && list.isEmpty());
  }

  private Object evaluate(String action, Object dot) {
    List<String> words = words(action);
    String first = words.get(0);
    return switch (first) {
      case "json" -> json(operand(words, 1, dot));
      case "index" -> {
        Object value = operand(words, 1, dot);
        for (int i = 2; i < words.size(); i++) {
          value =
              value instanceof List<?> list
                  ? list.get(Integer.parseInt(words.get(i)))
                  : member(value, unquoted(words.get(i)));
        }
        yield value;
      }
      case "upper" -> shown(operand(words, 1, dot)).toUpperCase(java.util.Locale.ROOT);
      case "lower" -> shown(operand(words, 1, dot)).toLowerCase(java.util.Locale.ROOT);
      case "len" -> {
        Object value = operand(words, 1, dot);
        yield value instanceof String string ? string.length() : items(value).size();
      }
      case "println" -> (words.size() > 1 ? shown(operand(words, 1, dot)) : "") + "\n";
      default -> operand(words, 0, dot);
    };
  }

  private Object operand(List<String> words, int index, Object dot) {
    if (index >= words.size()) {
      throw new IllegalArgumentException(
          "template: " + text + ": " + words.get(0) + " needs something to work on");
    }
    String word = words.get(index);
    if (word.startsWith("\"")) {
      return unquoted(word);
    }
    if (!word.startsWith(".")) {
      throw new IllegalArgumentException(
          "template parsing error: function \"" + word + "\" not defined in " + text);
    }
    Object value = dot;
    for (String name : word.substring(1).split("\\.")) {
      value = name.isEmpty() ? value : member(value, name);
    }
    return value;
  }

  private Object member(Object value, String name) {
    if (value instanceof JsonObject object) {
      if (!object.names().contains(name)) {
        throw new IllegalArgumentException(
            "template: "
                + text
                + ": there is no field "
                + name
                + "; there are "
                + String.join(", ", object.names()));
      }
      return object.get(name);
    }
    throw new IllegalArgumentException(
        "template: " + text + ": " + name + " is asked of something without fields");
  }

  private static String shown(Object value) {
    if (value == null) {
      return "<no value>";
    }
    if (value instanceof JsonObject object) {
      StringBuilder text = new StringBuilder("map[");
      for (String name : object.names()) {
        text.append(text.length() > 4 ? " " : "")
            .append(name)
            .append(':')
            .append(shown(object.get(name)));
      }
      return text.append(']').toString();
    }
    if (value instanceof List<?> list) {
      StringBuilder text = new StringBuilder("[");
      for (Object item : list) {
        text.append(text.length() > 1 ? " " : "").append(shown(item));
      }
      return text.append(']').toString();
    }
    return value.toString();
  }

  private static String json(Object value) {
    JsonWriter writer = new JsonWriter();
    write(writer, value);
    return writer.toString();
  }

  /** Writes anything that has been read. */
  static void write(JsonWriter writer, Object value) {
    if (value == null) {
      writer.nothing();
    } else if (value instanceof JsonObject object) {
      writer.beginObject();
      for (String name : object.names()) {
        write(writer.name(name), object.get(name));
      }
      writer.endObject();
    } else if (value instanceof List<?> list) {
      writer.beginArray();
      for (Object item : list) {
        write(writer, item);
      }
      writer.endArray();
    } else if (value instanceof String text) {
      writer.text(text);
    } else {
      writer.raw(value.toString());
    }
  }

  private static List<String> words(String action) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < action.length(); i++) {
      char c = action.charAt(i);
      quoted ^= c == '"';
      if (c == ' ' && !quoted) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        word.append(c);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("template parsing error: missing value for command");
    }
    return words;
  }

  private static String unquoted(String word) {
    return word.length() > 1 && word.startsWith("\"") && word.endsWith("\"")
        ? word.substring(1, word.length() - 1)
        : word;
  }
}
