package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Hierarchy;
import io.hardway.spi.Host;
import io.hardway.spi.Limit;
import io.hardway.spi.OomCounter;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Support;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every resource controller must keep on a real kernel: its plans are performed by the native
 * program, as root, with processes of a shell. Extend it in a test of the plugin, beside {@link
 * ResourceControllerContract}, which looks at plans alone.
 *
 * <p>It makes groups for containers with ids that begin with {@code contract-}, and removes them;
 * it touches no other group.
 *
 * @since 0.1
 */
public abstract class ResourceControllerKernelContract {
  private static final long MEGABYTE = 1L << 20;
  private static final Limit MEMORY = Limit.of(64 * MEGABYTE);
  private static final Limit PIDS = Limit.of(60);

  /** Where the kernel has these limits: the names in version 1 and in version 2. */
  private static final List<String> MEMORY_FILES = List.of("memory.limit_in_bytes", "memory.max");

  private static final List<String> PIDS_FILES = List.of("pids.max");

  private static final String SLEEP = "exec sleep 1000";
  private static final String BUSY = "while :; do :; done";

  /** Others use the machine too: only what happens each time is of our making. */
  private static final int ATTEMPTS = 3;

  @TempDir Path directory;
  private final Map<String, PlanAssembler> made = new HashMap<>();
  private Performer performer;

  /** The plugin. */
  protected abstract ResourceController controller();

  /** The machine this runs on, like {@code LiveHost.current()}. */
  protected abstract Host host();

  /**
   * The native program, {@code hardway-init} or an installation's {@code bin/hardway}: the system
   * property {@code hardway.init} names it, else it is the {@code hardway} on the search path.
   */
  protected Path nativeProgram() {
    String property = System.getProperty("hardway.init");
    Optional<Path> program =
        property != null ? Optional.of(Path.of(property)) : host().program("hardway");
    KernelConditions.require(
        program.isPresent() && Files.isExecutable(program.get()),
        "needs the native program: name it by -Dhardway.init, or install hardway");
    return program.get();
  }

  @BeforeEach
  final void needsAKernelItWorksOn() throws IOException {
    KernelConditions.require(host().uid() == 0 && host().isPrivileged(), "needs root");
    Support support = controller().probe(host());
    KernelConditions.require(
        support.isUsable(), controller().name() + " does not work here: " + support.reason());
    performer = new Performer(nativeProgram(), Files.createDirectory(directory.resolve("plans")));
  }

  @AfterEach
  final void leavesNoGroup() throws IOException, InterruptedException {
    if (performer == null) {
      return;
    }
    try {
      for (PlanAssembler undo : made.values()) {
        performer.succeed(undo.teardown());
      }
    } finally {
      performer.endProcesses();
    }
    for (String id : made.keySet()) {
      assertEquals(List.of(), directories(group(id)));
    }
  }

  private ResourceRequest request(String id, Resources resources) {
    Container container =
        Container.builder()
            .id("contract-" + ProcessHandle.current().pid() + "-" + id)
            .state(directory.resolve("state"))
            .data(directory.resolve("data"))
            .build();
    return ResourceRequest.builder().host(host()).container(container).resources(resources).build();
  }

  private ControlGroup group(String id) {
    return controller().group(request(id, Resources.builder().build()));
  }

  private static Resources limits() {
    return Resources.builder()
        .memory(MemoryResources.builder().limit(MEMORY).build())
        .pids(PIDS)
        .build();
  }

  private static Resources none() {
    return Resources.builder().build();
  }

  /** Starts a process in a new group. */
  private GroupMember start(String id, Resources resources, String script)
      throws IOException, InterruptedException {
    ResourceRequest request = request(id, resources);
    PlanAssembler plan = new PlanAssembler();
    made.put(id, plan);
    FdSlot born =
        controller()
            .contribute(request, controller().group(request), plan.forPlugin(controller().name()));
    return performer.start(plan, born, script);
  }

  /** Starts one more process in a group that is there. */
  private GroupMember join(ControlGroup group, String script)
      throws IOException, InterruptedException {
    PlanAssembler plan = new PlanAssembler();
    FdSlot born = controller().contributeJoin(group, plan.forPlugin(controller().name()));
    return performer.start(plan, born, script);
  }

  /** Performs what the plugin contributes to the host phase. */
  private void perform(Consumer<PlanBuilder> verb) throws IOException, InterruptedException {
    PlanAssembler plan = new PlanAssembler();
    verb.accept(plan.forPlugin(controller().name()));
    performer.succeed(plan.run(Optional.empty()));
  }

  private void freeze(ControlGroup group) throws IOException, InterruptedException {
    perform(plan -> controller().contributeFreeze(group, plan));
  }

  private void thaw(ControlGroup group) throws IOException, InterruptedException {
    perform(plan -> controller().contributeThaw(group, plan));
  }

  private void update(ControlGroup group, Resources changed)
      throws IOException, InterruptedException {
    perform(plan -> controller().contributeUpdate(host(), group, changed, plan));
  }

  /** Performs the undo, and sees that nothing is left. */
  private void takeDown(String id) throws IOException, InterruptedException {
    performer.succeed(made.get(id).teardown());
    assertEquals(List.of(), directories(group(id)));
    assertEquals(List.of(), controller().processes(group(id)));
  }

  private static List<Path> directories(ControlGroup group) {
    List<Path> found = new ArrayList<>();
    for (Hierarchy hierarchy : group.hierarchies()) {
      if (Files.exists(hierarchy.directory())) {
        found.add(hierarchy.directory());
      }
    }
    return found;
  }

  /** What the kernel says in the files of a group that have one of these names. */
  private static List<String> contents(ControlGroup group, List<String> names) throws IOException {
    List<String> contents = new ArrayList<>();
    for (Path directory : directories(group)) {
      for (String name : names) {
        if (Files.exists(directory.resolve(name))) {
          contents.add(Files.readString(directory.resolve(name)).strip());
        }
      }
    }
    return contents;
  }

  private long cpuNanos(ControlGroup group) {
    OptionalLong nanos = controller().usage(group).cpu().nanos();
    assertTrue(nanos.isPresent(), "the processor time of a group that is there must be known");
    return nanos.getAsLong();
  }

  /** A process is in a group of each hierarchy, by its own list and by that of the group. */
  private static void assertIsIn(ControlGroup group, GroupMember process) throws IOException {
    assertFalse(group.hierarchies().isEmpty());
    for (Hierarchy hierarchy : group.hierarchies()) {
      Path directory = hierarchy.directory();
      List<String> members = Files.readAllLines(directory.resolve("cgroup.procs"));
      assertTrue(members.contains(Long.toString(process.pid())), directory + ": " + members);
      assertTrue(
          process.groups().stream().anyMatch(line -> directory.toString().endsWith(path(line))),
          directory + " is not among " + process.groups());
    }
  }

  /** The last part of {@code ID:CONTROLLERS:PATH}, where it is not the root. */
  private static String path(String line) {
    String path = line.substring(line.indexOf(':', line.indexOf(':') + 1) + 1);
    return path.equals("/") ? "no group" : path;
  }

  @Test
  void theProcessIsInItsGroup() throws IOException, InterruptedException {
    GroupMember process = start("c", limits(), SLEEP);
    assertIsIn(group("c"), process);
    assertTrue(controller().processes(group("c")).contains(process.pid()));
  }

  @Test
  void oneMoreProcessIsInTheGroup() throws IOException, InterruptedException {
    GroupMember first = start("c", limits(), SLEEP);
    GroupMember joined = join(group("c"), SLEEP);
    assertIsIn(group("c"), joined);
    assertTrue(
        controller().processes(group("c")).containsAll(List.of(first.pid(), joined.pid())),
        controller().processes(group("c"))::toString);
  }

  @Test
  void limitsAreSetBeforeTheProgramRuns() throws IOException, InterruptedException {
    start("c", limits(), SLEEP);
    ControlGroup group = group("c");
    assertEquals(List.of(Long.toString(MEMORY.value())), contents(group, MEMORY_FILES));
    assertEquals(List.of(Long.toString(PIDS.value())), contents(group, PIDS_FILES));
    assertEquals(Optional.of(MEMORY), controller().usage(group).memory().limit());
    assertEquals(Optional.of(PIDS), controller().usage(group).pidsLimit());
  }

  @Test
  void whatIsNotLimitedIsUnlimited() throws IOException, InterruptedException {
    start("c", none(), SLEEP);
    assertEquals(Optional.of(Limit.unlimited()), controller().usage(group("c")).memory().limit());
    assertEquals(Optional.of(Limit.unlimited()), controller().usage(group("c")).pidsLimit());
  }

  @Test
  void anUpdateChangesWhatItNamesAndNothingElse() throws IOException, InterruptedException {
    start("c", limits(), SLEEP);
    ControlGroup group = group("c");
    update(group, Resources.builder().pids(Limit.of(7)).build());
    assertEquals(List.of("7"), contents(group, PIDS_FILES));
    assertEquals(List.of(Long.toString(MEMORY.value())), contents(group, MEMORY_FILES));
    update(
        group,
        Resources.builder()
            .memory(MemoryResources.builder().limit(Limit.of(48 * MEGABYTE)).build())
            .build());
    assertEquals(List.of("7"), contents(group, PIDS_FILES));
    assertEquals(Optional.of(Limit.of(48 * MEGABYTE)), controller().usage(group).memory().limit());
  }

  @Test
  void whatIsUsedIsCounted() throws IOException, InterruptedException {
    start("c", limits(), BUSY);
    ControlGroup group = group("c");
    long before = cpuNanos(group);
    Eventually.isTrue(
        () -> cpuNanos(group) > before + 50_000_000, () -> "a busy loop uses no processor time");
    assertEquals(OptionalLong.of(1), controller().usage(group).pids());
    assertTrue(controller().usage(group).memory().bytes().orElse(0) > 0, "it holds no memory");
  }

  @Test
  void aFrozenGroupStandsStillUntilItIsThawed() throws IOException, InterruptedException {
    start("c", limits(), BUSY);
    ControlGroup group = group("c");
    assertFalse(controller().isFrozen(group));
    freeze(group);
    assertTrue(controller().isFrozen(group));
    long frozen = cpuNanos(group);
    Thread.sleep(300);
    assertEquals(frozen, cpuNanos(group), "it has used processor time");
    thaw(group);
    assertFalse(controller().isFrozen(group));
    Eventually.isTrue(
        () -> cpuNanos(group) > frozen + 20_000_000, () -> "it stands still after it was thawed");
  }

  @Test
  void freezingReachesTheGroupsBelow() throws IOException, InterruptedException {
    start("c", limits(), BUSY);
    ControlGroup group = group("c");
    GroupMember inner = join(group, BUSY);
    moveBelow(group, inner);
    assertTrue(controller().processes(group).contains(inner.pid()), "it is still of the container");
    freeze(group);
    long frozen = cpuNanos(group);
    Thread.sleep(300);
    assertEquals(frozen, cpuNanos(group), "the process in the group below goes on");
  }

  /**
   * Makes a group below each, and one below that, as a process inside does, and moves one there.
   */
  private static void moveBelow(ControlGroup group, GroupMember process) throws IOException {
    for (Hierarchy hierarchy : group.hierarchies()) {
      Path inner = hierarchy.directory().resolve("inner");
      Path innermost = Files.createDirectories(inner.resolve("most"));
      for (Path level : List.of(inner, innermost)) {
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
          if (hierarchy.controllers().contains("cpuset") && group.version() == 1) {
            Files.writeString(
                level.resolve(file), Files.readString(level.getParent().resolve(file)));
          }
        }
      }
      Files.writeString(innermost.resolve("cgroup.procs"), Long.toString(process.pid()));
    }
  }

  @Test
  void killingLeavesNobody() throws IOException, InterruptedException {
    GroupMember first = start("c", limits(), "trap '' TERM INT HUP; " + BUSY);
    GroupMember joined = join(group("c"), SLEEP);
    takeDown("c");
    assertEquals(137, first.exitCode());
    assertEquals(137, joined.exitCode());
  }

  @Test
  void killingLeavesNobodyOfAFrozenGroup() throws IOException, InterruptedException {
    GroupMember process = start("c", limits(), "sleep 1000 & " + BUSY);
    freeze(group("c"));
    takeDown("c");
    assertEquals(137, process.exitCode());
  }

  @Test
  void killingLeavesNobodyOfAGroupThatForks() throws IOException, InterruptedException {
    GroupMember process =
        start(
            "c", none(), "for i in 1 2 3 4 5 6 7 8; do (while :; do : & wait; done) & done; wait");
    Eventually.isTrue(
        () -> controller().processes(group("c")).size() >= 9, () -> "it has not forked");
    takeDown("c");
    assertEquals(137, process.exitCode());
  }

  @Test
  void groupsBelowGoWithTheirs() throws IOException, InterruptedException {
    start("c", limits(), SLEEP);
    GroupMember inner = join(group("c"), SLEEP);
    moveBelow(group("c"), inner);
    takeDown("c");
    assertEquals(137, inner.exitCode());
  }

  @Test
  void removingWaitsForWhoDiesSlowly() throws IOException, InterruptedException {
    // The kernel has all this memory to give back before the process is gone.
    GroupMember process =
        start("c", none(), "exec dd if=/dev/zero of=/dev/null bs=256M count=1000000 2>/dev/null");
    Eventually.isTrue(
        () -> controller().usage(group("c")).memory().bytes().orElse(0) > 200 * MEGABYTE,
        () -> "it holds " + controller().usage(group("c")).memory().bytes());
    takeDown("c");
    assertEquals(137, process.exitCode());
  }

  @Test
  void whoIsDeadButNotWaitedForIsNoObstacle() throws IOException, InterruptedException {
    GroupMember process = start("c", limits(), "(exec true) & exec sleep 1000");
    process.stopParent();
    try {
      takeDown("c");
      assertEquals('Z', process.state(), "its parent was to leave it a zombie");
    } finally {
      process.resumeParent();
    }
    assertEquals(137, process.exitCode());
  }

  @Test
  void whatEndedByItselfIsRemoved() throws IOException, InterruptedException {
    GroupMember process = start("c", limits(), "exit 3");
    assertEquals(3, process.exitCode());
    takeDown("c");
  }

  @Test
  void removingWhatIsGoneIsSuccess() throws IOException, InterruptedException {
    start("c", limits(), SLEEP);
    takeDown("c");
    takeDown("c");
  }

  @Test
  void removingWhatWasNeverMadeIsSuccess() throws IOException, InterruptedException {
    ResourceRequest request = request("c", limits());
    PlanAssembler plan = new PlanAssembler();
    controller()
        .contribute(request, controller().group(request), plan.forPlugin(controller().name()));
    made.put("c", plan);
    takeDown("c");
  }

  @Test
  void aGroupThatIsGoneHasNothing() throws IOException, InterruptedException {
    start("c", limits(), SLEEP);
    takeDown("c");
    assertFalse(controller().isFrozen(group("c")));
    assertTrue(controller().usage(group("c")).cpu().nanos().isEmpty());
    assertTrue(controller().usage(group("c")).memory().bytes().isEmpty());
  }

  @Test
  void whoIsKilledForMemoryIsCounted() throws IOException, InterruptedException {
    Resources small =
        Resources.builder()
            .memory(
                MemoryResources.builder()
                    .limit(Limit.of(24 * MEGABYTE))
                    .swap(Limit.of(24 * MEGABYTE))
                    .build())
            .build();
    start("c", small, "dd if=/dev/zero of=/dev/null bs=96M count=1 2>/dev/null; exec sleep 1000");
    ControlGroup group = group("c");
    Eventually.isTrue(
        () -> controller().usage(group).memory().oomKills().orElse(0) >= 1,
        () -> "nobody was killed: " + controller().usage(group).memory().oomKills());
    Optional<OomCounter> counter = controller().oomCounter(group);
    if (counter.isPresent()) {
      String line =
          counter.get().key() + " " + controller().usage(group).memory().oomKills().getAsLong();
      List<String> lines = Files.readAllLines(counter.get().file());
      assertTrue(lines.contains(line), () -> "<" + line + "> is not among " + lines);
    }
  }

  @Test
  void devicesAreAllowedAndDeniedAsTheRulesSay() throws IOException, InterruptedException {
    needsDeviceRules();
    Path found = directory.resolve("found");
    start("c", devices(device(1, 5, "r"), device(1, 7, "w")), tryDevices(found));
    assertEquals(
        "reads null, writes null, both null, reads zero, writes full, makes c 200 1",
        whatCouldBeDone(found));
  }

  @Test
  void anUpdateChangesTheRulesAboutDevices() throws IOException, InterruptedException {
    needsDeviceRules();
    start("c", devices(device(1, 5, "r")), SLEEP);
    Path found = directory.resolve("found");
    update(group("c"), devices(device(1, 7, "rw")));
    join(group("c"), tryDevices(found));
    assertEquals(
        "reads null, writes null, both null, reads full, writes full, both full, makes c 200 1",
        whatCouldBeDone(found));
  }

  private void needsDeviceRules() {
    KernelConditions.require(
        controller().enforcesDeviceRules(host()),
        controller().name() + " applies no rules about devices here");
  }

  private static DeviceRule.Builder device(long major, long minor, String access) {
    return DeviceRule.builder().allow(true).type("c").major(major).minor(minor).access(access);
  }

  /** All denied but making character devices, /dev/null, and these. */
  private static Resources devices(DeviceRule.Builder... allowed) {
    List<DeviceRule> rules = new ArrayList<>();
    rules.add(DeviceRule.builder().allow(false).build());
    rules.add(DeviceRule.builder().allow(true).type("c").access("m").build());
    rules.add(device(1, 3, "rwm").build());
    for (DeviceRule.Builder rule : allowed) {
      rules.add(rule.build());
    }
    return Resources.builder().devices(rules).build();
  }

  /** Opens devices in every way and makes some, and writes down what could be done. */
  private static String tryDevices(Path found) {
    return """
        reads() { true < /dev/$1; }
        writes() { true > /dev/$1; }
        both() { true <> /dev/$1; }
        makes() { mknod FOUND.node "$@" && rm FOUND.node; }
        try() { if "$@" 2> /dev/null; then echo "$*"; fi; }
        for name in null zero full random; do try reads $name; try writes $name; try both $name; done > FOUND.new
        for type in c b; do try makes $type 200 1; done >> FOUND.new
        mv FOUND.new FOUND
        exec sleep 1000
        """
        .replace("FOUND", found.toString());
  }

  private static String whatCouldBeDone(Path found) throws IOException, InterruptedException {
    Eventually.isTrue(() -> Files.exists(found), () -> "devices are not tried");
    return String.join(", ", Files.readAllLines(found));
  }

  @Test
  void groupsOfOthersAreLeftAlone() throws IOException, InterruptedException {
    start("bystander", limits(), SLEEP);
    List<String> changes = List.of();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CgroupTree before = CgroupTree.of(host());
      assertTrue(
          before.groups().containsAll(directories(group("bystander"))),
          "the tree is to have the bystander's groups");
      goThroughEveryVerb("c" + attempt);
      changes = before.changes(CgroupTree.of(host()), directoriesOf("c" + attempt));
      if (changes.isEmpty()) {
        return;
      }
    }
    assertEquals(List.of(), changes);
  }

  private List<Path> directoriesOf(String id) {
    return group(id).hierarchies().stream().map(Hierarchy::directory).toList();
  }

  private void goThroughEveryVerb(String id) throws IOException, InterruptedException {
    start(id, limits(), SLEEP);
    join(group(id), SLEEP);
    update(group(id), Resources.builder().pids(Limit.of(9)).build());
    freeze(group(id));
    thaw(group(id));
    takeDown(id);
  }

  @Test
  void aStartThatFailsIsUndone() throws IOException, InterruptedException {
    ResourceRequest request = request("c", limits());
    PlanAssembler plan = new PlanAssembler();
    made.put("c", plan);
    FdSlot born =
        controller()
            .contribute(request, controller().group(request), plan.forPlugin(controller().name()));
    PlanBuilder core = plan.forPlugin("core");
    core.spawn().spawn(0, FdSlot.NONE, FdSlot.NONE, born).label("make the process");
    core.confine().exec(List.of("/no/such/program"), List.of(), "").label("run what is not there");
    Plan run = plan.run(Optional.empty());
    Performer.Outcome outcome = performer.perform(run);
    assertEquals(127, outcome.exitCode(), outcome::said);
    assertFalse(directories(group("c")).isEmpty(), "nothing was made that could be left");
    takeDown("c");
  }
}
