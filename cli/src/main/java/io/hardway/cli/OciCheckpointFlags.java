package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.CheckpointOptions;
import io.hardway.core.CheckpointOptions.Allowance;
import io.hardway.core.HardwayException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options that {@code checkpoint} and {@code restore} have in common, and those of one. */
final class OciCheckpointFlags {
  private static final String IMAGES = "./checkpoint";

  private static final Map<String, Allowance> ALLOWANCES =
      Map.of(
          "leave-running", Allowance.LEAVE_RUNNING,
          "tcp-established", Allowance.TCP_ESTABLISHED,
          "tcp-skip-in-flight", Allowance.TCP_SKIP_IN_FLIGHT,
          "link-remap", Allowance.LINK_REMAP,
          "ext-unix-sk", Allowance.EXTERNAL_UNIX_SOCKETS,
          "shell-job", Allowance.SHELL_JOB,
          "file-locks", Allowance.FILE_LOCKS,
          "auto-dedup", Allowance.AUTO_DEDUP);

  private OciCheckpointFlags() {}

  /** Adds what both have. */
  static OptionTable add(OptionTable table) {
    return table
        .flag("auto-dedup", "Of memory that is in several images keep the newest only")
        .list("empty-ns", "network", "Leave alone what is in the network namespace: always so")
        .flag("ext-unix-sk", "Allow unix sockets that are connected to somebody outside")
        .flag("file-locks", "Allow locks of files")
        .value("image-path", (char) 0, "directory", IMAGES, "Where the images are")
        .flag("lazy-pages", "Is refused: memory is written, and read, as a whole")
        .value(
            "manage-cgroups-mode",
            (char) 0,
            "soft|full|strict|ignore",
            "soft",
            "What becomes of control groups inside")
        .flag("shell-job", "Allow processes with a terminal of somebody outside")
        .flag("tcp-established", "Allow TCP connections")
        .value("work-path", "directory", "Where criu's log is; with the images by default");
  }

  /**
   * What is said with them.
   *
   * @throws HardwayException where there is no criu that works
   * @throws io.hardway.cli.option.UsageException where something is refused
   */
  static CheckpointOptions read(OciSession session, Arguments arguments) {
    if (arguments.flag("lazy-pages")) {
      throw arguments.refuse(
          "--lazy-pages cannot be had: memory is written, and read, as a whole; leave it out");
    }
    for (String namespace : arguments.list("empty-ns")) {
      if (!namespace.equals("network")) {
        throw arguments.refuse("empty-ns", namespace, "network is the only one");
      }
    }
    CheckpointOptions.Groups groups = groups(arguments);
    Path images =
        session.absolute(arguments.text("image-path").filter(p -> !p.isEmpty()).orElse(IMAGES));
    if (session.host().uid() != 0) {
      throw new HardwayException(
          arguments.table().command()
              + " is for root alone: criu looks into processes and makes them");
    }
    CriuProgram criu = session.criu();
    return new CheckpointOptions(
        criu.require(),
        criu.variables(),
        images,
        OciCreateCommand.path(session, arguments, "work-path"),
        parent(arguments, images),
        allowances(arguments),
        groups,
        text(arguments, "lsm-profile"),
        text(arguments, "lsm-mount-context"));
  }

  private static CheckpointOptions.Groups groups(Arguments arguments) {
    String mode = arguments.text("manage-cgroups-mode").orElse("");
    for (CheckpointOptions.Groups groups : CheckpointOptions.Groups.values()) {
      if (groups.name().toLowerCase(Locale.ROOT).equals(mode)) {
        return groups;
      }
    }
    if (mode.isEmpty()) {
      return CheckpointOptions.Groups.SOFT;
    }
    throw arguments.refuse("manage-cgroups-mode", mode, "use soft, full, strict or ignore");
  }

  private static Optional<String> parent(Arguments arguments, Path images) {
    Optional<String> parent = text(arguments, "parent-path");
    if (parent.isPresent() && parent.get().startsWith("/")) {
      throw arguments.refuse(
          "parent-path", parent.get(), "it is relative to the directory of the images");
    }
    Path directory = images.resolve(parent.orElse("")).normalize();
    if (parent.isPresent() && !Files.isDirectory(directory)) {
      throw arguments.refuse("parent-path", parent.get(), directory + " is no directory");
    }
    return parent;
  }

  private static Set<Allowance> allowances(Arguments arguments) {
    Set<Allowance> allowances = EnumSet.noneOf(Allowance.class);
    for (Map.Entry<String, Allowance> entry : ALLOWANCES.entrySet()) {
      if (isKnown(arguments, entry.getKey()) && arguments.flag(entry.getKey())) {
        allowances.add(entry.getValue());
      }
    }
    return allowances;
  }

  private static Optional<String> text(Arguments arguments, String name) {
    return isKnown(arguments, name)
        ? arguments.text(name).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  private static boolean isKnown(Arguments arguments, String name) {
    List<String> names = arguments.table().options().stream().map(o -> o.name()).toList();
    return names.contains(name);
  }
}
