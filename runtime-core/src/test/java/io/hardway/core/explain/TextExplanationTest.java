package io.hardway.core.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TextExplanationTest {

  private static String text(Colours colours, int columns) throws IOException {
    StringBuilder out = new StringBuilder();
    new TextExplanation(colours, columns).write(ExamplePlan.explanation(), out);
    return out.toString();
  }

  @Test
  void everyStepHasItsNumberItsLabelAndItsCommand() throws IOException {
    String text = text(Colours.NONE, 0);
    int number = 0;
    for (var step : ExamplePlan.explanation().plan().steps()) {
      number++;
      assertTrue(
          text.contains(" " + number + "  " + step.label().replace('\n', ' ')), step.label());
    }
    assertTrue(text.contains("cgroup-v1\n"), text);
    assertTrue(text.contains("enter, inside, still on the host's files"), text);
    assertFalse(text.contains("\033["), text);
  }

  @Test
  void theUndoFollows() throws IOException {
    String text = text(Colours.NONE, 0);
    assertTrue(text.indexOf("undo, when it is removed (1 step)") > text.indexOf("confine, "), text);
  }

  @Test
  void narrowTerminalsGetContinuedLines() throws IOException {
    String text = text(Colours.ANSI, 110);
    assertTrue(text.contains("\033["), text);
    assertTrue(text.lines().count() > text(Colours.NONE, 0).lines().count(), text);
    assertEquals(text, text(Colours.ANSI, 110));
  }
}
