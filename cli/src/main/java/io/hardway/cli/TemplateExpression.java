package io.hardway.cli;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;

/**
 * What stands between the braces of a {@link Template}: {@code .Name}, {@code .State.Status},
 * {@code $x.Name}, {@code "text"}, a number, one of the {@link #FUNCTIONS} with what it works on,
 * any of them in parentheses, and pipelines like {@code .Names | upper}.
 */
final class TemplateExpression {
  /** Those of Go's templates and of docker's that there are. */
  static final List<String> FUNCTIONS =
      List.of(
          "and",
          "eq",
          "ge",
          "gt",
          "index",
          "join",
          "json",
          "le",
          "len",
          "lower",
          "lt",
          "ne",
          "not",
          "or",
          "print",
          "printf",
          "println",
          "split",
          "title",
          "truncate",
          "upper");

  private final String template;
  private final List<List<String>> commands = new ArrayList<>();

  /**
   * An expression.
   *
   * @param template all of the template, for complaints
   * @throws IllegalArgumentException where it is empty, or a function is unknown
   */
  TemplateExpression(String template, String text) {
    this.template = template;
    split(text);
    for (List<String> words : commands) {
      if (words.isEmpty()) {
        throw wrong("missing value for command");
      }
      for (String word : words) {
        check(word);
      }
    }
  }

  private void check(String word) {
    if (word.startsWith("(")) {
      new TemplateExpression(template, inside(word));
    } else if (!isOperand(word) && !FUNCTIONS.contains(word)) {
      throw wrong(
          "function \"" + word + "\" not defined; there are " + String.join(" ", FUNCTIONS));
    }
  }

  private static boolean isOperand(String word) {
    char first = word.charAt(0);
    return first == '.'
        || first == '$'
        || first == '"'
        || first == '`'
        || first == '('
        || isNumber(word)
        || word.equals("true")
        || word.equals("false")
        || word.equals("nil");
  }

  private static boolean isNumber(String word) {
    int from = word.startsWith("-") ? 1 : 0;
    for (int i = from; i < word.length(); i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return false;
      }
    }
    return word.length() > from && word.length() < 18;
  }

  /** Splits at bars and blanks outside of quotes and parentheses. */
  private void split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        word.append(c);
        if (c == '\\' && quote == '"' && i + 1 < text.length()) {
          word.append(text.charAt(++i));
        } else if (c == quote) {
          quote = 0;
        }
      } else if (depth == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '|')) {
        end(word, words);
        if (c == '|') {
          commands.add(words);
          words = new ArrayList<>();
        }
      } else {
        quote = c == '"' || c == '`' ? c : 0;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        word.append(c);
      }
    }
    if (quote != 0 || depth != 0) {
      throw wrong(quote != 0 ? "unterminated quoted string" : "unclosed or unexpected parenthesis");
    }
    end(word, words);
    commands.add(words);
  }

  private static void end(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /** What is between the parentheses that a word begins with. */
  private static String inside(String word) {
    return word.substring(1, word.lastIndexOf(')'));
  }

  /**
   * Its value.
   *
   * @throws IllegalArgumentException where it asks for what there is not
   */
  Object evaluate(TemplateScope scope) {
    Object value = null;
    for (int i = 0; i < commands.size(); i++) {
      List<String> words = commands.get(i);
      List<Object> operands = new ArrayList<>();
      boolean isFunction = !isOperand(words.get(0));
      for (int j = isFunction ? 1 : 0; j < words.size(); j++) {
        operands.add(operand(words.get(j), scope));
      }
      if (i > 0) {
        operands.add(value);
      }
      if (!isFunction && operands.size() > 1) {
        throw wrong(words.get(0) + " is no function, and takes nothing");
      }
      value = isFunction ? apply(words.get(0), operands) : operands.get(0);
    }
    return value;
  }

  private Object operand(String word, TemplateScope scope) {
    char first = word.charAt(0);
    if (first == '"' || first == '`') {
      return unquoted(word);
    } else if (first == '.') {
      return path(scope.dot(), word);
    } else if (first == '(') {
      String behind = word.substring(word.lastIndexOf(')') + 1);
      return path(new TemplateExpression(template, inside(word)).evaluate(scope), behind);
    } else if (first == '$') {
      int dot = word.indexOf('.');
      String name = dot < 0 ? word : word.substring(0, dot);
      if (!scope.variables().containsKey(name)) {
        throw wrong("undefined variable \"" + name + "\"");
      }
      return path(scope.variables().get(name), dot < 0 ? "" : word.substring(dot));
    } else if (isNumber(word)) {
      return Long.valueOf(word);
    }
    return switch (word) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      case "nil" -> null;
      default -> apply(word, List.of());
    };
  }

  private static String unquoted(String word) {
    String inner = word.substring(1, word.length() - 1);
    if (word.startsWith("`")) {
      return inner;
    }
    return inner
        .replace("\\t", "\t")
        .replace("\\n", "\n")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\");
  }

  private Object path(Object from, String fields) {
    Object value = from;
    for (String name : fields.split("\\.")) {
      value = name.isEmpty() ? value : field(value, name);
    }
    return value;
  }

  private Object field(Object value, String name) {
    if (!(value instanceof JsonObject object)) {
      throw new IllegalArgumentException(
          "template: " + template + ": " + name + " is asked of something without fields");
    }
    if (!object.names().contains(name)) {
      throw new IllegalArgumentException(
          "template: "
              + template
              + ": there is no field "
              + name
              + "; there are "
              + String.join(", ", object.names()));
    }
    return object.get(name);
  }

  private Object apply(String function, List<Object> operands) {
    int least =
        switch (function) {
          case "print", "println" -> 0;
          case "eq", "ne", "lt", "le", "gt", "ge", "join", "split", "truncate" -> 2;
          default -> 1;
        };
    if (operands.size() < least) {
      throw wrong(function + " needs " + (least == 1 ? "something" : "two things") + " to work on");
    }
    return switch (function) {
      case "json" -> json(operands.get(0));
      case "index" -> index(operands);
      case "len" ->
          operands.get(0) instanceof String string
              ? (long) string.length()
              : (long) items(operands.get(0)).size();
      case "not" -> !isTrue(operands.get(0));
      case "and", "or" -> either(function.equals("or"), operands);
      case "eq", "ne", "lt", "le", "gt", "ge" -> compare(function, operands);
      default -> text(function, operands);
    };
  }

  private Object text(String function, List<Object> operands) {
    String first = operands.isEmpty() ? "" : shown(operands.get(0));
    return switch (function) {
      case "upper" -> first.toUpperCase(Locale.ROOT);
      case "lower" -> first.toLowerCase(Locale.ROOT);
      case "title" ->
          first.isEmpty()
              ? ""
              : first.substring(0, 1).toUpperCase(Locale.ROOT) + first.substring(1);
      case "join" -> join(items(operands.get(0)), shown(operands.get(1)));
      case "split" -> parts(first, shown(operands.get(1)));
      case "truncate" -> truncated(first, operands.get(1));
      case "printf" -> printf(first, operands.subList(1, operands.size()));
      case "println" -> join(operands, " ") + "\n";
      default -> join(operands, "");
    };
  }

  private static String join(List<Object> items, String separator) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      text.append(i == 0 ? "" : separator).append(shown(items.get(i)));
    }
    return text.toString();
  }

  private static List<Object> parts(String text, String separator) {
    return separator.isEmpty()
        ? List.of(text)
        : new ArrayList<>(List.of(text.split(java.util.regex.Pattern.quote(separator), -1)));
  }

  private String truncated(String text, Object most) {
    if (!(most instanceof Long length) || length < 0) {
      throw wrong("truncate needs a text and a number of characters");
    }
    return text.length() <= length ? text : text.substring(0, (int) (long) length);
  }

  /** As far as Go's verbs are C's; {@code %v} is what is shown without a verb. */
  private String printf(String format, List<Object> operands) {
    Object[] values = operands.toArray();
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] =
            values[i] instanceof Long || values[i] instanceof Double ? values[i] : shown(values[i]);
      }
      return String.format(Locale.ROOT, format.replace("%v", "%s"), values);
    } catch (IllegalFormatException e) {
      throw new IllegalArgumentException(
          "template: " + template + ": printf \"" + format + "\": " + e.getMessage(), e);
    }
  }

  private Object index(List<Object> operands) {
    Object value = operands.get(0);
    for (Object key : operands.subList(1, operands.size())) {
      if (value instanceof List<?> list) {
        if (!(key instanceof Long at) || at < 0 || at >= list.size()) {
          throw wrong("index " + shown(key) + " of a list of " + list.size());
        }
        value = list.get((int) (long) at);
      } else if (value instanceof JsonObject object) {
        String name = shown(key);
        value = object.names().contains(name) ? object.get(name) : "";
      } else {
        throw wrong("index " + shown(key) + " of something without members");
      }
    }
    return value;
  }

  private static Object either(boolean wanted, List<Object> operands) {
    for (Object operand : operands) {
      if (isTrue(operand) == wanted) {
        return operand;
      }
    }
    return operands.get(operands.size() - 1);
  }

  private static Boolean compare(String function, List<Object> operands) {
    Object first = operands.get(0);
    Object second = operands.get(1);
    if (function.equals("eq")) {
      for (Object other : operands.subList(1, operands.size())) {
        if (shown(first).equals(shown(other))) {
          return true;
        }
      }
      return false;
    }
    int order =
        first instanceof Number a && second instanceof Number b
            ? Double.compare(a.doubleValue(), b.doubleValue())
            : shown(first).compareTo(shown(second));
    return switch (function) {
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "le" -> order <= 0;
      case "gt" -> order > 0;
      default -> order >= 0;
    };
  }

  /** The members of a list or an object. */
  static List<Object> items(Object value) {
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

  /** Their indexes or names. */
  static List<Object> keys(Object value) {
    if (value instanceof JsonObject object) {
      return new ArrayList<>(object.names());
    }
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < items(value).size(); i++) {
      keys.add((long) i);
    }
    return keys;
  }

  /** Whether it is neither empty nor zero nor false. */
  static boolean isTrue(Object value) {
    return value != null
        && !value.equals(Boolean.FALSE)
        && !value.equals("")
        && !value.equals(0L)
        && !(value instanceof List<?> list && list.isEmpty())
        && !(value instanceof JsonObject object && object.names().isEmpty());
  }

  /** How Go prints it. */
  static String shown(Object value) {
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
    return value instanceof List<?> list
        ? "[" + join(new ArrayList<>(list), " ") + "]"
        : value.toString();
  }

  private static String json(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.any(value);
    return writer.toString();
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("template parsing error: " + what + " in " + template);
  }
}
