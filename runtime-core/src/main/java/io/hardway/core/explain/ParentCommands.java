package io.hardway.core.explain;

import io.hardway.spi.IntSlot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;

/** Shell commands for what the parent does. */
final class ParentCommands {
  private static final int BPF_INSTRUCTION = 8;
  private static final int CRIU_RESTORE = 2;
  private static final int CRIU_PRE_DUMP = 4;

  private final ShellWords words;

  ParentCommands(ShellWords words) {
    this.words = words;
  }

  String handoff(Operation.Handoff o) {
    return ShellWords.literal(o.actor(), 0) == 0
        ? "# the process outside goes on, this one waits"
        : "# the container's process goes on, this one waits";
  }

  String run(Operation.Run o) {
    StringBuilder line = new StringBuilder();
    if (!ShellWords.isEmpty(o.cwd()) && !o.cwd().toString().equals("/")) {
      line.append("cd ").append(words.word(o.cwd())).append(" && ");
    }
    if (!ShellWords.isEmpty(o.stdin())) {
      line.append("printf %s ").append(words.content(o.stdin())).append(" | ");
    }
    long timeout = ShellWords.literal(o.timeout(), 0);
    if (timeout > 0) {
      line.append("timeout -s KILL ").append(seconds(timeout)).append(' ');
    }
    line.append("env -i");
    for (Text variable : o.env()) {
      line.append(' ').append(words.word(variable));
    }
    line.append(' ').append(words.words(o.argv()));
    line.append(" > ")
        .append(ShellWords.isEmpty(o.capture()) ? "/dev/null" : words.word(o.capture()));
    if (!o.status().isNone()) {
      line.append("; ").append(words.name(o.status())).append("=$?");
    }
    return line.toString();
  }

  /** The program alone: it makes what is there already once more. */
  String run(Operation.NetlinkElseRun o) {
    return run(
        new Operation.Run(
            o.argv(),
            o.env(),
            o.stdin(),
            Text.empty(),
            Text.empty(),
            o.timeout(),
            Text.empty(),
            IntSlot.NONE));
  }

  private static String seconds(long milliseconds) {
    String fraction = Long.toString(1000 + milliseconds % 1000).substring(1);
    return milliseconds % 1000 == 0
        ? Long.toString(milliseconds / 1000)
        : milliseconds / 1000 + "." + fraction;
  }

  String gate(Operation.Gate o) {
    return "# waits until somebody connects to " + words.name(o.listener());
  }

  String listen(Operation.Listen o) {
    return "socat UNIX-LISTEN:" + words.word(o.path()) + ",mode=600 -";
  }

  String release(Operation.Release o) {
    return "socat -u UNIX-CONNECT:" + words.word(o.socket()) + " -";
  }

  String connect(Operation.Connect o) {
    return "# connects to " + words.word(o.socket());
  }

  String sendFd(Operation.SendFd o) {
    return "# sends " + words.name(o.descriptor()) + " over " + words.word(o.socket());
  }

  String signal(Operation.Signal o) {
    return "kill -"
        + LinuxNames.signal(ShellWords.literal(o.signal(), 0))
        + " "
        + pid(o.identity());
  }

  private String pid(Text identity) {
    return "$(cut -d' ' -f1 " + words.word(identity) + ")";
  }

  String awaitExit(Operation.AwaitExit o) {
    long timeout = ShellWords.literal(o.timeout(), 0);
    return (timeout == 0 ? "" : "timeout " + seconds(timeout) + " ")
        + "tail -f /dev/null --pid="
        + pid(o.identity());
  }

  String signalGroup(Operation.SignalGroup o) {
    return "kill -"
        + LinuxNames.signal(ShellWords.literal(o.signal(), 0))
        + " $(cat "
        + words.word(o.directory())
        + "/cgroup.procs)";
  }

  String killGroup(Operation.KillGroup o) {
    if (ShellWords.literal(o.version(), 1) == 2) {
      return "echo 1 > " + words.word(o.directories().get(0)) + "/cgroup.kill";
    }
    return "kill -KILL $(cat "
        + words.word(o.directories().get(0))
        + "/cgroup.procs)  # until there are none";
  }

  String removeGroup(Operation.RemoveGroup o) {
    return "rmdir " + words.word(o.directory());
  }

  String deviceProgram(Operation.DeviceProgram o) {
    return "# an eBPF program of "
        + ShellWords.bytes(o.program()) / BPF_INSTRUCTION
        + " instructions, attached to "
        + words.word(o.directory())
        + ", is asked at each open and mknod of a device: no shell tool writes one";
  }

  String openProcess(Operation.OpenProcess o) {
    return words.process(o.pidfd()).orElse("pid") + "=" + pid(o.identity());
  }

  String reconcile(Operation.Reconcile o) {
    return "hardway system reconcile";
  }

  String ready(Operation.Ready o) {
    return ShellWords.isEmpty(o.message())
        ? ":  # the caller goes on"
        : "echo " + words.word(o.message());
  }

  String supervise(Operation.Supervise o) {
    StringBuilder line = new StringBuilder("wait ").append(words.number(o.pid()));
    if (!o.status().isNone()) {
      line.append("; ").append(words.name(o.status())).append("=$?");
    }
    if (!ShellWords.isEmpty(o.logPath())) {
      line.append("  # writes its output to ").append(words.word(o.logPath()));
    }
    if (!ShellWords.isEmpty(o.oomCounter())) {
      line.append(ShellWords.isEmpty(o.logPath()) ? "  # " : ", ")
          .append("notes in the journal when ")
          .append(words.word(o.oomKey()))
          .append(" grows in ")
          .append(words.word(o.oomCounter()));
    }
    return line.toString();
  }

  String pipe(Operation.Pipe o) {
    return "mkfifo pipe && exec {"
        + words.name(o.read())
        + "}<> pipe {"
        + words.name(o.write())
        + "}> pipe && rm pipe";
  }

  String print(Operation.Print o) {
    String text = words.word(o.text());
    return "printf %s "
        + text
        + (ShellWords.literal(o.fd(), 1) == 1 ? "" : " >&" + words.number(o.fd()));
  }

  String exitWith(Operation.ExitWith o) {
    return "exit " + words.number(o.status());
  }

  String perform(Operation.Perform o) {
    return "hardway-init perform " + words.word(o.planPath());
  }

  String criu(Operation.Criu o) {
    String verb =
        ShellWords.literal(o.type(), 0) == CRIU_RESTORE
            ? "restore"
            : ShellWords.literal(o.type(), 0) == CRIU_PRE_DUMP ? "pre-dump" : "dump";
    return "criu " + verb + " -D …  # asked over a socket; its log is " + words.word(o.log());
  }

  String attach(Operation.Attach o) {
    return "socat -,raw,echo=0 UNIX-CONNECT:"
        + words.word(o.socket())
        + "  # in frames; see plan-format.md";
  }

  String awaitRecord(Operation.AwaitRecord o) {
    return "until [ -e "
        + words.word(o.path())
        + " ]; do sleep 0.1; done; "
        + words.name(o.status())
        + "=$(sed 's/.*\""
        + o.key()
        + "\": *\\([0-9]*\\).*/\\1/' "
        + words.word(o.path())
        + ")";
  }
}
