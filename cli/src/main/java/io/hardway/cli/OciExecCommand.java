package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.WholeNumber;
import io.hardway.core.Bundle;
import io.hardway.core.BundleOptions;
import io.hardway.core.BundleRecord;
import io.hardway.core.HardwayException;
import io.hardway.linux.Capabilities;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** {@code exec}: runs another process in a container. */
final class OciExecCommand implements OciCommand {
  /** What runc ends with where the process could not be run. */
  static final int FAILED = 255;

  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  @Override
  public OptionTable table() {
    return OciCreateCommand.streams(
            new OptionTable(
                    "exec",
                    "[OPTIONS] CONTAINER [COMMAND [ARG...]]",
                    "Run another process in a container")
                .program(OciMain.PROGRAM))
        .list("additional-gids", 'g', "gid", "Add a group")
        .value("apparmor", "profile", "Its AppArmor profile")
        .list("cap", 'c', "capability", "Add a capability")
        .value("cwd", "directory", "The directory it starts in")
        .flag("detach", 'd', "Do not wait until it has ended")
        .list("env", 'e', "NAME=VALUE", "Set an environment variable")
        .flag("ignore-paused", "Do it in a paused container, where it stands still too")
        .flag("no-new-privs", "Keep it from gaining privileges")
        .value("process", 'p', "file", "The process, as process of config.json has it")
        .value("process-label", "label", "Its SELinux label")
        .flag("tty", 't', "Give it a terminal")
        .value("user", 'u', "UID[:GID]", "Who it runs as")
        .arguments(1, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(OciSession session, Arguments arguments) throws IOException {
    BundleRecord container = session.engine().find(arguments.positional().get(0));
    BundleOptions options = OciCreateCommand.options(session, arguments);
    ContainerProcess process =
        OciCreateCommand.path(session, arguments, "process")
            .map(Bundle::readProcess)
            .orElseGet(() -> process(container, arguments));
    return session.performLast(
        session
            .engine()
            .exec(
                container,
                process,
                options,
                arguments.flag("detach"),
                arguments.flag("ignore-paused"))
            .plan());
  }

  private static ContainerProcess process(BundleRecord container, Arguments arguments) {
    ContainerProcess first = container.config().spec().process();
    List<String> words = arguments.positional();
    if (words.size() < 2) {
      throw new HardwayException("process args cannot be empty: name a command, or --process");
    }
    List<String> variables = new ArrayList<>(first.env());
    for (String variable : arguments.list("env")) {
      if (variable.indexOf('=') < 1) {
        throw arguments.refuse("env", variable, "give it as NAME=VALUE");
      }
      variables.add(variable);
    }
    ContainerProcess.Builder process =
        first.toBuilder()
            .args(words.subList(1, words.size()))
            .terminal(arguments.flag("tty"))
            .env(variables)
            .user(user(first.user(), arguments));
    arguments.text("cwd").ifPresent(process::cwd);
    arguments.text("apparmor").ifPresent(process::apparmorProfile);
    arguments.text("process-label").ifPresent(process::selinuxLabel);
    if (arguments.flag("no-new-privs")) {
      process.noNewPrivileges(true);
    }
    capabilities(first.capabilities(), arguments).ifPresent(process::capabilities);
    return process.build();
  }

  private static User user(User first, Arguments arguments) {
    User.Builder user = first.toBuilder();
    arguments
        .text("user")
        .ifPresent(
            text -> {
              int colon = text.indexOf(':');
              user.uid(id(arguments, "user", colon < 0 ? text : text.substring(0, colon)));
              if (colon >= 0) {
                user.gid(id(arguments, "user", text.substring(colon + 1)));
              }
            });
    List<Long> groups = new ArrayList<>(first.additionalGids());
    for (String group : arguments.list("additional-gids")) {
      groups.add(id(arguments, "additional-gids", group));
    }
    return user.additionalGids(groups).build();
  }

  private static long id(Arguments arguments, String option, String text) {
    try {
      return WholeNumber.between(0, LARGEST_ID).parse(text);
    } catch (IllegalArgumentException e) {
      throw arguments.refuse(option, text, "ids are numbers from 0 to " + LARGEST_ID);
    }
  }

  private static Optional<CapabilitySets> capabilities(CapabilitySets first, Arguments arguments) {
    Set<String> more = new LinkedHashSet<>();
    for (String name : arguments.list("cap")) {
      String whole = name.toUpperCase(Locale.ROOT);
      whole = whole.startsWith("CAP_") ? whole : "CAP_" + whole;
      if (!Capabilities.all().contains(whole)) {
        throw arguments.refuse("cap", name, "capabilities(7) names those there are");
      }
      more.add(whole);
    }
    return more.isEmpty()
        ? Optional.empty()
        : Optional.of(
            first.toBuilder()
                .bounding(with(first.bounding(), more))
                .effective(with(first.effective(), more))
                .permitted(with(first.permitted(), more))
                .build());
  }

  private static List<String> with(List<String> some, Set<String> more) {
    Set<String> all = new LinkedHashSet<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
