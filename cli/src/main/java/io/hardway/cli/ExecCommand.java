package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.AbsolutePath;
import io.hardway.cli.value.DetachKeys;
import io.hardway.cli.value.UserName;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.ContainerRecord;
import io.hardway.core.PlannedCommand;
import io.hardway.core.RunOptions;
import io.hardway.linux.Capabilities;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.User;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code exec}: runs another command in a running container. */
final class ExecCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "exec", "[OPTIONS] CONTAINER COMMAND [ARG...]", "Run a command in a running container")
        .flag("detach", 'd', "Run it in the background")
        .value("detach-keys", "keys", "The keys that let go of the terminal")
        .list(
            "env", 'e', "NAME[=VALUE]", "Set an environment variable; without a value the caller's")
        .list("env-file", "file", "Read environment variables from a file")
        .flag("interactive", 'i', "Keep standard input open")
        .value("preserve-fds", "count", "Pass so many descriptors from 3 on")
        .flag("privileged", "Give it all capabilities and no filter")
        .flag("tty", 't', "Give it a terminal")
        .value("user", 'u', "USER[:GROUP]", "Who it runs as, by name or number")
        .value("workdir", 'w', "directory", "The directory it starts in")
        .arguments(2, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    ContainerRecord container = session.engine().containers().find(arguments.positional().get(0));
    RunOptions options =
        RunOptions.builder()
            .detached(arguments.flag("detach"))
            .attachInput(arguments.flag("interactive"))
            .detachKeys(
                arguments.value("detach-keys", DetachKeys::parse).orElse(RunOptions.DETACH_KEYS))
            .build();
    boolean privileged = arguments.flag("privileged");
    int preserved =
        (int) (long) arguments.value("preserve-fds", WholeNumber.between(0, 1024)).orElse(0L);
    PlannedCommand planned =
        session
            .engine()
            .exec(
                container,
                process(session, container, arguments, privileged),
                options,
                privileged,
                preserved);
    if (arguments.flag("tty") && arguments.flag("interactive") && !arguments.flag("detach")) {
      session.requireTerminal();
    }
    return session.performLast(planned);
  }

  private static ContainerProcess process(
      Session session, ContainerRecord container, Arguments arguments, boolean privileged) {
    ContainerProcess first = container.config().spec().process();
    List<String> words = arguments.positional();
    ContainerProcess.Builder process =
        first.toBuilder().args(words.subList(1, words.size())).terminal(arguments.flag("tty"));
    Map<String, String> variables = new LinkedHashMap<>();
    for (String variable : first.env()) {
      variables.put(name(variable), variable);
    }
    if (arguments.flag("tty")) {
      variables.putIfAbsent("TERM", "TERM=xterm");
    }
    for (String variable : ContainerFlags.environment(session, arguments)) {
      variables.put(name(variable), variable);
    }
    process.env(List.copyOf(variables.values()));
    arguments.value("workdir", AbsolutePath::parse).ifPresent(process::cwd);
    arguments
        .value("user", UserName::parse)
        .ifPresent(
            user ->
                process.user(
                    User.builder().name(user).umask(first.user().umask().orElse(022)).build()));
    if (privileged) {
      List<String> all = Capabilities.all();
      process.capabilities(
          CapabilitySets.builder().bounding(all).effective(all).permitted(all).build());
    }
    return process.build();
  }

  private static String name(String variable) {
    int equals = variable.indexOf('=');
    return equals < 0 ? variable : variable.substring(0, equals);
  }
}
