package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.cli.value.TruthValue;

/**
 * The options of {@code hardway-oci} before the command; runc(8). The native program understands
 * those that ask for nothing special, and leaves all others to be refused here, for every command.
 */
final class OciGlobalOptions {
  private static final String AUTO = "auto";

  private OciGlobalOptions() {}

  static OptionTable table() {
    return new OptionTable(
            "", "[OPTIONS] COMMAND [ARG...]", "Runs containers by the OCI runtime specification.")
        .program(OciMain.PROGRAM)
        .value(
            "criu",
            "program",
            "The criu that checkpoints and restores; found along PATH by default")
        .flag("debug", "Say what is decided and why")
        .value("log", "file", "Add errors to this file too")
        .value("log-format", (char) 0, "format", "text", "What they look like there: text or json")
        .value("root", "directory", "Where the state of containers is kept")
        .value(
            "rootless",
            (char) 0,
            "auto|true|false",
            AUTO,
            "Whether the caller is an ordinary user, for whom control groups are made where he may")
        .flag(
            "systemd-cgroup",
            "Have systemd make the control groups of new containers: a path is SLICE:PREFIX:NAME")
        .flag("version", 'v', "Print the version and quit")
        .optionsFirst();
  }

  /**
   * Refuses what cannot be had.
   *
   * @param uid the caller
   * @throws io.hardway.cli.option.UsageException names the option and what to do
   */
  static void check(Arguments global, long uid) {
    String format = global.text("log-format").orElse("");
    if (!format.equals("text") && !format.equals("json")) {
      throw global.refuse("log-format", format, "use text or json");
    }
    String rootless = global.text("rootless").orElse(AUTO);
    if (!rootless.equals(AUTO) && !rootless.isEmpty()) {
      checkRootless(global, rootless, uid == 0);
    }
  }

  /** What it says is a fact about the caller, and cannot be chosen. */
  private static void checkRootless(Arguments global, String text, boolean isRoot) {
    boolean isRootless;
    try {
      isRootless = TruthValue.parse("rootless", text);
    } catch (IllegalArgumentException e) {
      throw global.refuse("rootless", text, "use auto, true or false");
    }
    if (isRootless && isRoot) {
      throw global.refuse(
          "rootless", text, "root's control groups are always made: use auto or false");
    }
    if (!isRootless && !isRoot) {
      throw global.refuse(
          "rootless",
          text,
          "an ordinary user cannot make all that root can: use auto or true, or call it as root");
    }
  }
}
