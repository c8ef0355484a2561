package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.init.PlanCodec;
import io.hardway.kernel.Product.Outcome;
import io.hardway.linux.LiveHost;
import io.hardway.linux.bpf.DeviceProgram;
import io.hardway.spi.MountPoint;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.DeviceRule;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program about devices, as the kernel takes it and as processes of its group feel it. A host
 * that limits containers by version 1 has a hierarchy of version 2 too, in which this works alike.
 */
class DeviceRulesTest {
  private static final String MOST =
      "deny a *:* rwm, allow c *:* m, allow c 1:3 rwm, allow c 1:5 r, allow c 1:7 w";

  @TempDir Path directory;
  private Path group;
  private Path executor;

  @BeforeEach
  void makeGroup() throws IOException {
    Conditions.root();
    Conditions.require(mount() != null, "needs a hierarchy of cgroup version 2");
    executor =
        Files.copy(
            Path.of(System.getProperty("hardway.home"), "bin", "hardway"),
            directory.resolve("hardway-init"),
            StandardCopyOption.COPY_ATTRIBUTES);
    group = mount().resolve("hardway/device-rules-" + ProcessHandle.current().pid());
    Files.createDirectories(group);
  }

  @AfterEach
  void removeGroup() throws IOException {
    if (group != null) {
      Files.delete(group);
    }
  }

  private static Path mount() {
    Path found = null;
    for (MountPoint mount : LiveHost.current().mounts()) {
      found = mount.type().equals("cgroup2") ? Path.of(mount.target()) : found;
    }
    return found;
  }

  /** Rules as version 1 writes them: {@code allow c 1:* rm}. */
  private static List<DeviceRule> rules(String text) {
    List<DeviceRule> rules = new ArrayList<>();
    for (String one : text.split(", ")) {
      String[] words = one.split("[ :]");
      DeviceRule.Builder rule =
          DeviceRule.builder().allow(words[0].equals("allow")).type(words[1]).access(words[4]);
      if (!words[2].equals("*")) {
        rule.major(Long.parseLong(words[2]));
      }
      if (!words[3].equals("*")) {
        rule.minor(Long.parseLong(words[3]));
      }
      rules.add(rule.build());
    }
    return rules;
  }

  private Outcome attach(byte[] program) throws IOException {
    PlanAssembler assembler = new PlanAssembler();
    assembler.forPlugin("test").host().deviceProgram(group, program).label("decide about devices");
    Path plan = directory.resolve("plan");
    Files.write(plan, PlanCodec.encode(assembler.run(Optional.empty())));
    return Product.perform(List.of(executor.toString(), "perform", plan.toString()), "");
  }

  private void decide(String rules) throws IOException {
    decide(rules(rules));
  }

  private void decide(List<DeviceRule> rules) throws IOException {
    Outcome outcome = attach(DeviceProgram.of(rules, ByteOrder.nativeOrder()));
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private List<String> inside(String script) {
    return List.of(
        "sh", "-c", "echo $$ > \"$0\"/cgroup.procs || exit; " + script, group.toString());
  }

  /** Whether a process of the group can do this: what it prints for the places in the list. */
  private String can(String... wanted) {
    StringBuilder script = new StringBuilder();
    for (String one : wanted) {
      String[] words = one.split(" ");
      String command =
          switch (words[0]) {
            case "read" -> ": < " + words[1];
            case "write" -> ": >> " + words[1];
            case "both" -> ": <> " + words[1];
            default -> "mknod " + directory.resolve("node") + " " + one.substring(5);
          };
      script.append("if (" + command + ") 2> /dev/null; then echo yes; else echo no; fi; ");
      script.append("rm -f " + directory.resolve("node") + "; ");
    }
    // Before the rules are felt, for what the shell itself opens.
    Outcome outcome = Product.perform(inside("exec 3> /dev/null 2>&3; " + script), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out().strip().replace('\n', ' ');
  }

  @Test
  void openingReadingWritingAndMakingAreAllowedAndDeniedAsTheRulesSay() throws IOException {
    decide(MOST);
    assertEquals(
        "yes yes yes", can("read /dev/null", "write /dev/null", "both /dev/null"), "c 1:3 rwm");
    assertEquals(
        "yes no no", can("read /dev/zero", "write /dev/zero", "both /dev/zero"), "c 1:5 r");
    assertEquals(
        "no yes no", can("read /dev/full", "write /dev/full", "both /dev/full"), "c 1:7 w");
    assertEquals("no no", can("read /dev/random", "write /dev/random"), "no rule but m");
    assertEquals("yes no", can("make c 200 1", "make b 200 1"), "c *:* m");
    decide("allow a *:* rwm, deny c 1:8 m, deny b 200:* rwm");
    assertEquals(
        "yes no no yes", can("read /dev/random", "make c 1 8", "make b 200 1", "make b 201 1"));
  }

  @Test
  void aNodeThatWasMadeIsNotOneThatOpens() throws IOException {
    Path node = directory.resolve("disk");
    assertEquals(
        0, Product.perform(List.of("mknod", node.toString(), "c", "1", "5"), "").exitCode());
    decide(MOST + ", deny c 1:5 r");
    assertEquals("no", can("read " + node));
    decide(MOST);
    assertEquals("yes", can("read " + node));
  }

  @Test
  void newRulesReplaceOldOnes() throws IOException {
    decide(MOST);
    assertEquals("yes no", can("read /dev/zero", "read /dev/full"));
    decide("allow c 1:3 rwm, allow c 1:7 r");
    assertEquals("no yes", can("read /dev/zero", "read /dev/full"));
    decide("allow a *:* rwm");
    assertEquals("yes yes", can("read /dev/zero", "read /dev/full"));
  }

  @Test
  void thereIsNoMomentWithoutRulesNorWithBoth() throws IOException {
    Path stop = directory.resolve("stop");
    decide(MOST + ", allow c 1:8 r");
    String gap =
        "exec 3> /dev/null; n=0; while [ ! -e "
            + stop
            + " ]; do n=$((n + 1)); (: < /dev/random) 2>&3 || echo refused;"
            + " if (: < /dev/full) 2>&3; then echo opened; fi; done; echo $n tries";
    Process process = new ProcessBuilder(inside(gap)).start();
    for (int i = 0; i < 60; i++) {
      decide(MOST + (i % 2 == 0 ? ", allow c 1:8 r, allow c 1:9 r" : ", allow c 1:8 r"));
    }
    Files.createFile(stop);
    Outcome outcome = Product.finish(process, "");
    assertTrue(outcome.out().matches("[1-9]\\d+ tries\n"), outcome::toString);
  }

  @Test
  void whatTheVerifierRefusesIsAnErrorWithItsReasonAndChangesNothing() throws IOException {
    decide(MOST);
    byte[] end = {(byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
    Outcome outcome = attach(end);
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome.err().contains("decide about devices: EACCES: ")
            && outcome.err().contains("R0 !read_ok"),
        outcome::toString);
    assertEquals("yes no", can("read /dev/zero", "write /dev/zero"));
  }

  /** The verifier gives up on a program that it needs too long for. */
  @Test
  void theKernelTakesAsManyRulesAsThereMayBe() throws IOException {
    List<DeviceRule> rules = new ArrayList<>();
    String[] access = {"r", "w", "m", "rw", "rm", "wm"};
    for (int i = 0; i < DeviceProgram.MAX_RULES - 1; i++) {
      rules.add(
          DeviceRule.builder()
              .allow(i % 3 > 0)
              .type(i % 2 == 0 ? "c" : "b")
              .major(300 + i % 20)
              .minor(i)
              .access(access[i % access.length])
              .build());
    }
    rules.add(0, rules("allow c 1:3 rw").get(0));
    decide(rules);
    assertEquals("yes no", can("both /dev/null", "read /dev/zero"));
  }
}
