package io.hardway.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.plan.Operation;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The operations are written down three times: for the planner, for the executor and for people.
 */
class OperationTableTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "plan-format.md");
  private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| ([a-z-]+) \\| ([^|]*)\\|.*");
  private static final Pattern SUPERVISE =
      Pattern.compile("`supervise`: (.*?)\\n\\n", Pattern.DOTALL);

  private static Map<Integer, String> planner() throws ReflectiveOperationException {
    Map<Integer, String> table = new TreeMap<>();
    for (Class<?> type : Operation.class.getPermittedSubclasses()) {
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      Object[] operands = new Object[constructor.getParameterCount()];
      for (int i = 0; i < operands.length; i++) {
        operands[i] = constructor.getParameterTypes()[i] == List.class ? List.of() : null;
      }
      Operation operation = (Operation) constructor.newInstance(operands);
      table.put(operation.number(), operation.keyword() + " " + operation.signature());
    }
    return table;
  }

  /** The letters of operands such as {@code f dir, t path, i mode}. */
  private static String letters(String operands) {
    StringBuilder letters = new StringBuilder();
    int depth = 0;
    boolean start = true;
    for (int i = 0; i < operands.length(); i++) {
      char c = operands.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth > 0 || Character.isWhitespace(c)) {
        continue;
      }
      if (start) {
        letters.append(c);
      }
      start = c == ',';
    }
    return letters.toString();
  }

  private static Map<Integer, String> document() throws Exception {
    String text = Files.readString(DOCUMENT);
    Matcher supervise = SUPERVISE.matcher(text);
    assertTrue(supervise.find(), "the operands of supervise");
    String operands = supervise.group(1);
    Map<Integer, String> table = new TreeMap<>();
    for (String line : text.split("\n")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        boolean below = row.group(3).strip().equals("(below)");
        table.put(
            Integer.parseInt(row.group(1)),
            row.group(2)
                + " "
                + letters(
                    below ? operands.substring(0, operands.indexOf(". Status")) : row.group(3)));
      }
    }
    return table;
  }

  private static Map<Integer, String> executor() throws Exception {
    NativeProgram.Outcome outcome = NativeProgram.outcome(NativeProgram.start("--operations"), "");
    assertEquals(0, outcome.code(), outcome.err());
    Map<Integer, String> table = new TreeMap<>();
    for (String line : outcome.out().split("\n")) {
      String[] words = line.split(" ", -1);
      table.put(Integer.parseInt(words[0]), words[1] + " " + words[2]);
    }
    return table;
  }

  @Test
  void theExecutorPerformsExactlyWhatThePlannerCanSay() throws Exception {
    assertEquals(planner(), executor());
  }

  @Test
  void theDocumentListsExactlyWhatTheExecutorPerforms() throws Exception {
    assertEquals(executor(), document());
  }
}
