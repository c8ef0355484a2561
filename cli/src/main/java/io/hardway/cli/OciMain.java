package io.hardway.cli;

import io.hardway.cli.log.Logging;
import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.CommandLine;
import io.hardway.cli.option.HelpRequest;
import io.hardway.cli.option.Suggestion;
import io.hardway.cli.option.UsageException;
import io.hardway.core.HardwayException;
import io.hardway.init.PlanFailedException;
import io.hardway.linux.LiveHost;
import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * The planner's entry for {@code hardway-oci}, whose command line is runc's. The native program
 * asks it for what it does not do by itself; {@code docs/architecture.md}, "The OCI runtime".
 */
final class OciMain {
  static final String PROGRAM = "hardway-oci";
  private static final int FAILED = 1;

  private OciMain() {}

  /** Does what a command line says; the exit code. */
  static int run(
      String[] words,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer) {
    Arguments global = null;
    try {
      Caller.requireText(words);
      global = CommandLine.parse(OciGlobalOptions.table(), words, 0);
      List<String> logging = global.flag("debug") ? List.of("--debug") : List.of();
      Logging.set(CommandLine.parse(Main.globalOptions(), logging));
      return run(global, environment, out, err, performer);
    } catch (HelpRequest help) {
      Help.print(out, help.table(), OciCommands::names, name -> OciCommands.of(name).table());
      return 0;
    } catch (UsageException e) {
      fail(global, err, e.getMessage());
      err.println();
      Help.printUsage(err, e.table());
      return FAILED;
    } catch (PlanFailedException | HardwayException e) {
      return fail(global, err, e.getMessage());
    } catch (PlanningException e) {
      return fail(global, err, e.getMessage() + (e.remedy().isEmpty() ? "" : ": " + e.remedy()));
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return fail(global, err, Failure.of(e));
    }
  }

  private static int run(
      Arguments global,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer)
      throws IOException {
    List<String> rest = global.positional();
    if (global.flag("version")) {
      out.println(PROGRAM + " version " + Version.text());
      out.println("spec: " + OciFeatures.NEWEST);
      return 0;
    }
    if (rest.isEmpty()) {
      throw new HelpRequest(global.table());
    }
    OciGlobalOptions.check(global, LiveHost.current().uid());
    OciCommand command = OciCommands.of(rest.get(0));
    if (command == null) {
      String near = Suggestion.nearest(rest.get(0), OciCommands.names().toArray(new String[0]));
      throw new UsageException(
          global.table(),
          "'"
              + rest.get(0)
              + "' is not a "
              + PROGRAM
              + " command."
              + (near.isEmpty() ? "" : " Did you mean " + near + "?"),
          FAILED);
    }
    Arguments arguments = CommandLine.parse(command.table(), rest.subList(1, rest.size()));
    return command.run(new OciSession(global, environment, out, err, performer), arguments);
  }

  private static int fail(Arguments global, PrintStream err, String message) {
    if (global == null) {
      err.println(PROGRAM + ": " + message);
    } else {
      new OciLog(global, err).error(message);
    }
    boolean isExec = global != null && global.positional().indexOf("exec") == 0;
    return isExec ? OciExecCommand.FAILED : FAILED;
  }
}
