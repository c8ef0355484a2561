package io.hardway.cli.value;

import io.hardway.cli.option.Suggestion;

/**
 * What {@code --security-opt} takes.
 *
 * @param name {@code seccomp}, {@code apparmor}, {@code label}, {@code no-new-privileges}, {@code
 *     systempaths}, {@code mask}, {@code unmask} or {@code writable-cgroups}
 * @param value what is behind the equals sign
 */
public record SecurityOption(String name, String value) {
  private static final String[] NAMES = {
    "no-new-privileges",
    "seccomp",
    "apparmor",
    "label",
    "systempaths",
    "mask",
    "unmask",
    "writable-cgroups"
  };

  /**
   * Reads a security option, with an equals sign or, as docker once had it, a colon.
   *
   * @throws IllegalArgumentException where it is unknown, or has a value it cannot have
   */
  public static SecurityOption parse(String text) {
    int separator = text.indexOf('=');
    if (separator < 0) {
      separator = text.indexOf(':');
    }
    String name = separator < 0 ? text : text.substring(0, separator);
    String value = separator < 0 ? "" : text.substring(separator + 1);
    switch (name) {
      case "no-new-privileges", "writable-cgroups":
        return new SecurityOption(name, Boolean.toString(TruthValue.parse(name, value)));
      case "seccomp", "apparmor":
        return new SecurityOption(name, notEmpty(name, value));
      case "mask", "unmask":
        return new SecurityOption(name, paths(name, notEmpty(name, value)));
      case "label":
        if (!value.equals("disable") && !isLabel(value)) {
          throw new IllegalArgumentException(
              "label="
                  + value
                  + ": write label=disable, label=user:U, label=role:R, label=type:T or label=level:L");
        }
        return new SecurityOption(name, value);
      case "systempaths":
        if (!value.equals("unconfined")) {
          throw new IllegalArgumentException("systempaths can only be 'unconfined'");
        }
        return new SecurityOption(name, value);
      default:
        String near = Suggestion.nearest(name, NAMES);
        throw new IllegalArgumentException(
            "unknown security option '"
                + name
                + "'"
                + (near.isEmpty()
                    ? "; there are " + String.join(", ", NAMES)
                    : "; did you mean " + near + "?"));
    }
  }

  private static boolean isLabel(String value) {
    int colon = value.indexOf(':');
    return colon > 0
        && colon < value.length() - 1
        && switch (value.substring(0, colon)) {
          case "user", "role", "type", "level" -> true;
          default -> false;
        };
  }

  /** Separated by colons; a relative one would hide nothing, and nobody would notice. */
  private static String paths(String name, String value) {
    for (String path : value.split(":", -1)) {
      if (!path.startsWith("/") && !(name.equals("unmask") && path.equals("ALL"))) {
        throw new IllegalArgumentException(
            name + "=" + value + ": '" + path + "' is no absolute path");
      }
    }
    return value;
  }

  private static String notEmpty(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + " needs a value: " + name + "=VALUE");
    }
    return value;
  }
}
