package io.hardway.core.explain;

import io.hardway.spi.FdSlot;
import io.hardway.spi.plan.Operation;

/** Shell commands for a process, its namespaces and what it may do. */
final class ProcessCommands {
  private static final int FILTER_INSTRUCTION = 8;

  private final ShellWords words;

  ProcessCommands(ShellWords words) {
    this.words = words;
  }

  String spawn(Operation.Spawn o) {
    StringBuilder line = new StringBuilder();
    if (!o.userns().isNone() || !o.pidns().isNone()) {
      line.append("nsenter");
      line.append(o.userns().isNone() ? "" : " --user=" + words.descriptorPath(o.userns()));
      line.append(o.pidns().isNone() ? "" : " --pid=" + words.descriptorPath(o.pidns()));
      line.append(' ');
    }
    line.append("unshare --fork");
    for (String namespace : LinuxNames.namespaces(ShellWords.literal(o.flags(), 0))) {
      line.append(" --").append(namespace);
    }
    line.append(" … & pid=$!");
    if (!o.cgroup().isNone()) {
      line.insert(0, "echo 0 > " + words.descriptorPath(o.cgroup()) + "/cgroup.procs && ");
    }
    return line.toString();
  }

  String join(Operation.Join o) {
    return joining(o) + " …";
  }

  /** The command that runs another in these namespaces. */
  String joining(Operation.Join o) {
    StringBuilder line = new StringBuilder("nsenter");
    var process = words.process(o.namespace());
    process.ifPresent(pid -> line.append(" --target $").append(pid));
    for (String namespace : LinuxNames.namespaces(ShellWords.literal(o.type(), 0))) {
      line.append(" --").append(namespace);
      if (process.isEmpty()) {
        line.append('=').append(words.descriptorPath(o.namespace()));
      }
    }
    return line.toString();
  }

  String unshare(Operation.Unshare o) {
    StringBuilder line = new StringBuilder("unshare");
    for (String namespace : LinuxNames.namespaces(ShellWords.literal(o.flags(), 0))) {
      line.append(" --").append(namespace);
    }
    return line.append(" …").toString();
  }

  String hostname(Operation.Hostname o) {
    return "hostname " + words.word(o.name());
  }

  String domainname(Operation.Domainname o) {
    return "domainname " + words.word(o.name());
  }

  String limit(Operation.Rlimit o) {
    return "prlimit --pid $$ --"
        + LinuxNames.limit(ShellWords.literal(o.resource(), -1))
        + "="
        + limit(ShellWords.literal(o.soft(), -1))
        + ":"
        + limit(ShellWords.literal(o.hard(), -1));
  }

  private static String limit(long value) {
    return value == -1 ? "unlimited" : Long.toUnsignedString(value);
  }

  String umask(Operation.Umask o) {
    return "umask 0" + words.mode(o.mask());
  }

  String chdir(Operation.Chdir o) {
    String path = words.place(o.dir(), o.path());
    return (ShellWords.literal(o.create(), 0) == 1 ? "mkdir -p " + path + " && " : "")
        + "cd "
        + path;
  }

  String resolveUser(Operation.ResolveUser o) {
    String directory = o.dir().isNone() ? "" : words.descriptorPath(o.dir());
    return "grep "
        + ShellWords.quote("^" + name(o.user().toString()) + ":")
        + " "
        + directory
        + "/etc/passwd "
        + directory
        + "/etc/group";
  }

  private static String name(String user) {
    int colon = user.indexOf(':');
    return colon < 0 ? user : user.substring(0, colon);
  }

  String credentials(Operation.Credentials o) {
    StringBuilder line =
        new StringBuilder("setpriv --reuid=")
            .append(words.number(o.uid()))
            .append(" --regid=")
            .append(words.number(o.gid()));
    String groups = o.groups().toString();
    if (groups.equals("-")) {
      line.append(" --keep-groups");
    } else {
      line.append(
          ShellWords.isEmpty(o.groups())
              ? " --clear-groups"
              : " --groups=" + words.word(o.groups()));
    }
    return line.append(" …").toString();
  }

  String bounding(Operation.Bounding o) {
    return "setpriv --bounding-set="
        + LinuxNames.capabilitySet(ShellWords.literal(o.mask(), 0))
        + " …";
  }

  String capabilities(Operation.Capabilities o) {
    return "setpriv --inh-caps="
        + LinuxNames.capabilitySet(ShellWords.literal(o.inheritable(), 0))
        + " --ambient-caps="
        + LinuxNames.capabilitySet(ShellWords.literal(o.ambient(), 0))
        + " …";
  }

  String seccomp(Operation.Seccomp o) {
    return "# a seccomp filter of "
        + ShellWords.bytes(o.filter()) / FILTER_INSTRUCTION
        + " instructions: no shell tool installs one";
  }

  String parentDeathSignal(Operation.ParentDeathSignal o) {
    return "setpriv --pdeathsig=" + LinuxNames.signal(ShellWords.literal(o.signal(), 0)) + " …";
  }

  String stdio(Operation.Stdio o) {
    StringBuilder line = new StringBuilder("exec");
    line.append(o.in().isNone() ? "" : " 0<&" + words.variable(o.in()));
    line.append(o.out().isNone() ? "" : " 1>&" + words.variable(o.out()));
    line.append(o.err().isNone() ? "" : " 2>&" + words.variable(o.err()));
    return line.length() == 4 ? "# keeps the standard streams" : line.toString();
  }

  String stdioOwner(Operation.StdioOwner o) {
    String owner = words.number(o.uid());
    String group = words.number(o.gid());
    return "chown "
        + (group.equals("-1") ? owner : owner + ":" + group)
        + stream(o.in(), 0)
        + stream(o.out(), 1)
        + stream(o.err(), 2);
  }

  private String stream(FdSlot slot, int number) {
    return " " + (slot.isNone() ? "/proc/self/fd/" + number : words.descriptorPath(slot));
  }

  String pty(Operation.Pty o) {
    return "exec {"
        + words.name(o.master())
        + "}<> "
        + words.place(o.dir(), o.ptmxPath())
        + "  # and its other side, "
        + words.name(o.slave());
  }

  String terminal(Operation.Terminal o) {
    return "setsid --ctty … <&" + words.variable(o.slave()) + " >&0 2>&0";
  }

  String closeOthers(Operation.CloseOthers o) {
    long first = 3 + ShellWords.literal(o.keep(), 0);
    return "for fd in /proc/self/fd/*; do fd=${fd##*/}; [ $fd -lt "
        + first
        + " ] || exec {fd}>&-; done";
  }

  String sessionKeyring(Operation.SessionKeyring o) {
    return "keyctl session " + words.word(o.name()) + " …";
  }

  String lookUp(Operation.LookUp o) {
    return "command -v " + words.word(o.program());
  }

  String netlink(Operation.Netlink o) {
    return NetlinkCommand.of(o);
  }

  String netlink(Operation.NetlinkLater o) {
    return NetlinkCommand.of(new Operation.Netlink(o.protocol(), o.message())) + " &";
  }

  String exec(Operation.Exec o) {
    StringBuilder line = new StringBuilder("exec env -i");
    for (var variable : o.env()) {
      line.append(' ').append(words.word(variable));
    }
    return line.append(' ').append(words.words(o.argv())).toString();
  }

  String environment(Operation.Environment o) {
    String name = o.name().toString();
    return ShellWords.literal(o.override(), 1) == 1
        ? "export " + name + "=" + words.word(o.value())
        : "export " + name + "=${" + name + ":-" + words.word(o.value()) + "}";
  }
}
