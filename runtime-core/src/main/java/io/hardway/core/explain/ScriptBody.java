package io.hardway.core.explain;

import io.hardway.spi.FdSlot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Actor;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The functions of a script: what is done outside, and, in stages, what the container does. */
final class ScriptBody {
  private static final String CORE = "core";

  /** Who finds it there must not go on, nor take it down. */
  private static final String OWN_DIRECTORY = "mkdir -m 711 \"$STATE\"";

  private static final long O_APPEND = 02000;
  private static final long O_CREAT = 0100;
  private static final long CLONE_NEWUSER = 0x1000_0000;
  private static final long CLONE_NEWTIME = 0x80;
  private static final long CLONE_NEWNS = 0x0002_0000;

  private final Explanation explanation;
  private final ShellWords words;
  private final ShellCommands commands;
  private final ProcessCommands processes;
  private final Set<String> omitted;
  private final boolean makes;
  private final boolean spawns;
  private final StringBuilder outside = new StringBuilder();
  private final List<StringBuilder> inside = new ArrayList<>();
  private final Confinement confinement;
  private final Set<Integer> piped = new HashSet<>();
  private final Set<Integer> detached = new HashSet<>();
  private final List<Operation.CloneMount> clones = new ArrayList<>();
  private final List<Step> steps;
  private final Optional<Operation.Spawn> spawn;
  private boolean started;
  private String plugin = "";

  ScriptBody(Explanation explanation, Set<String> omitted) {
    this.explanation = explanation;
    this.words =
        new ShellWords(explanation.plan(), explanation.container(), ShellWords.Length.WHOLE);
    this.commands = new ShellCommands(words);
    this.processes = new ProcessCommands(words);
    this.confinement = new Confinement(words);
    this.omitted = omitted;
    this.makes = makesContainer(explanation.plan());
    this.steps = explanation.plan().steps();
    this.spawn =
        steps.stream()
            .map(Step::operation)
            .filter(Operation.Spawn.class::isInstance)
            .map(Operation.Spawn.class::cast)
            .findFirst();
    this.spawns = spawn.isPresent();
  }

  /** Whether a plan makes a container, and not another process in one. */
  static boolean makesContainer(Plan plan) {
    boolean spawns = false;
    boolean claims = false;
    for (Step step : plan.steps()) {
      spawns |= step.operation() instanceof Operation.Spawn;
      claims |= step.operation() instanceof Operation.Lock;
    }
    return spawns && claims;
  }

  /** How many stages the container's process has. */
  int stages() {
    return inside.size();
  }

  /** The functions as text. */
  String functions() {
    StringBuilder text = new StringBuilder("outside() {\n").append(outside);
    text.append(hasCommand(outside) ? "" : "  :\n").append("}\n\n"); // a body of comments is none
    for (int i = 0; i < inside.size(); i++) {
      text.append("inside_").append(i + 1).append("() {\n").append(inside.get(i)).append("}\n\n");
    }
    return text.toString();
  }

  private static boolean hasCommand(CharSequence lines) {
    return lines
        .toString()
        .lines()
        .anyMatch(line -> !line.isBlank() && !line.strip().startsWith("#"));
  }

  /** Adds a plan's steps; a plan that it performs is done at its place. */
  void add(Plan plan, Optional<Plan> performed) {
    if (spawns) {
      outside.append("  make_tools\n  make_batons\n  exec {standard_input}<&0\n");
    }
    if (makes) {
      outside.append("  mkdir -p -m 711 \"${STATE%/*}\" \"${DATA%/*}\"\n");
      omit("the engine's own books: locks, names, records, the journal, the log");
      omit("the relay of standard streams: the container has the caller's");
    }
    for (int i = 0; i < steps.size(); i++) {
      add(i, performed);
    }
  }

  private void add(int index, Optional<Plan> performed) {
    Step step = steps.get(index);
    boolean within = step.actor() == Actor.CONTAINER;
    if (within && inside.isEmpty()) {
      newStage();
    }
    String command = command(step, index, performed);
    if (command.isEmpty()) {
      return;
    }
    if (!within && spawns && started && step.operation() instanceof Operation.Exec) {
      return;
    }
    write(within ? inside.get(inside.size() - 1) : outside, step, command);
    if (command.startsWith("again ")) {
      newStage();
      inside
          .get(inside.size() - 1)
          .append(entersMounts(step.operation()) ? "  by_tools\n" : "  : # goes on\n");
    }
  }

  /** Whether other files are there from now on. */
  private static boolean entersMounts(Operation operation) {
    return operation instanceof Operation.Join join
        && (ShellWords.literal(join.type(), 0) & CLONE_NEWNS) != 0;
  }

  private void newStage() {
    StringBuilder stage = new StringBuilder();
    if (inside.isEmpty()) {
      stage.append("  read -r _ <&\"$go\"\n");
    }
    inside.add(stage);
  }

  private void write(StringBuilder to, Step step, String command) {
    if (!step.plugin().equals(plugin)) {
      plugin = step.plugin();
      to.append("\n  # --- ").append(ShellScript.comment(plugin)).append('\n');
    }
    to.append("  # ").append(ShellScript.comment(step.label())).append('\n');
    to.append("  ").append(tolerant(step, command)).append('\n');
  }

  private static String tolerant(Step step, String command) {
    return !isTolerant(step) || command.startsWith("#") || command.startsWith(OWN_DIRECTORY)
        ? command
        : "{ " + command + "; } || :";
  }

  private static boolean isTolerant(Step step) {
    return step.isBestEffort() || step.ignored().length > 0;
  }

  /** What takes everything back, in words of the same variables. */
  StringBuilder undo(Explanation of) {
    Set<String> lines = new LinkedHashSet<>();
    List<Step> all = new ArrayList<>();
    of.teardown().ifPresent(plan -> all.addAll(plan.steps()));
    of.removal().ifPresent(plan -> all.addAll(plan.steps()));
    for (Step step : all) {
      boolean books =
          step.plugin().equals(CORE)
              && !(step.operation() instanceof Operation.RemoveTree
                  || step.operation() instanceof Operation.Signal);
      if (!books) {
        lines.add(
            "  # "
                + ShellScript.comment(step.label())
                + "\n  "
                + tolerant(step, command(step, -1, Optional.empty()))
                + "\n");
      }
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(text::append);
    return text;
  }

  private void omit(String what) {
    omitted.add(what);
  }

  private String impossible(Step step, String what) {
    omit(what);
    return "# not possible from a shell: " + ShellScript.comment(step.label());
  }

  private boolean isBooks(Step step) {
    if (!makes || !step.plugin().equals(CORE)) {
      return false;
    }
    return switch (step.operation()) {
      case Operation.Lock o -> true;
      case Operation.Reconcile o -> true;
      case Operation.Clock o -> true;
      case Operation.Symlink o -> true;
      case Operation.Unlink o -> true;
      case Operation.UnlinkLink o -> true;
      case Operation.Read o -> true;
      case Operation.Ready o -> true;
      case Operation.Print o -> true;
      case Operation.Pipe o -> true;
      case Operation.Mkdirs o -> !step.label().startsWith("make volume ");
      case Operation.Replace o -> !o.path().toString().endsWith("/identity");
      case Operation.Write o -> (ShellWords.literal(o.flags(), 0) & O_APPEND) != 0;
      default -> false;
    };
  }

  /** The command at its place; empty where there is nothing to do there. */
  private String command(Step step, int index, Optional<Plan> performed) {
    if (step.operation() instanceof Operation.Pipe pipe) {
      piped.add(pipe.read().index());
      piped.add(pipe.write().index());
    }
    if (isBooks(step)) {
      return "";
    }
    return switch (step.operation()) {
      case Operation.Mkdir o when makes && o.path().toString().equals(statePath()) ->
          OWN_DIRECTORY
              + " || die \"there is one already: undo it first\"\n"
              + "  trap 'status=$?; undo; exit \"$status\"' EXIT\n"
              + "  trap 'exit 130' INT\n  trap 'exit 143' TERM HUP";
      case Operation.Lock o -> {
        detached.add(o.fd().index());
        yield "await_unlocked " + words.word(o.path());
      }
      case Operation.Open o when isTolerant(step) ->
          "[ ! -e " + words.place(o.dir(), o.path()) + " ] || " + commands.of(o);
      case Operation.Close o when isNowhere(o.fd()) -> "";
      case Operation.Close o -> "[ -z \"${" + words.name(o.fd()) + "-}\" ] || " + commands.of(o);
      case Operation.Reconcile o -> impossible(step, "cleaning up after commands that were killed");
      case Operation.Detach o -> impossible(step, "going on in the background");
      case Operation.Pipe o -> "";
      case Operation.Write o -> isClock(o) ? "# (unshare has)" : write(o);
      case Operation.Replace o -> replace(step, o);
      case Operation.Read o -> commands.of(o);
      case Operation.RemoveTree o -> "rm -rf --one-file-system -- " + words.word(o.path());
      case Operation.Unlink o -> "rm -f -- " + words.place(o.dir(), o.path());
      case Operation.Rmdir o -> "rmdir -- " + words.place(o.dir(), o.path());
      case Operation.Umount o -> commands.of(o) + " 2> /dev/null || :";
      case Operation.CopyUp o -> copyUp(o);
      case Operation.CloneMount o -> cloneMount(step, o);
      case Operation.Bind o -> bind(step, o);
      case Operation.ReadOnly o -> {
        omit("recursive read-only: what is mounted below a read-only path keeps its own flag");
        yield commands.of(o);
      }
      case Operation.PivotRoot o ->
          "cd "
              + words.word(o.path())
              + "\n  pivot_root . .\n  by_tools\n"
              + "  umount -n -c -l .\n  cd /";
      case Operation.Spawn o -> spawn(o);
      case Operation.Join o -> {
        if (makes && entersMounts(o)) {
          omit(
              "a mount namespace whose /proc does not show the program: it must be in the pid namespace of that /proc, or one below");
        }
        yield "again inside_" + (inside.size() + 1) + " " + processes.joining(o);
      }
      case Operation.Unshare o -> unshare(o, index);
      case Operation.Handoff o -> handoff(step, index);
      case Operation.Gate o -> impossible(step, "waiting for a start: it starts at once");
      case Operation.Signal o ->
          "kill_process "
              + LinuxNames.signal(ShellWords.literal(o.signal(), 0))
              + " "
              + words.word(o.identity());
      case Operation.AwaitExit o ->
          "await_end "
              + (ShellWords.literal(o.timeout(), 0) + 999) / 1000
              + " "
              + words.word(o.identity());
      case Operation.KillGroup o -> "kill_groups " + words.words(o.directories());
      case Operation.RemoveGroup o -> "remove_group " + words.word(o.directory());
      case Operation.DeviceProgram o ->
          impossible(step, "the rules about devices: it may use every device it has or makes");
      case Operation.Hostname o -> "hostname -- " + words.word(o.name());
      case Operation.Domainname o -> "domainname -- " + words.word(o.name());
      case Operation.Netlink o -> orImpossible(step, commands.of(o));
      case Operation.NetlinkLater o ->
          orImpossible(step, commands.of(new Operation.Netlink(o.protocol(), o.message())));
      case Operation.Forward o -> impossible(step, "published ports at ::1");
      case Operation.Resolve o -> impossible(step, "names: use addresses");
      case Operation.ForgetFlows o ->
          "! command -v conntrack >/dev/null || { " + commands.of(o) + "; } >/dev/null 2>&1 || :";
      case Operation.Socket o -> impossible(step, "holding the port: another program can take it");
      case Operation.Chdir o -> chdir(o);
      case Operation.ResolveUser o -> resolveUser(o);
      case Operation.Credentials o when !isLast(index) ->
          "# " + "nsenter has made it root of its user namespace";
      case Operation.Seccomp o -> impossible(step, "the system call filter");
      case Operation.Scheduler o -> impossible(step, "the scheduler: it is the caller's");
      case Operation.IoPriority o -> impossible(step, "the priority of input and output");
      case Operation.Affinity o -> impossible(step, "the choice of processors");
      case Operation.MemoryPolicy o -> impossible(step, "the choice of memory nodes");
      case Operation.Personality o -> impossible(step, "the execution domain");
      case Operation.SessionKeyring o -> impossible(step, "a session keyring");
      case Operation.Init o -> impossible(step, "--init: the program is pid 1 itself");
      case Operation.Pty o -> impossible(step, "a terminal of its own: it has the caller's");
      case Operation.Terminal o -> impossible(step, "a terminal of its own: it has the caller's");
      case Operation.Protect o -> impossible(step, "the protection of hardway-init's image");
      case Operation.Stdio o -> stdio(o);
      case Operation.StdioOwner o ->
          "# the standard streams stay whose they are: they are the caller's";
      case Operation.Exec o -> confinement.exec(o);
      case Operation.Supervise o -> "exit_status=0\n  wait \"$keeper\" || exit_status=$?";
      case Operation.ExitWith o -> makes ? "exit \"$exit_status\"" : commands.of(o);
      case Operation.Perform o -> perform(performed);
      case Operation.Attach o -> impossible(step, "attaching to the container's streams");
      default ->
          confinement.takes(step.operation())
              ? "# (at the end, with setpriv and env)"
              : commands.of(step.operation());
    };
  }

  private String statePath() {
    return explanation.container().map(c -> c.state().toString()).orElse("");
  }

  private String orImpossible(Step step, String command) {
    return command.startsWith("#")
        ? impossible(step, "a netlink request of " + step.plugin())
        : command;
  }

  private boolean isNowhere(FdSlot slot) {
    return piped.contains(slot.index()) || detached.contains(slot.index());
  }

  private String write(Operation.Write o) {
    long flags = ShellWords.literal(o.flags(), 0);
    if ((flags & O_CREAT) != 0) {
      return commands.of(o);
    }
    String data = words.word(o.data());
    String path = words.place(o.dir(), o.path());
    String redirection = (flags & O_APPEND) != 0 ? " >> " : " > ";
    int line = data.indexOf('\n');
    boolean lines = line >= 0 && line < data.length() - 2;
    return lines
        ? "printf %s "
            + data
            + " | dd bs=64k iflag=fullblock status=none"
            + (redirection.equals(" > ") ? " of=" + path : redirection + path)
        : "printf %s " + data + redirection + path;
  }

  private String replace(Step step, Operation.Replace o) {
    for (Text.Piece piece : o.data().pieces()) {
      if (piece.isBytes()) {
        return impossible(step, "stored plans");
      }
    }
    return commands.of(o);
  }

  /** What was there before is reached by its descriptor only: it is covered by now. */
  private String copyUp(Operation.CopyUp o) {
    if (o.source().isNone()) {
      return commands.of(o);
    }
    String target = words.place(o.dir(), o.path());
    String source = words.name(o.source());
    return "[ -z \"${"
        + source
        + "-}\" ] || [ -n \"$(ls -A "
        + target
        + ")\" ] || cp -a \"/proc/self/fd/$"
        + source
        + "\"/"
        + words.word(o.from())
        + "/. "
        + target
        + "/";
  }

  private String cloneMount(Step step, Operation.CloneMount o) {
    clones.add(o);
    detached.add(o.mount().index());
    if (!o.userns().isNone()) {
      return impossible(step, "mounts with mapped ids: files have the ids they have on the disk");
    }
    return "# (where it is mounted)";
  }

  private String bind(Step step, Operation.Bind o) {
    if (ShellWords.literal(o.recursive(), 0) == 1 && (ShellWords.literal(o.set(), 0) & 1) != 0) {
      omit("recursive read-only: what is mounted below a read-only path keeps its own flag");
    }
    for (Operation.CloneMount clone : clones) {
      if (clone.mount().index() == o.source().index()) {
        return commands.of(
            new Operation.Bind(
                o.dir(),
                FdSlot.NONE,
                clone.source(),
                o.target(),
                clone.recursive(),
                clone.set(),
                clone.clear(),
                clone.propagation(),
                FdSlot.NONE,
                o.create()));
      }
    }
    if (!o.userns().isNone()) {
      impossible(step, "mounts with mapped ids: files have the ids they have on the disk");
      return commands.of(
          new Operation.Bind(
              o.dir(),
              o.source(),
              o.sourcePath(),
              o.target(),
              o.recursive(),
              o.set(),
              o.clear(),
              o.propagation(),
              FdSlot.NONE,
              o.create()));
    }
    return commands.of(o);
  }

  private static boolean makesUserNamespace(Operation.Spawn o) {
    return (ShellWords.literal(o.flags(), 0) & CLONE_NEWUSER) != 0;
  }

  private String spawn(Operation.Spawn o) {
    if (makesUserNamespace(o)) {
      // Ids can only be mapped from outside, and who is not mapped loses its rights when it
      // executes
      // something: a process that only waits keeps the namespace until it is entered.
      return "unshare --user sleep infinity &\n  holder=$! "
          + words.name(o.pid())
          + "=$! "
          + words.name(o.startTime())
          + "=0\n  until [ \"$(readlink \"/proc/$holder/ns/user\")\" != \"$(readlink /proc/self/ns/user)\" ];"
          + " do sleep 0.01; done";
    }
    return keeper(o, "");
  }

  private String keeper(Operation.Spawn o, String entering) {
    StringBuilder line = new StringBuilder();
    boolean joins = !o.cgroup().isNone();
    line.append(
        joins ? "( printf 0 > " + words.descriptorPath(o.cgroup()) + "/cgroup.procs; exec " : "");
    line.append(entering);
    if (!o.userns().isNone() || !o.pidns().isNone()) {
      line.append("nsenter --no-fork");
      line.append(o.userns().isNone() ? "" : " --user=" + words.descriptorPath(o.userns()));
      line.append(o.pidns().isNone() ? "" : " --pid=" + words.descriptorPath(o.pidns()));
      line.append(' ');
    }
    line.append("unshare --fork --kill-child");
    for (String namespace :
        LinuxNames.namespaces(ShellWords.literal(o.flags(), 0) & ~CLONE_NEWUSER)) {
      line.append(" --").append(namespace);
      line.append(namespace.equals("mount") ? " --propagation unchanged" : "");
    }
    line.append(" bash \"$T/script\" inside_1");
    line.append(joins ? " )" : "")
        .append(" <&\"$standard_input\" &\n  keeper=$!\n  find_child\n  ");
    return line.append(words.name(o.pid()))
        .append("=$pid ")
        .append(words.name(o.startTime()))
        .append("=$start")
        .toString();
  }

  private String unshare(Operation.Unshare o, int index) {
    StringBuilder line = new StringBuilder("again inside_").append(inside.size() + 1);
    line.append(" unshare");
    for (String namespace : LinuxNames.namespaces(ShellWords.literal(o.flags(), 0))) {
      line.append(" --").append(namespace);
    }
    if ((ShellWords.literal(o.flags(), 0) & CLONE_NEWTIME) != 0) {
      for (Step step : steps.subList(index, steps.size())) {
        if (isClock(step.operation())) {
          String[] offset =
              ((Operation.Write) step.operation()).data().toString().strip().split("[ \n]+");
          for (int i = 0; i + 2 < offset.length; i += 3) {
            line.append(" --").append(offset[i]).append(' ').append(offset[i + 1]);
          }
        }
      }
    }
    return line.toString();
  }

  private static boolean isClock(Operation operation) {
    return operation instanceof Operation.Write write
        && write.path().toString().equals("/proc/self/timens_offsets");
  }

  private String handoff(Step step, int index) {
    boolean answered = false;
    for (Step later : steps.subList(index + 1, steps.size())) {
      answered |=
          later.operation() instanceof Operation.Handoff && later.actor() == Actor.CONTAINER;
    }
    if (step.actor() == Actor.CONTAINER) {
      return "echo >&\"$back\"" + (answeredByParent(index) ? "\n  read -r _ <&\"$go\"" : "");
    }
    String first = "";
    if (!started && spawn.isPresent() && makesUserNamespace(spawn.get())) {
      first =
          keeper(spawn.get(), "nsenter --user=/proc/$holder/ns/user ")
              + "\n  kill \"$holder\"\n  printf '%s ' \"$pid\" \"$start\" > \"$STATE/identity\"\n  ";
    }
    started = true;
    return first + "echo >&\"$go\"" + (answered ? "\n  await_baton" : "");
  }

  private boolean answeredByParent(int index) {
    for (Step later : steps.subList(index + 1, steps.size())) {
      if (later.operation() instanceof Operation.Handoff && later.actor() == Actor.PARENT) {
        return true;
      }
    }
    return false;
  }

  private String chdir(Operation.Chdir o) {
    String path = words.place(o.dir(), o.path());
    confinement.directory(path);
    return ShellWords.literal(o.create(), 0) == 1
        ? "make_directory " + path + " " + confinement.owner()
        : "# (at the end, with env)";
  }

  private String resolveUser(Operation.ResolveUser o) {
    String root = o.dir().isNone() ? "''" : words.descriptorPath(o.dir());
    String groups = words.words(o.groups());
    return "resolve_user "
        + (root.equals("/") ? "''" : root)
        + " "
        + words.word(o.user())
        + (groups.isEmpty() ? "" : " " + groups)
        + "\n  "
        + words.name(o.uid())
        + "=$user_id "
        + words.name(o.gid())
        + "=$group_id "
        + words.name(o.outGroups())
        + "=$group_list "
        + words.name(o.home())
        + "=$user_home";
  }

  private String stdio(Operation.Stdio o) {
    StringBuilder line = new StringBuilder();
    FdSlot[] slots = {o.in(), o.out(), o.err()};
    for (int i = 0; i < slots.length; i++) {
      if (!slots[i].isNone() && !piped.contains(slots[i].index())) {
        line.append(' ').append(i).append(i == 0 ? "<&" : ">&").append(words.variable(slots[i]));
      }
    }
    return line.isEmpty() ? "# (they are the caller's)" : "exec" + line;
  }

  private boolean isLast(int index) {
    for (Step later : steps.subList(index + 1, steps.size())) {
      if (later.operation() instanceof Operation.Credentials) {
        return false;
      }
    }
    return true;
  }

  private String perform(Optional<Plan> performed) {
    if (makes || performed.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(": # one after another");
    for (Step step : performed.get().steps()) {
      text.append("\n  # ").append(ShellScript.comment(step.label())).append("\n  ");
      text.append(tolerant(step, command(step, -1, Optional.empty())));
    }
    return text.toString();
  }
}
