package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a process of ours, picked by chance from a seed, at a moment picked by chance; then the
 * next command must leave nothing of that container, and a bystander must not notice.
 */
class CrashTest extends KernelTest {
  private static final long SEED = Long.getLong("hardway.crash.seed", 20_261_101L);
  private static final int ROUNDS = Integer.getInteger("hardway.crash.rounds", 200);
  private static final int USER_ROUNDS = 20;
  private static final long PATIENCE_MILLIS = 30_000;

  /** About what a command takes here: the delays are spread over it. */
  private static final int COMMAND_MILLIS = 220;

  private static final List<String> VERBS =
      List.of(
          "run",
          "run --rm",
          "run -t",
          "run -d",
          "create",
          "start",
          "exec",
          "exec -d",
          "stop",
          "rm",
          "pause",
          "unpause",
          "update",
          "rename");

  /** What the program does that makes it hard to get rid of. */
  private static final List<List<String>> PROGRAMS =
      List.of(
          List.of("sh", "-c", "trap '' TERM; while :; do sleep 1 & sleep 0.05; done"),
          List.of("setsid", "busybox", "sh", "-c", "sleep 1000 & sleep 1000"),
          List.of("/setuid/busybox", "sleep", "1000"));

  private static final List<List<String>> KINDS =
      List.of(
          List.of(),
          List.of("--pid", "host"),
          List.of("--init"),
          List.of("--userns", "auto"),
          List.of("--pid", "container:bystander"),
          List.of("--user", "1000", "--pid", "host"),
          List.of("--user", "1000", "--init"),
          List.of("--user", "1000"));

  private Set<Long> spared = Set.of();

  /** How often there was something to clean up: else this test would show nothing. */
  private int wrecks;

  /** A setuid program: executing it clears the wish to die with the parent. */
  private void addSetuidProgram() throws IOException {
    Path directory = Files.createDirectory(Path.of(rootfs(), "setuid"));
    Files.copy(Path.of(rootfs(), "bin/busybox"), directory.resolve("busybox"));
    Files.setAttribute(directory.resolve("busybox"), "unix:mode", 0104755);
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Flags and program of a container. */
  private List<String> container(Random random, String name, String mark, List<List<String>> kinds)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("--name", name, "-e", mark));
    words.addAll(pick(random, kinds));
    words.addAll(List.of("--rootfs", rootfs()));
    words.addAll(pick(random, PROGRAMS));
    return words;
  }

  private static String[] words(String verb, List<String> rest) {
    return Stream.concat(Stream.of(verb.split(" ")), rest.stream()).toArray(String[]::new);
  }

  /** Brings a container to where the verb can be done to it, and gives the command. */
  private String[] prepare(
      Product product, Random random, String verb, String name, List<String> container) {
    boolean makes = verb.startsWith("run") || verb.equals("create");
    if (makes) {
      return words(verb, container);
    }
    product.ok(words(verb.equals("start") ? "create" : "run -d", container));
    boolean mayPause = Files.isDirectory(Path.of("/sys/fs/cgroup/freezer/hardway"));
    if (verb.equals("unpause")
        || random.nextInt(3) == 0 && List.of("stop", "rm", "update", "rename").contains(verb)) {
      if (mayPause) {
        product.run("pause", name);
      }
    }
    return switch (verb) {
      case "exec", "exec -d" -> words(verb, List.of(name, "sh", "-c", "sleep 100"));
      case "stop" -> new String[] {"stop", "-t", "1", name};
      case "rm" -> new String[] {"rm", "-f", name};
      case "update" -> new String[] {"update", "--memory", "90m", "--memory-swap", "90m", name};
      case "rename" -> new String[] {"rename", name, name + "-renamed"};
      default -> new String[] {verb, name};
    };
  }

  /** Waits a while picked by chance: anywhere in the command, or close to its effects. */
  private static void await(Product product, Random random, String verb) throws Exception {
    int delay = random.nextInt(verb.equals("stop") ? 5 * COMMAND_MILLIS : COMMAND_MILLIS);
    boolean close = random.nextBoolean();
    int nanos = random.nextInt(15_000_000);
    if (!close || verb.startsWith("exec")) {
      Thread.sleep(delay);
      return;
    }
    // The owner file comes or goes at the beginning of what is done.
    Path owners = product.state().resolve("owners");
    String[] before = owners.toFile().list();
    int count = before == null ? 0 : before.length;
    long deadline = System.nanoTime() + delay * 3_000_000L;
    while (System.nanoTime() < deadline) {
      String[] now = owners.toFile().list();
      if ((now == null ? 0 : now.length) != count) {
        break;
      }
    }
    Thread.sleep(nanos / 1_000_000, nanos % 1_000_000);
  }

  /** Everything that is ours and not the bystander's. */
  private Set<Long> ours(Product product) throws IOException {
    Set<Long> ours = ProcessTable.withArgument("--state " + product.state() + " ");
    ours.removeAll(spared);
    return ours;
  }

  /** Kills one of ours, and perhaps who supervises a container; the command in any case. */
  private String killSomething(Product product, Random random, Process command) throws Exception {
    Set<Long> all = new TreeSet<>(ProcessTable.family(command.pid()));
    all.addAll(ours(product));
    List<Long> victims = new ArrayList<>(all);
    long victim = pick(random, victims);
    String story = victim + " of " + victims + ": " + ProcessTable.commandLine(victim);
    ProcessTable.kill(victim);
    switch (random.nextInt(3)) {
      case 0 -> {}
      case 1 -> ProcessTable.kill(command.pid());
      default -> {
        for (long other : victims) {
          ProcessTable.kill(other);
        }
      }
    }
    command.destroyForcibly();
    command.waitFor();
    return story;
  }

  /** Until nothing of ours is on its way any more: no planner, and nobody comes or goes. */
  private void settle(Product product, String story) throws Exception {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    Set<Long> before = Set.of(-1L);
    while (true) {
      Set<Long> now = ours(product);
      boolean planning = false;
      for (long pid : now) {
        planning |= ProcessTable.commandLine(pid).contains("/bin/java ");
      }
      if (!planning && now.equals(before)) {
        return;
      }
      assertTrue(System.currentTimeMillis() < deadline, story + ": still at work: " + now);
      before = now;
      Thread.sleep(40);
    }
  }

  /** The next command: several at once, after one that was killed itself. */
  private void cleanUp(Product product, Random random, String story) throws Exception {
    if (random.nextInt(3) == 0) {
      Process killed = product.start("ps", "-a");
      Thread.sleep(random.nextInt(COMMAND_MILLIS));
      killed.destroyForcibly().waitFor();
    }
    List<Process> cleaners = new ArrayList<>();
    int count = random.nextInt(20) == 0 ? 10 : 2;
    for (int i = 0; i < count; i++) {
      cleaners.add(product.start("ps", "-a"));
    }
    for (Process cleaner : cleaners) {
      Product.Outcome outcome = Product.finish(cleaner, "");
      assertEquals(0, outcome.exitCode(), () -> story + "\n" + outcome);
      assertEquals("", outcome.err(), story);
    }
  }

  private void round(Product product, Random random, int round, List<List<String>> kinds)
      throws Exception {
    String verb = VERBS.get(round % VERBS.size());
    String name = "victim" + round;
    String mark = "HARDWAY_CRASH=" + product.directory().getFileName() + round;
    Wreckage wreckage = new Wreckage(product, bystander, mark);
    String[] command = prepare(product, random, verb, name, container(random, name, mark, kinds));
    Process process = product.start(command);
    await(product, random, verb);
    String story =
        "seed " + SEED + ", round " + round + ", " + String.join(" ", command) + ": killed ";
    story += killSomething(product, random, process);
    settle(product, story);
    wrecks += wreckage.found().isEmpty() ? 0 : 1;
    cleanUp(product, random, story);
    assertEquals(List.of(), wreckage.found(), story);
    for (String made : List.of(name, name + "-renamed")) {
      if (Files.isSymbolicLink(product.data().resolve("names").resolve(made))) {
        product.ok("rm", "-f", made);
      }
    }
    assertEquals(List.of(), wreckage.everything(), story);
  }

  private String bystander = "";
  private long bystanderPid;

  /** A container that has nothing to do with what happens to the others. */
  private void startBystander() throws Exception {
    bystander =
        hardway.ok(
            "run",
            "-d",
            "--name",
            "bystander",
            "--rootfs",
            rootfs(),
            "sh",
            "-c",
            "while :; do echo >> /beats; sleep 0.1; done");
    bystanderPid = Long.parseLong(hardway.ok("inspect", "-f", "{{.State.Pid}}", "bystander"));
    spared = Set.of(ProcessTable.parent(bystanderPid).orElseThrow());
    startTime = ProcessTable.startTime(bystanderPid).orElseThrow();
  }

  private String startTime;

  private void bystanderIsWell(String story) throws Exception {
    assertEquals(startTime, ProcessTable.startTime(bystanderPid).orElse("gone"), story);
    assertTrue(new Wreckage(hardway, "", "").owned().contains(bystander), story);
    assertTrue(Wreckage.isInItsGroups(bystander, bystanderPid), story);
    Path beats = hardway.data().resolve("containers/" + bystander + "/layer/upper/beats");
    long before = Files.size(beats);
    for (int i = 0; i < 200 && Files.size(beats) == before; i++) {
      Thread.sleep(20);
    }
    assertNotEquals(before, Files.size(beats), story + ": the bystander stands still");
  }

  @Test
  void whateverIsKilledWheneverNothingStays() throws Exception {
    addSetuidProgram();
    startBystander();
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      round(hardway, random, round, KINDS);
      bystanderIsWell("after round " + round);
    }
    assertTrue(wrecks > ROUNDS / 20, "only " + wrecks + " of " + ROUNDS + " rounds left a wreck");
    assertEquals("well", hardway.ok("exec", "bystander", "echo", "well"));
    hardway.ok("rm", "-f", "bystander");
    assertEquals(List.of(), hardway.remains());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hardway-subids", "hardway-plain"})
  void whateverIsKilledOfAnOrdinaryUserNothingStays(String user) throws Exception {
    Conditions.require(
        Product.perform(List.of("id", user), "").exitCode() == 0,
        "needs the user " + user + ", see kernel-tests/prepare");
    addSetuidProgram();
    try (Product own = hardway.of(user)) {
      Random random = new Random(SEED);
      for (int round = 0; round < USER_ROUNDS; round++) {
        round(own, random, round, List.of(List.of(), List.of("--init")));
      }
      assertEquals(List.of(), own.remains());
    }
  }
}
