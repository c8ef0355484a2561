package io.hardway.cli.reference;

import io.hardway.cli.option.Option;
import io.hardway.cli.option.OptionTable;

/** What stands behind a command or an option, by the name that its table has for it. */
enum Operand {
  /** Containers there are. */
  CONTAINER,
  /** A container, and then a command line that is not ours. */
  CONTAINER_AND_PROGRAM,
  /** A command line that is not ours. */
  PROGRAM,
  /** Volumes there are. */
  VOLUME,
  /** A command of ours, with what belongs to it. */
  COMMAND,
  /** Names of shells. */
  SHELL,
  /** Files and directories. */
  FILE,
  /** Directories. */
  DIRECTORY,
  /** Something that has to be typed. */
  OTHER,
  /** Nothing. */
  NONE;

  /** What a command takes. */
  static Operand of(OptionTable table) {
    String synopsis = table.synopsis();
    if (synopsis.contains("CONTAINER COMMAND")) {
      return CONTAINER_AND_PROGRAM;
    } else if (synopsis.contains("CONTAINER")) {
      return CONTAINER;
    } else if (synopsis.contains("VOLUME")) {
      return VOLUME;
    } else if (synopsis.contains("bash|zsh|fish")) {
      return SHELL;
    } else if (synopsis.contains("ROOT")) {
      return PROGRAM;
    } else if (synopsis.contains("COMMAND")) {
      return COMMAND;
    }
    return table.maximum() == 0 ? NONE : OTHER;
  }

  /** What an option takes. */
  static Operand of(Option option) {
    return switch (option.valueName()) {
      case "" -> NONE;
      case "file", "root", "SOURCE:PATH[:OPTIONS]", "HOST[:INSIDE][:rwm]" -> FILE;
      case "folder" -> DIRECTORY;
      case "directory" -> option.name().equals("workdir") ? OTHER : DIRECTORY;
      default -> OTHER;
    };
  }
}
