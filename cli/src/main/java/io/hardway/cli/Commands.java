package io.hardway.cli;

import io.hardway.cli.option.OptionTable;
import io.hardway.cli.option.Suggestion;
import java.util.ArrayList;
import java.util.List;

/** The commands there are. Only the one that runs is made. */
final class Commands {
  private static final String[] NAMES = {
    "attach",
    "completion",
    "create",
    "diff",
    "doctor",
    "events",
    "exec",
    "explain",
    "help",
    "info",
    "inspect",
    "kill",
    "logs",
    "network connect",
    "network create",
    "network disconnect",
    "network inspect",
    "network ls",
    "network prune",
    "network reload",
    "network rm",
    "pause",
    "plugins",
    "port",
    "prune",
    "ps",
    "rename",
    "rm",
    "run",
    "start",
    "stats",
    "stop",
    "system df",
    "system info",
    "system prune",
    "system reconcile",
    "top",
    "trace",
    "unpause",
    "update",
    "version",
    "volume create",
    "volume inspect",
    "volume ls",
    "volume prune",
    "volume rm",
    "wait"
  };

  private Commands() {}

  /** Their names, in order; of two words those with parts, like {@code volume ls}. */
  static List<String> names() {
    return List.of(NAMES);
  }

  /** The command that the words begin with; null where there is none. */
  static Command find(List<String> words) {
    if (words.size() > 1) {
      Command two = of(words.get(0) + " " + words.get(1));
      if (two != null) {
        return two;
      }
    }
    return of(words.get(0));
  }

  /** How many words its name has. */
  static int words(Command command) {
    return command.table().command().indexOf(' ') < 0 ? 1 : 2;
  }

  /** The command of a name; null where there is none. */
  static Command of(String name) {
    return switch (name) {
      case "attach" -> new AttachCommand();
      case "completion" -> new CompletionCommand();
      case "create" -> new CreateCommand();
      case "exec" -> new ExecCommand();
      case "kill" -> new KillCommand();
      case "pause" -> new PauseCommand();
      case "rename" -> new RenameCommand();
      case "rm" -> new RmCommand();
      case "run" -> new RunCommand();
      case "start" -> new StartCommand();
      case "stop" -> new StopCommand();
      case "unpause" -> new UnpauseCommand();
      case "update" -> new UpdateCommand();
      case "wait" -> new WaitCommand();
      case "diff" -> new DiffCommand();
      case "events" -> new EventsCommand();
      case "explain" -> new ExplainCommand();
      case "help" -> new HelpCommand();
      case "info" -> new InfoCommand("info");
      case "inspect" -> new InspectCommand();
      case "logs" -> new LogsCommand();
      case "network connect" -> new NetworkConnectCommand();
      case "network disconnect" -> new NetworkDisconnectCommand();
      case "network create" -> new NetworkCommand("create");
      case "network inspect" -> new NetworkCommand("inspect");
      case "network ls" -> new NetworkCommand("ls");
      case "network prune" -> new NetworkCommand("prune");
      case "network reload" -> new NetworkReloadCommand();
      case "network rm" -> new NetworkCommand("rm");
      case "ps" -> new PsCommand();
      case "stats" -> new StatsCommand();
      case "top" -> new TopCommand();
      case "doctor" -> new DoctorCommand();
      case "plugins" -> new PluginsCommand();
      case "port" -> new PortCommand();
      case "prune" -> new PruneCommand("prune");
      case "system df" -> new DiskFreeCommand();
      case "system info" -> new InfoCommand("system info");
      case "system prune" -> new PruneCommand("system prune");
      case "system reconcile" -> new ReconcileCommand();
      case "trace" -> new TraceCommand();
      case "version" -> new VersionCommand();
      case "volume create" -> new VolumeCommand("create");
      case "volume inspect" -> new VolumeCommand("inspect");
      case "volume ls" -> new VolumeCommand("ls");
      case "volume prune" -> new VolumeCommand("prune");
      case "volume rm" -> new VolumeCommand("rm");
      default -> null;
    };
  }

  /** Whether it changes something, by plans that can be shown in place of being performed. */
  static boolean isPlanned(Command command) {
    return switch (command.table().command()) {
      case "completion",
          "diff",
          "doctor",
          "events",
          "explain",
          "help",
          "info",
          "inspect",
          "logs",
          "plugins",
          "port",
          "ps",
          "stats",
          "system df",
          "system info",
          "top",
          "trace",
          "version",
          "volume inspect",
          "volume ls" ->
          false;
      default -> true;
    };
  }

  /** The tables of all: first that of the options before the command. */
  static List<OptionTable> tables() {
    List<OptionTable> tables = new ArrayList<>();
    tables.add(Main.globalOptions());
    for (String name : NAMES) {
      tables.add(of(name).table());
    }
    return tables;
  }

  /** Whether there are commands of two words that begin with this one. */
  static boolean isGroup(String word) {
    return !members(word).isEmpty();
  }

  /** The second words of the commands that begin with this one. */
  static List<String> members(String word) {
    List<String> members = new ArrayList<>();
    for (String name : NAMES) {
      if (name.startsWith(word + " ")) {
        members.add(name.substring(word.length() + 1));
      }
    }
    return members;
  }

  /** The nearest name to words that name no command, as the end of an error message. */
  static String suggestion(List<String> words) {
    String first = words.get(0);
    if (isGroup(first)) {
      String near =
          words.size() < 2
              ? ""
              : Suggestion.nearest(words.get(1), members(first).toArray(new String[0]));
      return near.isEmpty()
          ? " There are: " + String.join(", ", members(first))
          : " Did you mean " + first + " " + near + "?";
    }
    List<String> firsts = new ArrayList<>();
    for (String name : NAMES) {
      firsts.add(name.indexOf(' ') < 0 ? name : name.substring(0, name.indexOf(' ')));
    }
    String near = Suggestion.nearest(first, firsts.toArray(new String[0]));
    return near.isEmpty() ? " See 'hardway --help'" : " Did you mean " + near + "?";
  }
}
