package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Many containers on a bridge at once, and what stays when everybody is killed. */
class ManyConnectedTest extends MachineNetworkTest {
  private static final int COUNT = 100;
  private static final int ON_THEIR_WAY = 10;

  private Process launch() throws IOException {
    return there.start("run", "-d", "--rootfs", rootfs(), "sleep", "10000");
  }

  @Test
  void aHundredAtOnceHaveAddressesOfTheirOwnAndNothingStaysOfThemWhenAllAreKilled()
      throws Exception {
    start("first", "bridge");
    there.ok("rm", "-f", "first");
    awaitNoPorts();
    String rules = in(machine, "nft -s list ruleset");
    List<Process> commands = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      commands.add(launch());
    }
    List<String> ids = new ArrayList<>();
    for (Process command : commands) {
      Product.Outcome outcome = Product.finish(command, "");
      assertEquals(0, outcome.exitCode(), outcome::toString);
      ids.add(outcome.out().strip());
    }
    assertEquals(COUNT, addresses(ids).size());
    assertEquals(COUNT, ports());
    assertEquals(COUNT, leases().size());

    List<Process> late = new ArrayList<>();
    for (int i = 0; i < ON_THEIR_WAY; i++) {
      late.add(launch());
    }
    Thread.sleep(400);
    killEverything(late);
    there.ok("ps");
    assertEquals("", there.ok("ps", "-q"));
    awaitNoPorts();
    assertEquals(List.of(), leases());
    assertEquals(rules, in(machine, "nft -s list ruleset"));

    List<String> removal = new ArrayList<>(List.of("rm", "-f"));
    removal.addAll(List.of(there.ok("ps", "-aq").split("\n")));
    there.ok(removal.toArray(String[]::new));
    there.ok("network", "rm", "bridge");
    assertTrue(!in(machine, "ip -o link").contains("hardway"));
    assertEquals("", in(machine, "nft list ruleset"));
  }

  /** As inspect says it, and as the containers' own interfaces have it. */
  private Set<String> addresses(List<String> ids) throws IOException {
    List<String> inspect =
        new ArrayList<>(
            List.of(
                "inspect", "-f", "{{.State.Pid}} {{.NetworkSettings.Networks.bridge.IPAddress}}"));
    inspect.addAll(ids);
    Set<String> addresses = new HashSet<>();
    for (String line : there.ok(inspect.toArray(String[]::new)).split("\n")) {
      String[] words = line.split(" ");
      Product.Outcome own =
          Product.perform(
              List.of("nsenter", "--net=/proc/" + words[0] + "/ns/net", "ip", "-4", "-o", "addr"),
              "");
      assertTrue(own.out().contains("inet " + words[1] + "/24"), () -> line + "\n" + own);
      addresses.add(words[1]);
    }
    return addresses;
  }

  /** How many ports the bridge has. */
  private long ports() {
    String links = in(machine, "ip -o link show master hardway0");
    return links.isEmpty() ? 0 : Arrays.stream(links.split("\n")).count();
  }

  /** The kernel may be at it for a few milliseconds more. */
  private void awaitNoPorts() {
    for (int i = 0; i < 300 && ports() > 0; i++) {
      EnginePlace.pause();
    }
    assertEquals(0, ports());
    assertTrue(!in(machine, "ip -o link").contains(" hw"));
  }

  /** The commands, and all who supervise a container, until nobody is there any more. */
  private void killEverything(List<Process> commands) throws Exception {
    for (Process command : commands) {
      for (long process : ProcessTable.family(command.pid())) {
        ProcessTable.kill(process);
      }
      command.destroyForcibly().waitFor();
    }
    String mark = "--state " + there.state() + " ";
    for (Set<Long> left = ProcessTable.withArgument(mark);
        !left.isEmpty();
        left = ProcessTable.withArgument(mark)) {
      for (long process : left) {
        ProcessTable.kill(process);
      }
      Thread.sleep(20);
    }
  }
}
