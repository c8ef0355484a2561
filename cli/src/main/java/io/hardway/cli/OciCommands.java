package io.hardway.cli;

import io.hardway.core.BundleOptions;
import java.util.List;

/** The commands of {@code hardway-oci}. Only the one that runs is made. */
final class OciCommands {
  private OciCommands() {}

  /** Their names, in order. */
  static List<String> names() {
    return List.of(
        "checkpoint",
        "create",
        "delete",
        "events",
        "exec",
        "features",
        "kill",
        "list",
        "pause",
        "ps",
        "restore",
        "resume",
        "run",
        "spec",
        "start",
        "state",
        "update");
  }

  /** The command of a name; null where there is none. */
  static OciCommand of(String name) {
    return switch (name) {
      case "checkpoint" -> new OciCheckpointCommand();
      case "create" -> new OciCreateCommand("create", BundleOptions.Until.CREATED);
      case "delete" -> new OciDeleteCommand();
      case "events" -> new OciEventsCommand();
      case "exec" -> new OciExecCommand();
      case "features" -> new OciFeatures();
      case "kill" -> new OciKillCommand();
      case "list" -> new OciListCommand();
      case "pause" -> new OciPauseCommand();
      case "ps" -> new OciPsCommand();
      case "restore" -> new OciRestoreCommand();
      case "resume" -> new OciResumeCommand();
      case "run" -> new OciCreateCommand("run", BundleOptions.Until.ENDED);
      case "spec" -> new OciSpecCommand();
      case "start" -> new OciStartCommand();
      case "state" -> new OciStateCommand();
      case "update" -> new OciUpdateCommand();
      default -> null;
    };
  }
}
