package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManyContainersTest extends KernelTest {

  @Test
  void fiftyCommandsAtOnceStartFiftyContainers() throws IOException {
    List<Process> commands = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      commands.add(
          hardway.start(
              "run", "--rm", "--rootfs", rootfs(), "sh", "-c", "echo number " + i + "; hostname"));
    }
    Set<String> hostnames = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      Product.Outcome outcome = Product.finish(commands.get(i), "");
      assertEquals(0, outcome.exitCode(), outcome::toString);
      String[] lines = outcome.out().strip().split("\n");
      assertEquals("number " + i, lines[0]);
      hostnames.add(lines[1]);
    }
    assertEquals(50, hostnames.size());
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void fiveHundredLiveAtTheSameTime() throws IOException {
    for (int batch = 0; batch < 25; batch++) {
      List<Process> commands = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        commands.add(hardway.start("run", "-d", "--rootfs", rootfs(), "sleep", "10000"));
      }
      for (Process command : commands) {
        Product.Outcome outcome = Product.finish(command, "");
        assertEquals(0, outcome.exitCode(), outcome::toString);
      }
    }
    String[] ids = hardway.ok("ps", "-q", "--no-trunc").split("\n");
    assertEquals(500, ids.length);
    for (int from = 0; from < 500; from += 100) {
      List<String> removal = new ArrayList<>(List.of("rm", "-f"));
      removal.addAll(List.of(ids).subList(from, from + 100));
      hardway.ok(removal.toArray(String[]::new));
    }
    assertEquals("", hardway.ok("ps", "-aq"));
    assertEquals(List.of(), hardway.remains());
  }
}
