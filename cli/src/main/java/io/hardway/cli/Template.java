package io.hardway.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Docker's {@code --format} templates, the part of Go's text/template that people use: fields,
 * {@code {{range .X}}}, {@code {{range $key, $value := .X}}}, {@code {{if .X}}}, {@code {{with
 * .X}}}, each with {@code {{else}}} and ended by {@code {{end}}}, white space trimmed by {@code
 * {{-} and {@code -}}}, comments, and what {@link TemplateExpression} can work out.
 */
final class Template {
  private static final int MOST_NESTED = 100;

  /** A piece of a template. */
  private sealed interface Node {}

  private record Literal(String text) implements Node {}

  private record Action(TemplateExpression expression) implements Node {}

  /** What is filled in by condition, or again and again. */
  private record Block(
      String keyword,
      List<String> variables,
      TemplateExpression subject,
      List<Node> body,
      List<Node> otherwise)
      implements Node {}

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private int next;

  /**
   * A template.
   *
   * @throws IllegalArgumentException where braces or blocks do not match, or a function is unknown
   */
  Template(String text) {
    this.text = text;
    tokenize();
    String end = parse(nodes, 0);
    if (!end.isEmpty()) {
      throw wrong("unexpected {{" + end + "}}");
    }
  }

  /** The template filled with a value. */
  String fill(Object value) {
    StringBuilder out = new StringBuilder();
    write(nodes, TemplateScope.of(value), out);
    return out.toString();
  }

  private void tokenize() {
    int at = 0;
    boolean trims = false;
    while (at < text.length()) {
      int open = text.indexOf("{{", at);
      String literal = text.substring(at, open < 0 ? text.length() : open);
      literal = trims ? literal.stripLeading() : literal;
      if (open < 0) {
        tokens.add(unescaped(literal));
        return;
      }
      int close = text.indexOf("}}", open);
      if (close < 0) {
        throw wrong("unclosed action");
      }
      String action = text.substring(open + 2, close);
      if (action.startsWith("- ")) {
        literal = literal.stripTrailing();
        action = action.substring(2);
      }
      trims = action.endsWith(" -");
      tokens.add(unescaped(literal));
      tokens.add("{{" + (trims ? action.substring(0, action.length() - 2) : action).strip());
      at = close + 2;
    }
  }

  private static String unescaped(String literal) {
    return literal.replace("\\t", "\t").replace("\\n", "\n");
  }

  /** Reads up to the end of a block, or its {@code else}; the action that ended it. */
  private String parse(List<Node> into, int depth) {
    if (depth > MOST_NESTED) {
      throw wrong("too deep");
    }
    while (next < tokens.size()) {
      String token = tokens.get(next++);
      if (!token.startsWith("{{")) {
        into.add(new Literal(token));
        continue;
      }
      String action = token.substring(2);
      int space = action.indexOf(' ');
      String keyword = space < 0 ? action : action.substring(0, space);
      switch (keyword) {
        case "end", "else" -> {
          return action;
        }
        case "if", "with", "range" ->
            into.add(block(keyword, action.substring(keyword.length()).strip(), depth + 1));
        default -> {
          if (!action.startsWith("/*")) {
            into.add(new Action(new TemplateExpression(text, action)));
          }
        }
      }
    }
    return "";
  }

  private Block block(String keyword, String given, int depth) {
    List<String> variables = new ArrayList<>();
    String subject = given;
    int assigned = given.startsWith("$") ? given.indexOf(":=") : -1;
    if (assigned > 0) {
      for (String variable : given.substring(0, assigned).split(",")) {
        variables.add(variable.strip());
      }
      subject = given.substring(assigned + 2).strip();
    }
    TemplateExpression expression = new TemplateExpression(text, subject);
    List<Node> body = new ArrayList<>();
    List<Node> otherwise = new ArrayList<>();
    String end = parse(body, depth);
    if (end.startsWith("else if ") || end.startsWith("else with ")) {
      String inner = end.substring(5);
      int space = inner.indexOf(' ');
      otherwise.add(block(inner.substring(0, space), inner.substring(space).strip(), depth + 1));
      return new Block(keyword, variables, expression, body, otherwise);
    }
    if (end.equals("else")) {
      end = parse(otherwise, depth);
    }
    if (!end.equals("end")) {
      throw wrong(end.isEmpty() ? "a block without {{end}}" : "unexpected {{" + end + "}}");
    }
    return new Block(keyword, variables, expression, body, otherwise);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("template parsing error: " + what + " in " + text);
  }

  private static void write(List<Node> nodes, TemplateScope scope, StringBuilder out) {
    for (Node node : nodes) {
      if (node instanceof Literal literal) {
        out.append(literal.text());
      } else if (node instanceof Action action) {
        out.append(TemplateExpression.shown(action.expression().evaluate(scope)));
      } else if (node instanceof Block block) {
        write(block, scope, out);
      }
    }
  }

  private static void write(Block block, TemplateScope scope, StringBuilder out) {
    Object value = block.subject().evaluate(scope);
    if (!TemplateExpression.isTrue(value)) {
      write(block.otherwise(), scope, out);
    } else if (block.keyword().equals("range")) {
      writeEach(block, value, scope, out);
    } else {
      TemplateScope inner = block.keyword().equals("with") ? scope.withDot(value) : scope;
      for (String variable : block.variables()) {
        inner = inner.with(variable, value);
      }
      write(block.body(), inner, out);
    }
  }

  private static void writeEach(Block block, Object value, TemplateScope scope, StringBuilder out) {
    List<Object> keys = TemplateExpression.keys(value);
    List<Object> items = TemplateExpression.items(value);
    for (int i = 0; i < items.size(); i++) {
      TemplateScope inner = scope.withDot(items.get(i));
      if (block.variables().size() == 1) {
        inner = inner.with(block.variables().get(0), items.get(i));
      } else if (block.variables().size() > 1) {
        inner = inner.with(block.variables().get(0), keys.get(i));
        inner = inner.with(block.variables().get(1), items.get(i));
      }
      write(block.body(), inner, out);
    }
  }
}
