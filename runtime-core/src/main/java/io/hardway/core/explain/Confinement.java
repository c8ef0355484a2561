package io.hardway.core.explain;

import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * The last command of a container's process: what it gives up in several steps is given up by one
 * setpriv, and its environment and directory are set by one env, since a shell cannot do either.
 */
final class Confinement {
  private static final int FIRST = 3;

  private final ShellWords words;
  private final List<String> privileges = new ArrayList<>();
  private final List<Operation.Environment> environment = new ArrayList<>();
  private String directory = "/";
  private String owner = "0:0";
  private long kept;
  private boolean forgetsSignals;

  Confinement(ShellWords words) {
    this.words = words;
  }

  /** The directory the program starts in, as a word. */
  void directory(String word) {
    directory = word;
  }

  /** Whose a directory is that is made for the program: the user's, if that was set before. */
  String owner() {
    return owner;
  }

  /** Whether an operation is part of the last command; it is then remembered. */
  boolean takes(Operation operation) {
    switch (operation) {
      case Operation.Credentials o -> credentials(o);
      case Operation.Bounding o ->
          privileges.add(
              "--bounding-set=" + LinuxNames.capabilitySet(ShellWords.literal(o.mask(), 0)));
      case Operation.Capabilities o -> {
        privileges.add(
            "--inh-caps=" + LinuxNames.capabilitySet(ShellWords.literal(o.inheritable(), 0)));
        privileges.add(
            "--ambient-caps=" + LinuxNames.capabilitySet(ShellWords.literal(o.ambient(), 0)));
      }
      case Operation.NoNewPrivileges o -> privileges.add("--no-new-privs");
      case Operation.ParentDeathSignal o ->
          privileges.add("--pdeathsig=" + LinuxNames.signal(ShellWords.literal(o.signal(), 0)));
      case Operation.ResetSignals o -> forgetsSignals = true;
      case Operation.CloseOthers o -> kept = ShellWords.literal(o.keep(), 0);
      case Operation.Environment o -> environment.add(o);
      default -> {
        return false;
      }
    }
    return true;
  }

  private void credentials(Operation.Credentials o) {
    owner = words.number(o.uid()) + ":" + words.number(o.gid());
    privileges.add("--reuid=" + words.number(o.uid()));
    privileges.add("--regid=" + words.number(o.gid()));
    if (o.groups().toString().equals("-")) {
      privileges.add("--keep-groups");
    } else if (o.groups().pieces().size() == 1 && !o.groups().pieces().get(0).isLiteral()) {
      String groups = words.word(o.groups());
      privileges.add(
          "$([ -n " + groups + " ] && echo --groups=" + groups + " || echo --clear-groups)");
    } else {
      privileges.add(
          ShellWords.isEmpty(o.groups()) ? "--clear-groups" : "--groups=" + words.word(o.groups()));
    }
  }

  /** The command. */
  String exec(Operation.Exec o) {
    StringBuilder line = new StringBuilder();
    line.append("cd -L \"$T\" 2> /dev/null || :\n  close_from ").append(FIRST + kept);
    line.append("\n  exec ");
    if (!privileges.isEmpty()) {
      line.append("/proc/self/cwd/ld.so --library-path . ./setpriv ")
          .append(String.join(" \\\n    ", privileges))
          .append(" -- \\\n    ");
    }
    line.append(privileges.isEmpty() ? "/proc/self/cwd/ld.so" : "./ld.so")
        .append(" --library-path . ./env -i --chdir=")
        .append(directory);
    line.append(forgetsSignals ? " --default-signal" : "").append(" -- \\\n    ");
    for (Text variable : o.env()) {
      line.append(words.word(variable)).append(' ');
    }
    for (Operation.Environment variable : environment) {
      String name = variable.name().toString();
      boolean given = o.env().stream().anyMatch(text -> text.toString().startsWith(name + "="));
      if (!given || ShellWords.literal(variable.override(), 1) == 1) {
        line.append(ShellWords.quote(name))
            .append("=")
            .append(words.word(variable.value()))
            .append(' ');
      }
    }
    line.append("\\\n    ").append(words.words(o.argv()));
    return line.toString();
  }
}
