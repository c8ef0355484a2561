package io.hardway.cgroup.v2;

import io.hardway.linux.cgroup.SystemdScope;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.MountPoint;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Has systemd make a container's group, as the group of a transient scope with the container's
 * process in it, by busctl(1); org.freedesktop.systemd1(5), {@code StartTransientUnit}.
 *
 * <p>systemd owns the groups of its hierarchy and gives this one away ({@code Delegate}): what is
 * in it is ours, its own files are both's.
 */
final class ScopeSteps {
  private static final List<String> MANAGER =
      List.of(
          "org.freedesktop.systemd1",
          "/org/freedesktop/systemd1",
          "org.freedesktop.systemd1.Manager");

  /** Those that systemd turns on by itself; the others are written to its groups. */
  static final List<String> OF_SYSTEMD = List.of("cpu", "cpuset", "io", "memory", "pids");

  private static final int JOB_MILLIS = 30_000;

  private final String busctl;

  private ScopeSteps(String busctl) {
    this.busctl = busctl;
  }

  /**
   * On this host.
   *
   * @throws PlanningException where systemd cannot be asked, or does not have version 2 alone
   */
  static ScopeSteps on(Host host) {
    if (!host.isPrivileged()) {
      throw refuse("only root's groups are made by systemd");
    }
    if (!Files.isDirectory(host.file("/run/systemd/system"))) {
      throw refuse("systemd does not run this host: there is no /run/systemd/system");
    }
    for (MountPoint mount : host.mounts()) {
      if (mount.type().equals("cgroup")) {
        throw refuse(
            "hierarchies of cgroup version 1 are mounted here ("
                + mount.target()
                + "),"
                + " and systemd is asked where there is version 2 alone");
      }
    }
    return new ScopeSteps(
        host.program("busctl")
            .orElseThrow(() -> refuse("there is no busctl, which asks systemd"))
            .toString());
  }

  private static PlanningException refuse(String reason) {
    return new PlanningException(
        "the container's group cannot be made by systemd: " + reason,
        "have it made directly: leave --systemd-cgroup out, choose the driver cgroupfs in the engine");
  }

  /** Adds the steps that make the scope once the process is there, and wait until it is in it. */
  void start(SystemdScope scope, String id, UnitLimits limits, PlanBuilder plan) {
    limits.otherwise("TasksMax", "t", Long.toUnsignedString(-1));
    for (String accounting : List.of("CPU", "IO", "Memory", "Tasks")) {
      limits.otherwise(accounting + "Accounting", "b", "true");
    }
    limits.otherwise("Delegate", "b", "true");
    limits.otherwise("DefaultDependencies", "b", "false");
    limits.otherwise("CollectMode", "s", "inactive-or-failed");
    limits.otherwise("Description", "s", "container " + id);
    limits.otherwise("Slice", "s", scope.slice());
    List<Text> call = call("StartTransientUnit", "ssa(sv)a(sa(sv))", scope.name(), "fail");
    call.add(Text.of(Integer.toString(limits.count() + 1)));
    limits.words().forEach(word -> call.add(Text.of(word)));
    call.addAll(List.of(Text.of("PIDs"), Text.of("au"), Text.of("1")));
    call.add(Text.builder().decimal(plan.pid()).build());
    call.add(Text.of("0"));
    String hint =
        "systemd does not make "
            + scope.name()
            + ": is there another of this name (systemctl status)?";
    run(call, plan.paired())
        .label("have systemd make " + scope.name() + " with the process in it")
        .hint(hint);
    plan.paired()
        .await(
            Location.host(
                Text.builder().literal("/proc/").decimal(plan.pid()).literal("/cgroup").build()),
            "",
            "0::/" + scope.path(),
            JOB_MILLIS)
        .label("wait until it is there")
        .hint(hint);
  }

  /** Adds the step that tells systemd of limits that change; none where it need not know. */
  void update(String unit, UnitLimits limits, Stage stage) {
    if (limits.isEmpty()) {
      return;
    }
    List<Text> call = call("SetUnitProperties", "sba(sv)", unit, "true");
    call.add(Text.of(Integer.toString(limits.count())));
    limits.words().forEach(word -> call.add(Text.of(word)));
    run(call, stage).label("tell systemd of the limits of " + unit);
  }

  /** Adds the step that tells systemd of the limits it knew before. */
  void takeBack(String unit, UnitLimits before, Stage stage) {
    if (!before.isEmpty()) {
      List<Text> call = call("SetUnitProperties", "sba(sv)", unit, "true");
      call.add(Text.of(Integer.toString(before.count())));
      before.words().forEach(word -> call.add(Text.of(word)));
      run(call, stage).bestEffort().label("tell systemd of the limits before");
    }
  }

  /** Adds the step that stops the unit; one whose processes are gone stops by itself. */
  void stop(String unit, Stage stage) {
    String script = "exec \"$@\" 2>/dev/null";
    List<Text> call = new ArrayList<>(List.of(Text.of("/bin/sh"), Text.of("-c"), Text.of(script)));
    call.add(Text.of("stop"));
    call.addAll(call("StopUnit", "ss", unit, "replace"));
    run(call, stage).bestEffort().label("have systemd stop " + unit + ", where it has not yet");
  }

  private List<Text> call(String method, String signature, String... arguments) {
    List<Text> words = new ArrayList<>();
    words.add(Text.of(busctl));
    words.add(Text.of("--quiet"));
    words.add(Text.of("call"));
    MANAGER.forEach(word -> words.add(Text.of(word)));
    words.add(Text.of(method));
    words.add(Text.of(signature));
    for (String argument : arguments) {
      words.add(Text.of(argument));
    }
    return words;
  }

  private static StepOptions run(List<Text> words, Stage stage) {
    return stage.run(HelperProgram.of(words).timeoutMillis(JOB_MILLIS).build());
  }

  /** Adds the steps that let the groups above give what systemd knows nothing of. */
  static void enable(Path top, Path directory, List<String> controllers, Stage stage) {
    List<Path> levels = new ArrayList<>();
    for (Path level = directory.getParent(); level.startsWith(top); level = level.getParent()) {
      levels.add(0, level);
    }
    for (Path level : levels) {
      for (String controller : controllers) {
        stage
            .write(Location.host(level.resolve("cgroup.subtree_control")), "+" + controller)
            .label("let groups below " + level + " use " + controller);
      }
    }
  }
}
