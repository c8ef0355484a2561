package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    long before = System.nanoTime();
    hardway.ok("ps");
    System.out.println("ps of 500: " + (System.nanoTime() - before) / 1_000_000 + " ms");
    for (int from = 0; from < 500; from += 100) {
      List<String> removal = new ArrayList<>(List.of("rm", "-f"));
      removal.addAll(List.of(ids).subList(from, from + 100));
      hardway.ok(removal.toArray(String[]::new));
    }
    assertEquals("", hardway.ok("ps", "-aq"));
    assertEquals(List.of(), hardway.remains());
  }

  /** The exit codes of commands that run at the same time, and what they complain about. */
  private List<Product.Outcome> atOnce(String[]... commands) throws IOException {
    List<Process> processes = new ArrayList<>();
    for (String[] command : commands) {
      processes.add(hardway.start(command));
    }
    List<Product.Outcome> outcomes = new ArrayList<>();
    for (Process process : processes) {
      outcomes.add(Product.finish(process, ""));
    }
    return outcomes;
  }

  private static long successes(List<Product.Outcome> outcomes) {
    return outcomes.stream().filter(outcome -> outcome.exitCode() == 0).count();
  }

  @Test
  void ofTwoThatTakeANameExactlyOneGetsIt() throws IOException {
    for (int round = 0; round < 10; round++) {
      String[] run = {"run", "-d", "--name", "x", "--rootfs", rootfs(), "sleep", "1000"};
      List<Product.Outcome> outcomes = atOnce(run, run, run);
      assertEquals(1, successes(outcomes), outcomes::toString);
      for (Product.Outcome outcome : outcomes) {
        assertTrue(
            outcome.exitCode() == 0
                || outcome.exitCode() == 125 && outcome.err().contains("in use"),
            outcome::toString);
      }
      assertEquals(1, hardway.ok("ps", "-aq").lines().count());
      hardway.ok("rm", "-f", "x");
      assertEquals(List.of(), hardway.remains());
    }
  }

  @Test
  void ofTwoThatStartAContainerOneDoesAndItRunsOnce() throws IOException {
    for (int round = 0; round < 10; round++) {
      hardway.ok("create", "--name", "x", "--rootfs", rootfs(), "sleep", "1000");
      List<Product.Outcome> outcomes =
          atOnce(new String[] {"start", "x"}, new String[] {"start", "x"});
      assertTrue(successes(outcomes) >= 1, outcomes::toString);
      for (Product.Outcome outcome : outcomes) {
        assertTrue(
            outcome.exitCode() == 0
                || outcome.err().contains("another hardway command")
                || outcome.err().contains("is already running"),
            outcome::toString);
      }
      assertEquals("running", hardway.ok("inspect", "-f", "{{.State.Status}}", "x"));
      hardway.ok("rm", "-f", "x");
      assertEquals(List.of(), hardway.remains());
    }
  }

  @Test
  void twoThatStopOrRemoveAContainerDoNotDisturbEachOther() throws IOException {
    String[] remove = {"rm", "-f", "x"};
    String[] stop = {"stop", "-t", "1", "x"};
    for (int round = 0; round < 12; round++) {
      hardway.ok("run", "-d", "--name", "x", "--rootfs", rootfs(), "sleep", "1000");
      List<Product.Outcome> outcomes =
          switch (round % 3) {
            case 0 -> atOnce(remove, remove);
            case 1 -> atOnce(stop, remove);
            default -> atOnce(stop, stop, new String[] {"kill", "x"});
          };
      assertTrue(successes(outcomes) >= 1, outcomes::toString);
      for (Product.Outcome outcome : outcomes) {
        assertTrue(outcome.exitCode() <= 1, outcome::toString);
      }
      hardway.run("rm", "-f", "x");
      assertEquals(List.of(), hardway.remains(), outcomes::toString);
    }
  }

  @Test
  void listsAreRightWhileOthersComeAndGo() throws IOException {
    hardway.ok("run", "-d", "--name", "stays", "--rootfs", rootfs(), "sleep", "1000");
    List<Process> others = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      others.add(hardway.start("run", "--rm", "--rootfs", rootfs(), "true"));
    }
    while (others.stream().anyMatch(Process::isAlive)) {
      Product.Outcome list = hardway.run("ps", "--format", "{{.Names}} {{.State}}");
      assertEquals(0, list.exitCode(), list::toString);
      assertTrue(list.out().contains("stays running"), list::toString);
    }
    for (Process other : others) {
      assertEquals(0, Product.finish(other, "").exitCode());
    }
    hardway.ok("rm", "-f", "stays");
    assertEquals(List.of(), hardway.remains());
  }
}
