package io.hardway.cli;

import io.hardway.cli.log.Logging;
import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.HelpRequest;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.option.UsageException;
import io.hardway.core.HardwayException;
import io.hardway.init.Channel;
import io.hardway.init.PlanFailedException;
import io.hardway.spi.PlanningException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The planner's entry: reads the command line, and does what it says. */
public final class Main {
  static final int FAILED = 125;

  /** The launcher names the program in it, where that is not hardway itself. */
  static final String PROGRAM_VARIABLE = "HARDWAY_PROGRAM";

  private Main() {}

  /** Called by the launcher; the native program is at the other end of the channel. */
  public static void main(String[] words) throws IOException {
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 8192),
            false,
            StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Performer performer =
        Channel.isPresent() ? Performer.ofChannel(Channel.open()) : Performer.NOBODY;
    int code = dispatch(words, Caller.environment(System.getenv()), out, err, performer);
    // A PrintStream swallows what goes wrong; an answer on a full disk is none.
    if (out.checkError() && code == 0) {
      code = Failure.ofAnswer(err);
    }
    Runtime.getRuntime().halt(code);
  }

  /** Does what a command line says to the program that the environment names; the exit code. */
  static int dispatch(
      String[] words,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer) {
    return OciMain.PROGRAM.equals(environment.get(PROGRAM_VARIABLE))
        ? OciMain.run(words, environment, out, err, performer)
        : run(words, environment, out, err, performer);
  }

  /** Does what a command line says; the exit code. Whatever goes wrong is said in words. */
  static int run(
      String[] words,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer) {
    try {
      Caller.requireText(words);
      Arguments global = CommandLine.parse(globalOptions(), words, 0);
      Logging.set(global);
      List<String> rest = global.positional();
      if (global.flag("version")) {
        out.println("hardway version " + Version.text());
        return 0;
      }
      if (rest.isEmpty()) {
        Help.print(out, global.table());
        return 0;
      }
      Command command = Commands.find(rest);
      if (command == null && isHelp(rest)) {
        Help.printGroup(out, rest.get(0));
        return 0;
      }
      if (command == null) {
        throw new UsageException(
            global.table(),
            "'"
                + (Commands.isGroup(rest.get(0)) ? rest.get(0) + " " + rest.get(1) : rest.get(0))
                + "' is not a hardway command."
                + Commands.suggestion(rest),
            UsageException.WRONG_ARGUMENTS);
      }
      int named = Commands.words(command);
      Arguments arguments = CommandLine.parse(command.table(), rest.subList(named, rest.size()));
      return command.run(new Session(global, environment, out, err, performer), arguments);
    } catch (HelpRequest help) {
      Help.print(out, help.table());
      return 0;
    } catch (UsageException e) {
      err.println("hardway: " + e.getMessage());
      err.println();
      Help.printUsage(err, e.table());
      return e.status();
    } catch (PlanFailedException e) {
      err.println(e.getMessage());
      return e.exitCode();
    } catch (HardwayException e) {
      err.println("hardway: " + e.getMessage());
      return e.exitCode();
    } catch (PlanningException e) {
      err.println("hardway: " + e.getMessage() + (e.remedy().isEmpty() ? "" : ": " + e.remedy()));
      return FAILED;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      err.println("hardway: " + Failure.of(e));
      return FAILED;
    }
  }

  /** Whether the words are a group of commands alone, or a question about it. */
  private static boolean isHelp(List<String> words) {
    return Commands.isGroup(words.get(0))
        && (words.size() == 1 || words.get(1).equals("--help") || words.get(1).equals("-h"));
  }

  /** The options before the command. */
  static OptionTable globalOptions() {
    return new OptionTable(
            "", "[OPTIONS] COMMAND [ARG...]", "Runs Linux containers, and explains every step.")
        .value(
            "config",
            "file",
            "Read this configuration file in place of the system's and the user's")
        .flag("debug", 'D', "Say what is decided and why; as --log-level debug")
        .value(
            "log-level",
            (char) 0,
            "level",
            Logging.DEFAULT,
            "Log from this level on: debug, info, warn, error or fatal")
        .list("plugin-dir", "folder", "Look for plugins in this folder too")
        .value("root", "directory", "Where containers and volumes are kept")
        .value("state", "directory", "Where the state of running containers is")
        .flag("version", 'v', "Print the version and quit")
        .optionsFirst();
  }
}
