package io.hardway.core.explain;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TextExplanationTest {

  @Test
  void print() throws IOException {
    StringBuilder out = new StringBuilder();
    new TextExplanation(Colours.NONE, 0).write(ExamplePlan.explanation(), out);
    System.out.println(out);
    out.setLength(0);
    new TextExplanation(Colours.ANSI, 110).write(ExamplePlan.explanation(), out);
    System.out.println(out);
  }
}
