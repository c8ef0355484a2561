package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.HardwayException;
import io.hardway.spi.Location;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TracePageTest {
  private static final String EVIL = "</code><script>alert('1')</script>\"&";

  private static Plan plan() {
    PlanAssembler assembler = new PlanAssembler();
    assembler.stage(Phase.CLAIM, "core").mkdir(Location.host("/a"), 0700).label("make " + EVIL);
    assembler.stage(Phase.HOST, "<i>").mkdir(Location.host("/b"), 0700).label("make b").hint(EVIL);
    return assembler.run(Optional.empty());
  }

  private static Path recorded(String trace) throws IOException {
    Path directory = TraceRecording.prepare("hardway run " + EVIL, plan());
    Files.writeString(directory.resolve("trace"), trace);
    return directory;
  }

  @Test
  void aPageShowsTheStepsAndTakesNoTextForMarkup() throws IOException {
    Path directory = recorded("1 0 1000 500000\n2 0 501000 1500000\n".replace("00\n", "00 0\n"));
    String page = new TracePage(TraceRecording.take(directory)).write();
    assertTrue(page.contains("make &lt;/code&gt;&lt;script&gt;"), page);
    assertTrue(page.contains("<strong>2.000 ms</strong> in 2 steps"), page);
    assertTrue(page.contains("left:25.00%;width:75.00%"), page);
    assertFalse(page.contains("<script"), page);
    assertFalse(page.contains("<i>"), page);
    assertFalse(page.matches("(?s).*(https?:|src=|url\\(|@import).*"), page);
    assertFalse(Files.exists(directory));
  }

  @Test
  void aFailedStepIsToldWithItsErrno() throws IOException {
    String page = new TracePage(TraceRecording.take(recorded("1 0 0 5 0\n2 0 5 5 13\n"))).write();
    assertTrue(page.contains("Step 2 failed: make b: EACCES"), page);
    assertTrue(page.contains("<dt>what to do</dt>"), page);
  }

  @Test
  void aRecordingIsPrivateAndGoneAfterwardsEvenWhereItCannotBeRead() throws IOException {
    Path directory = recorded("nonsense\n");
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    assertThrows(HardwayException.class, () -> TraceRecording.take(directory));
    assertFalse(Files.exists(directory));
  }
}
