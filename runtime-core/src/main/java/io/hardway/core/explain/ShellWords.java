package io.hardway.core.explain;

import io.hardway.spi.Container;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operands of steps as words of a shell: quoted where they must be, slots as variables, a
 * container's long paths as {@code $STATE}, {@code $DATA} and {@code $ID}, and places inside an
 * open directory by the path that was opened.
 */
final class ShellWords {
  /** What a text is when it is longer than a reader wants. */
  enum Length {
    WHOLE,
    SHORTENED
  }

  private static final int SHORT = 60;
  private static final int O_PATH = 010000000;
  private static final int O_DIRECTORY = 0200000;

  private final Length length;
  private final List<String[]> abbreviations = new ArrayList<>();
  private final Map<Integer, Text> opened = new HashMap<>();
  private final Map<Integer, FdSlot> openedIn = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, String> processes = new HashMap<>();

  /** The words of a plan. */
  ShellWords(Plan plan, Optional<Container> container, Length length) {
    this.length = length;
    if (container.isPresent()) {
      abbreviations.add(new String[] {container.get().state().toString(), "STATE"});
      abbreviations.add(new String[] {container.get().data().toString(), "DATA"});
      abbreviations.add(new String[] {container.get().id(), "ID"});
    }
    for (Step step : plan.steps()) {
      if (step.operation() instanceof Operation.Open open && isPlace(open)) {
        opened.put(open.fd().index(), open.path());
        openedIn.put(open.fd().index(), open.dir());
      } else if (step.operation() instanceof Operation.OpenProcess process) {
        processes.put(
            process.pidfd().index(),
            process.pid().isNone() ? "process_" + process.pidfd().index() : name(process.pid()));
      }
    }
  }

  private static boolean isPlace(Operation.Open open) {
    return open.flags() instanceof IntLiteral flags
        && (flags.value() & (O_PATH | O_DIRECTORY)) != 0;
  }

  /** The variables that stand for long paths, as assignments in the order they need each other. */
  List<String> assignments(Container container) {
    List<String> lines = new ArrayList<>();
    lines.add("ID=" + quote(container.id()));
    lines.add("STATE=" + quoteExpanding(container.state().toString(), container.id()));
    lines.add("DATA=" + quoteExpanding(container.data().toString(), container.id()));
    return lines;
  }

  private static String quoteExpanding(String path, String id) {
    String shown = path.endsWith("/" + id) ? path.substring(0, path.length() - id.length()) : path;
    return shown.length() == path.length() ? quote(path) : quote(shown) + "$ID";
  }

  /** A place: a path of the host, or a path inside a directory that a step has opened. */
  String place(FdSlot directory, Text path) {
    if (directory.isNone()) {
      return word(path);
    }
    return word(inside(directory, path));
  }

  private Text inside(FdSlot directory, Text path) {
    Text base = opened.get(directory.index());
    Text.Builder text = Text.builder();
    if (base == null) {
      text.literal("/proc/self/fd/").decimal(directory);
    } else {
      FdSlot parent = openedIn.get(directory.index());
      append(text, parent.isNone() ? base : inside(parent, base));
    }
    String first = path.pieces().get(0).isLiteral() ? path.pieces().get(0).literal() : "";
    if (path.pieces().size() == 1 && (first.isEmpty() || first.equals(".") || first.equals("/"))) {
      return text.build();
    }
    if (!first.startsWith("/")) {
      text.literal("/");
    }
    append(text, path);
    return text.build();
  }

  private static void append(Text.Builder to, Text text) {
    for (Text.Piece piece : text.pieces()) {
      if (piece.isLiteral()) {
        to.literal(piece.literal());
      } else if (piece.isBytes()) {
        to.bytes(piece.bytes());
      } else if (piece.slot() instanceof IntSlot slot) {
        to.decimal(slot);
      } else if (piece.slot() instanceof FdSlot slot) {
        to.decimal(slot);
      } else if (piece.slot() instanceof io.hardway.spi.TextSlot slot) {
        to.text(slot);
      }
    }
  }

  /** A descriptor: the place that was opened, or the path of the descriptor. */
  String descriptorPath(FdSlot slot) {
    return opened.containsKey(slot.index())
        ? place(slot, Text.of(""))
        : "/proc/self/fd/" + variable(slot);
  }

  /** The name of the variable with the pid of a process that a step has opened. */
  Optional<String> process(FdSlot slot) {
    return Optional.ofNullable(processes.get(slot.index()));
  }

  /** Whether a slot is a place that {@link #place} shows by its path. */
  boolean isPlace(FdSlot slot) {
    return opened.containsKey(slot.index());
  }

  /** One word. */
  String word(Text text) {
    List<String> segments = new ArrayList<>();
    boolean plain = true;
    boolean variables = false;
    StringBuilder literal = new StringBuilder();
    for (Text.Piece piece : text.pieces()) {
      if (piece.isLiteral()) {
        literal.append(piece.literal());
      } else if (piece.isBytes()) {
        literal.append(
            length == Length.SHORTENED
                ? "<" + piece.bytes().length + " bytes>"
                : new String(piece.bytes(), StandardCharsets.ISO_8859_1));
      } else {
        addLiteral(segments, literal.toString());
        literal.setLength(0);
        segments.add("\0" + name(piece.slot()));
      }
    }
    addLiteral(segments, literal.toString());
    for (String segment : segments) {
      boolean variable = segment.startsWith("\0");
      variables |= variable;
      plain &= variable || isPlain(segment);
    }
    if (plain && variables && length == Length.SHORTENED) {
      return joined(segments, false);
    }
    return variables
        ? "\"" + joined(segments, true) + "\""
        : quote(segments.isEmpty() ? "" : segments.get(0));
  }

  private void addLiteral(List<String> segments, String literal) {
    if (literal.isEmpty()) {
      return;
    }
    String rest = literal;
    while (!rest.isEmpty()) {
      int at = -1;
      String[] found = null;
      for (String[] abbreviation : abbreviations) {
        int index = rest.indexOf(abbreviation[0]);
        if (index >= 0
            && (at < 0 || index < at)
            && endsComponent(rest, index + abbreviation[0].length())) {
          at = index;
          found = abbreviation;
        }
      }
      if (found == null) {
        segments.add(rest);
        return;
      }
      if (at > 0) {
        segments.add(rest.substring(0, at));
      }
      segments.add("\0" + found[1]);
      rest = rest.substring(at + found[0].length());
    }
  }

  private static boolean endsComponent(String text, int index) {
    return index == text.length()
        || (!Character.isLetterOrDigit(text.charAt(index)) && "_-".indexOf(text.charAt(index)) < 0);
  }

  private static String joined(List<String> segments, boolean quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (!segment.startsWith("\0")) {
        text.append(quoted ? escapeInDoubleQuotes(segment) : segment);
        continue;
      }
      boolean clash = i + 1 < segments.size() && isNameCharacter(segments.get(i + 1).charAt(0));
      text.append(clash ? "${" : "$").append(segment, 1, segment.length()).append(clash ? "}" : "");
    }
    return text.toString();
  }

  private static boolean isNameCharacter(char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static String escapeInDoubleQuotes(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == '"' || c == '$' || c == '`') {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /** Several words. */
  String words(List<Text> texts) {
    StringBuilder line = new StringBuilder();
    for (Text text : texts) {
      line.append(line.isEmpty() ? "" : " ").append(word(text));
    }
    return line.toString();
  }

  /** Content that may be long: whole in a script, its beginning for a reader. */
  String content(Text text) {
    String whole = word(text);
    if (length == Length.WHOLE) {
      return whole;
    }
    int line = whole.indexOf('\n');
    boolean oneLine = line < 0 || line >= whole.length() - 2;
    if (oneLine && whole.length() <= SHORT) {
      return whole.replace("\n", "");
    }
    String first = line < 0 ? whole : whole.substring(0, line);
    String shown = first.length() > SHORT / 2 ? first.substring(0, SHORT / 2) : first;
    char quote = whole.charAt(0);
    boolean quoted = quote == '\'' || quote == '"';
    return shown + "…" + (quoted ? String.valueOf(quote) : "");
  }

  /** A number, or the variable that holds it. */
  String number(IntOperand operand) {
    return operand instanceof IntLiteral literal
        ? Long.toString(literal.value())
        : variable((IntSlot) operand);
  }

  /** A number that is known while planning; {@code otherwise} where it is not. */
  static long literal(IntOperand operand, long otherwise) {
    return operand instanceof IntLiteral literal ? literal.value() : otherwise;
  }

  /** Permission bits in octal. */
  String mode(IntOperand operand) {
    return operand instanceof IntLiteral literal
        ? Long.toOctalString(literal.value() & 07777)
        : variable((IntSlot) operand);
  }

  /** The variable of a slot, with its dollar. */
  String variable(Slot slot) {
    return "$" + name(slot);
  }

  /** The name of a slot's variable; no two slots have the same. */
  String name(Slot slot) {
    String known = names.get(slot.index());
    if (known != null) {
      return known;
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < slot.name().length(); i++) {
      char c = slot.name().charAt(i);
      name.append(isNameCharacter(c) ? Character.toLowerCase(c) : '_');
    }
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      name.insert(0, '_');
    }
    String plain = name.toString();
    for (int i = 2; names.containsValue(name.toString()); i++) {
      name.setLength(plain.length());
      name.append('_').append(i);
    }
    names.put(slot.index(), name.toString());
    return name.toString();
  }

  /** How many bytes of a program a text has. */
  static int bytes(Text text) {
    int bytes = 0;
    for (Text.Piece piece : text.pieces()) {
      bytes += piece.isBytes() ? piece.bytes().length : 0;
    }
    return bytes;
  }

  /** Whether a text is empty. */
  static boolean isEmpty(Text text) {
    for (Text.Piece piece : text.pieces()) {
      if (!piece.isLiteral() || !piece.literal().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** A word with quotes where the shell needs them. */
  static String quote(String text) {
    if (!text.isEmpty() && isPlain(text)) {
      return text;
    }
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isNameCharacter(c) && "@%+=:,./-".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
