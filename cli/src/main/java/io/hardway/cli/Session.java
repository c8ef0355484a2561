package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.core.ContainerRecord;
import io.hardway.core.Engine;
import io.hardway.core.EngineOptions;
import io.hardway.core.HardwayComponent;
import io.hardway.core.HardwayException;
import io.hardway.core.PlannedCommand;
import io.hardway.core.Settings;
import io.hardway.init.PlanFailedException;
import io.hardway.linux.LiveHost;
import io.hardway.spi.Host;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One invocation: the options before the command, and what they lead to; each part is made at the
 * first question.
 */
public final class Session {
  private final Arguments global;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final Performer performer;
  private final HardwayComponent core;
  private Interception interception;

  /** What is done with plans in place of performing them: for {@code explain} and {@code trace}. */
  public interface Interception {
    /** A planned command, in place of being performed. */
    void take(Session session, PlannedCommand command) throws IOException;

    /** The last one, in place of being performed when the planner is gone. */
    default void takeLast(Session session, PlannedCommand command) throws IOException {
      take(session, command);
    }
  }

  /** An invocation with these options before its command. */
  public Session(
      Arguments global,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer) {
    this.global = global;
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.performer = performer;
    this.core = HardwayComponent.of(options(global, environment), LiveHost.current());
  }

  private static EngineOptions options(Arguments global, Map<String, String> environment) {
    EngineOptions.Builder options = EngineOptions.builder().environment(environment);
    if (global.has("config")) {
      options.configuration(Path.of(global.text("config").orElseThrow()));
    }
    global.text("state").filter(given -> !given.isEmpty()).map(Path::of).ifPresent(options::state);
    global.text("root").filter(given -> !given.isEmpty()).map(Path::of).ifPresent(options::data);
    for (String folder : global.list("plugin-dir")) {
      if (!Files.isDirectory(Path.of(folder))) {
        throw new HardwayException("--plugin-dir " + folder + ": there is no such folder");
      }
      options.pluginFolder(Path.of(folder));
    }
    String home = System.getProperty("hardway.home", "");
    if (!home.isEmpty()) {
      options.installation(Path.of(home));
    }
    return options.build();
  }

  /** The options before the command. */
  public Arguments global() {
    return global;
  }

  /** The caller's environment; what the launcher keeps from the JVM is there under its own name. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Where answers go. */
  public PrintStream out() {
    return out;
  }

  /** Where complaints go. */
  public PrintStream err() {
    return err;
  }

  /** The directory the caller is in. */
  public String workingDirectory() {
    return System.getProperty("user.dir");
  }

  /** Who performs plans. */
  public Performer performer() {
    return performer;
  }

  /** The configuration. */
  public Settings settings() {
    return core.settings();
  }

  /** The host. */
  public Host host() {
    return LiveHost.current();
  }

  /** The core. */
  public Engine engine() {
    return core.engine();
  }

  /**
   * Cleans up after owners that are gone, where somebody owns anything. Every command that answers
   * questions does so first.
   */
  public void reconcile() throws IOException {
    if (interception != null) {
      return;
    }
    engine().rotateJournal();
    String[] owners = engine().directories().owners().toFile().list();
    if (owners != null && owners.length > 0) {
      performer.perform(engine().reconcile());
    }
    engine().giveBackReservations();
  }

  /** Takes every planned command from now on, in place of performing it. */
  public void intercept(Interception by) {
    interception = by;
  }

  /** Whether plans are only shown: then nothing may be prepared. */
  public Engine.Preparation preparation() {
    return isPreview() ? Engine.Preparation.PREVIEW : Engine.Preparation.by(this::performNow);
  }

  /** Whether nothing is done, so that there is nothing to ask and no success to tell of. */
  public boolean isPreview() {
    return interception != null && !(interception instanceof Performing);
  }

  private void performNow(Plan plan) {
    try {
      performer.perform(plan);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes sure that the caller has a terminal, where a program's is to be connected with it.
   *
   * @throws HardwayException where standard input is none, unless nothing is performed
   */
  void requireTerminal() {
    if (isPreview()) {
      return;
    }
    if (!isTerminal(0)) {
      throw new HardwayException("the input device is not a TTY: leave out -t or -i", 1);
    }
  }

  /** Whether this descriptor of ours, which is the caller's, is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.equals("/dev/console");
    } catch (IOException closed) {
      return false;
    }
  }

  /** An interception that performs in the end. */
  public interface Performing extends Interception {}

  /** Performs a plan now; the planner goes on. */
  public void perform(PlannedCommand command) throws IOException {
    if (interception != null) {
      interception.take(this, command);
    } else {
      performer.perform(command.plan());
    }
  }

  /** Performs a plan now. */
  public void perform(Plan plan) throws IOException {
    perform(PlannedCommand.of(plan));
  }

  /** Hands over the plan that is performed when this process is gone. */
  public int performLast(PlannedCommand command) throws IOException {
    if (interception != null) {
      interception.takeLast(this, command);
    } else {
      performer.performLast(command.plan(), List.of());
    }
    return 0;
  }

  /**
   * Does something for each container the user named, prints the name as it was typed, goes on
   * after a failure; the exit code.
   */
  public int forEach(List<String> references, ContainerAction action) throws IOException {
    reconcile();
    return forEachName(
        references,
        reference -> {
          perform(action.plan(engine().containers().find(reference)));
          return true;
        });
  }

  /**
   * Does something for each name, prints those for which there was something to do, goes on after a
   * failure; the exit code.
   */
  public int forEachName(List<String> names, NameAction action) throws IOException {
    int code = 0;
    for (String name : names) {
      try {
        if (action.perform(name) && !isPreview()) {
          out.println(name);
        }
      } catch (HardwayException e) {
        err.println("hardway: " + e.getMessage());
        code = 1;
      } catch (PlanFailedException e) {
        err.println(e.getMessage());
        code = 1;
      }
    }
    return code;
  }

  /** What is done for one name. */
  @FunctionalInterface
  public interface NameAction {
    /** Does it; whether there was something to do. */
    boolean perform(String name) throws IOException;
  }

  /**
   * Those containers that there are; what is wrong with the others is said when it is their turn.
   */
  List<ContainerRecord> found(List<String> references) {
    List<ContainerRecord> found = new ArrayList<>();
    for (String reference : references) {
      try {
        found.add(engine().containers().find(reference));
      } catch (HardwayException unknown) {
        continue;
      }
    }
    return found;
  }

  /** What is planned for one container. */
  @FunctionalInterface
  public interface ContainerAction {
    /** The plan for a container. */
    PlannedCommand plan(ContainerRecord container);
  }
}
