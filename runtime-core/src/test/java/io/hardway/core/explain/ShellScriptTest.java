package io.hardway.core.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.IntOperand;
import io.hardway.spi.Location;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellScriptTest {
  @TempDir Path directory;

  private static String script(Explanation explanation) throws IOException {
    StringBuilder out = new StringBuilder();
    new ShellScript().write(explanation, out);
    return out.toString();
  }

  private String syntax(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("script.sh"), script);
    Process bash =
        new ProcessBuilder("bash", "-n", file.toString()).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return bash.waitFor() + said;
  }

  @Test
  void theScriptOfAWholeContainerIsOneThatBashUnderstands() throws Exception {
    String script = script(ExamplePlan.explanation());
    assertEquals("0", syntax(script), script);
    assertTrue(script.contains("undo() {"), script);
    assertTrue(script.contains("inside_1() {"), script);
  }

  @Test
  void whatNoToolDoesIsSaidAtItsPlaceAndAtTheTop() throws IOException {
    String script = script(ExamplePlan.explanation());
    assertTrue(script.contains("# * the system call filter"), script);
    assertTrue(script.contains("# * the rules about devices"), script);
    assertTrue(
        script.indexOf("# not possible from a shell: install the seccomp filter")
            > script.indexOf("inside_1() {"),
        script);
  }

  @Test
  void textsStayWithinTheirQuotesAndComments() throws Exception {
    Path mark = directory.resolve("mark");
    String evil = "'\n$(touch " + mark + ")`touch " + mark + "`\"; touch " + mark + "; #";
    PlanAssembler assembler = new PlanAssembler();
    assembler
        .stage(Phase.HOST, "core")
        .create(Location.host(directory.resolve("file")), 0600, Text.of(evil))
        .label("write\ntouch " + mark + "\n" + evil);
    String script =
        script(Explanation.of("hardway\ntouch " + mark, assembler.run(Optional.empty())));
    assertEquals("0", syntax(script), script);
    Process bash = new ProcessBuilder("bash", directory.resolve("script.sh").toString()).start();
    assertEquals(0, bash.waitFor(), script);
    assertEquals(evil, Files.readString(directory.resolve("file")));
    assertFalse(Files.exists(mark), script);
  }

  @Test
  void aPlanThatAShellHasNothingToDoForIsAScriptToo() throws Exception {
    PlanAssembler assembler = new PlanAssembler();
    assembler.add(
        Phase.HOST, "core", new Operation.ExitWith(IntOperand.of(0)), "end with its exit code");
    String script = script(Explanation.of("hardway x", assembler.run(Optional.empty())));
    assertEquals("0", syntax(script), script);
  }

  @Test
  void aPlanWithoutAContainerHasNoUndo() throws IOException {
    PlanAssembler assembler = new PlanAssembler();
    assembler.stage(Phase.HOST, "core").mkdir(Location.host("/x"), 0700).label("make x");
    String script = script(Explanation.of("hardway x", assembler.run(Optional.empty())));
    assertFalse(script.contains("undo"), script);
  }
}
