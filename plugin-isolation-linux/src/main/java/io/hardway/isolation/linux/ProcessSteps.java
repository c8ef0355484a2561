package io.hardway.isolation.linux;

import io.hardway.linux.Capabilities;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.Host;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Rlimit;
import io.hardway.spi.spec.Scheduler;
import io.hardway.spi.spec.User;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process gives up and gets before it executes its program: the same for a container's first
 * and for those of exec.
 */
final class ProcessSteps {
  private static final int SIGKILL = 9;
  private static final List<String> ORDINARY =
      List.of("SCHED_OTHER", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE");

  private static final List<String> LIMITS =
      List.of(
          "RLIMIT_CPU",
          "RLIMIT_FSIZE",
          "RLIMIT_DATA",
          "RLIMIT_STACK",
          "RLIMIT_CORE",
          "RLIMIT_RSS",
          "RLIMIT_NPROC",
          "RLIMIT_NOFILE",
          "RLIMIT_MEMLOCK",
          "RLIMIT_AS",
          "RLIMIT_LOCKS",
          "RLIMIT_SIGPENDING",
          "RLIMIT_MSGQUEUE",
          "RLIMIT_NICE",
          "RLIMIT_RTPRIO",
          "RLIMIT_RTTIME");

  private final ContainerProcess process;
  private final LinuxSettings linux;
  private final PlanBuilder plan;
  private final Stdio stdio;
  private final SecurityLabels labels;
  private final Optional<SystemCallFilter> filter;
  private final Text processState;

  ProcessSteps(
      ContainerProcess process,
      LinuxSettings linux,
      PlanBuilder plan,
      Stdio stdio,
      SecurityLabels labels,
      Optional<SystemCallFilter> filter,
      Text processState) {
    this.process = process;
    this.linux = linux;
    this.plan = plan;
    this.stdio = stdio;
    this.labels = labels;
    this.filter = filter;
    this.processState = processState;
  }

  /**
   * For a container's first process; its root is changed in between.
   *
   * @param console whether its terminal is put on {@code /dev/console}
   */
  void contributeConfine(
      Runnable changeRoot, boolean console, IsolationRequest request, boolean deniesGroups) {
    FdSlot slave = terminal(Location.in(plan.rootDirectory(), "/dev/pts/ptmx"));
    Identity identity = resolve(plan.rootDirectory());
    changeRoot.run();
    standardStreams(slave, console);
    confine(identity, true, deniesGroups, request);
  }

  /** For a container's first process that stands on files which are another's: it makes none. */
  void contributeConfine(IsolationRequest request, boolean deniesGroups) {
    standardStreams(terminal(Location.in(plan.rootDirectory(), "/dev/ptmx")), false);
    confine(resolve(plan.rootDirectory()), false, deniesGroups, request);
  }

  /** For a process of exec, which is inside already. */
  void contributeInside(FdSlot root, boolean deniesGroups, long preserved, boolean supervised) {
    ownSession(supervised);
    standardStreams(terminal(Location.host("/dev/pts/ptmx")), false);
    give(resolve(root), false, deniesGroups);
    become(Ending.ofExec(preserved, supervised));
  }

  private record Identity(IntSlot uid, IntSlot gid, TextSlot groups, TextSlot home) {}

  /** Opens the terminal, where there is to be one; the devpts is the container's. */
  private FdSlot terminal(Location ptmx) {
    FdSlot slave = FdSlot.NONE;
    if (stdio.isTerminal()) {
      slave = plan.fdSlot("terminal of the program");
      plan.confine()
          .pty(ptmx, stdio.rows(), stdio.columns(), stdio.master(), slave)
          .label("open a terminal in the container's devpts");
    }
    return slave;
  }

  private void standardStreams(FdSlot slave, boolean console) {
    if (stdio.isTerminal()) {
      plan.confine().terminal(slave, console).label("make it the controlling terminal");
    } else if (!stdio.isInherited()) {
      plan.confine().stdio(stdio.in(), stdio.out(), stdio.err()).label("take the standard streams");
    }
  }

  /**
   * To root of a user namespace, who cannot give away what belongs to nobody in it.
   *
   * @param uids the ids of the namespace, or none where they are not known
   */
  static void giveStreams(
      Host host, PlanBuilder plan, Stdio stdio, List<IdMapping> uids, List<IdMapping> gids) {
    if (host.isPrivileged() && !stdio.isTerminal() && !uids.isEmpty() && !gids.isEmpty()) {
      plan.host()
          .stdioOwner(
              stdio,
              IntOperand.of(IdMapping.hostId(uids, 0)),
              IntOperand.of(IdMapping.hostId(gids, 0)))
          .label("give the standard streams to root of the user namespace");
    }
  }

  private Identity resolve(FdSlot root) {
    User user = process.user();
    Identity identity =
        new Identity(
            plan.intSlot("uid"),
            plan.intSlot("gid"),
            plan.textSlot("groups"),
            plan.textSlot("home"));
    String name =
        user.name()
            .orElse(user.uid() == 0 && user.gid() == 0 ? "0" : user.uid() + ":" + user.gid());
    List<String> groups = new ArrayList<>(user.additionalGroups());
    for (Long group : user.additionalGids()) {
      groups.add(Long.toString(group));
    }
    plan.confine()
        .resolveUser(
            root, name, groups, identity.uid(), identity.gid(), identity.groups(), identity.home())
        .label("look up user " + name);
    return identity;
  }

  /**
   * What is done between giving up what it had and executing the program.
   *
   * @param supervised whether it dies with its parent
   * @param init whether a small init stays as pid 1
   * @param preserved how many descriptors from 3 on it keeps
   * @param gate the socket it waits at, or none
   * @param hooks what is run inside when it has been let through
   */
  private record Ending(
      boolean supervised, boolean init, long preserved, FdSlot gate, List<HelperProgram> hooks) {
    static Ending ofExec(long preserved, boolean supervised) {
      return new Ending(supervised, false, preserved, FdSlot.NONE, List.of());
    }
  }

  /** What the caller's terminal sends to its processes is not meant for one that outlives it. */
  private void ownSession(boolean supervised) {
    if (!supervised && !stdio.isTerminal()) {
      plan.confine().setsid().ignoring(Errno.EPERM).label("start a session of its own");
    }
  }

  private void confine(
      Identity identity, boolean makesDirectory, boolean deniesGroups, IsolationRequest request) {
    ownSession(request.supervised());
    give(identity, makesDirectory, deniesGroups);
    become(
        new Ending(
            request.supervised(),
            request.initProcess(),
            request.preservedDescriptors(),
            request.gate(),
            request.startHooks()));
  }

  private void give(Identity identity, boolean makesDirectory, boolean deniesGroups) {
    Stage stage = plan.confine();
    // The caller's keys are no business of the container's.
    stage
        .sessionKeyring("hardway")
        .ignoring(Errno.ENOSYS)
        .label("take a session keyring of its own")
        .hint("keyrings(7): the user's quota is in /proc/sys/kernel/keys");
    stage
        .environment("HOME", Text.builder().text(identity.home()).build(), false)
        .label("set HOME");
    process.user().umask().ifPresent(mask -> stage.umask(mask).label("set the umask"));
    if (process.user().umask().isEmpty()) {
      stage.umask(022).label("set the umask to 022");
    }
    Scheduling.contribute(stage, process, linux);
    labels.apply(stage);
    CapabilitySets sets = process.capabilities();
    stage
        .bounding(mask(sets.bounding()))
        .label("drop all capabilities but " + sets.bounding().size());
    if (process.noNewPrivileges()) {
      stage.noNewPrivileges().label("allow no new privileges");
    }
    if (deniesGroups
        && !(process.user().additionalGroups().isEmpty()
            && process.user().additionalGids().isEmpty())) {
      throw new PlanningException(
          "supplementary groups cannot be had in a user namespace with one group",
          "leave --group-add out, or get subordinate ids");
    }
    stage
        .stdioOwner(Stdio.inherited(), identity.uid(), IntOperand.of(-1))
        .label("let the user open the standard streams by their names");
    Text groups = deniesGroups ? Text.of("-") : Text.builder().text(identity.groups()).build();
    stage
        .credentials(identity.uid(), identity.gid(), groups)
        .label("become the user")
        .hint("in a user namespace the ids must be among those it maps");
    StepOptions chdir = stage.chdir(Location.host(process.cwd()), makesDirectory);
    chdir.label("go to " + process.cwd());
    if (!makesDirectory) {
      chdir.hint(
          "it must be there: one is made only for the start of a container with files of its own");
    }
  }

  private void become(Ending ending) {
    Stage stage = plan.confine();
    CapabilitySets sets = process.capabilities();
    boolean init = ending.init();
    // Behind what opens files: a limit of a few descriptors is the program's, and must not fail us.
    for (Rlimit limit : process.rlimits()) {
      rlimit(stage, limit);
    }
    // The filter must let pass what comes behind it. Without no_new_privs the kernel takes one from
    // CAP_SYS_ADMIN alone, so that it cannot come behind the capabilities; a fork must, since what
    // stays as pid 1 gives them up too.
    boolean early = !process.noNewPrivileges();
    if (early && init) {
      install(stage);
    }
    if (!early || init) {
      capabilities(stage, sets);
    }
    if (init) {
      stage.init().label("stay as pid 1, and go on in a child");
    }
    if (ending.supervised()) {
      stage.parentDeathSignal(SIGKILL).label("die with the parent");
    }
    stage.resetSignals().label("forget the signal dispositions");
    stage.closeOthers((int) ending.preserved()).label("close every other descriptor");
    if (ending.gate() != FdSlot.NONE) {
      stage
          .lookUp(process.args().get(0), process.env(), "")
          .label("look for " + process.args().get(0));
      // Before the filter, which need not let pass what waiting takes.
      stage.gate(ending.gate()).label("wait until the container is started");
    }
    if (early && !init) {
      install(stage);
      capabilities(stage, sets);
    }
    for (HelperProgram hook : ending.hooks()) {
      stage.run(hook).label("run the hook " + hook.argv().get(0));
    }
    if (!early) {
      install(stage);
    }
    stage
        .exec(process.args(), process.env(), "")
        .label("execute " + String.join(" ", process.args()));
  }

  private void install(Stage stage) {
    filter.ifPresent(wanted -> wanted.install(stage, connection(wanted), processState));
  }

  /** To the agent, made while we are what we are: the container's user need not be let to it. */
  private FdSlot connection(SystemCallFilter wanted) {
    if (wanted.agent().isEmpty()) {
      return FdSlot.NONE;
    }
    process
        .scheduler()
        .map(Scheduler::policy)
        .filter(policy -> !ORDINARY.contains(policy))
        .ifPresent(
            policy -> {
              throw new PlanningException(
                  "process.scheduler: "
                      + policy
                      + " cannot be had together with an agent for system calls, which is told by a second thread",
                  "use SCHED_OTHER, or leave linux.seccomp.listenerPath out");
            });
    Path socket = wanted.agent().get();
    FdSlot connection = plan.fdSlot("agent for system calls");
    plan.host()
        .connect(socket, connection)
        .label("connect to the agent that decides about system calls, " + socket)
        .hint("linux.seccomp.listenerPath is the socket of an agent that runs");
    plan.paired().close(connection).label("leave the connection to the container's process");
    return connection;
  }

  private void capabilities(Stage stage, CapabilitySets sets) {
    var capabilities =
        stage.capabilities(
            mask(sets.effective()),
            mask(sets.permitted()),
            mask(sets.inheritable()),
            mask(sets.ambient()));
    capabilities.label("keep these capabilities");
    if (filter.isPresent() && !process.noNewPrivileges()) {
      capabilities.hint(
          "the system call filter holds already: its profile must allow capget, capset and prctl, or say no-new-privileges");
    }
    if (sets.bounding().size() == Capabilities.all().size()) {
      capabilities.bestEffort();
    }
  }

  private static long mask(List<String> names) {
    try {
      return Capabilities.mask(names);
    } catch (IllegalArgumentException e) {
      throw new PlanningException(e.getMessage(), "see capabilities(7)");
    }
  }

  private void rlimit(Stage stage, Rlimit limit) {
    int number = LIMITS.indexOf(limit.type());
    if (number < 0) {
      throw new PlanningException("there is no resource limit " + limit.type(), "see setrlimit(2)");
    }
    stage
        .rlimit(number, limit.soft(), limit.hard())
        .label("limit " + limit.type() + " to " + limit.soft() + " of " + limit.hard())
        .hint("raising a hard limit needs the capability CAP_SYS_RESOURCE");
  }
}
