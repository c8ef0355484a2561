package io.hardway.cli.value;

import java.util.List;
import java.util.Optional;

/**
 * The SELinux labels that {@code --security-opt label=…} asks for: what is not said is as the
 * container policy has it (container_selinux(8)).
 *
 * @param process what the program is confined with
 * @param mounts what the files of the container's own mounts have
 */
public record SelinuxLabel(String process, String mounts) {
  private static final String FILES = "system_u:object_r:container_file_t:";

  /** The labels; empty where none is asked for, or {@code label=disable} is said. */
  public static Optional<SelinuxLabel> of(List<SecurityOption> options) {
    String user = "system_u";
    String role = "system_r";
    String type = "container_t";
    String level = "s0";
    boolean asked = false;
    for (SecurityOption option : options) {
      if (!option.name().equals("label")) {
        continue;
      }
      if (option.value().equals("disable")) {
        return Optional.empty();
      }
      asked = true;
      int colon = option.value().indexOf(':');
      String value = option.value().substring(colon + 1);
      switch (option.value().substring(0, colon)) {
        case "user" -> user = value;
        case "role" -> role = value;
        case "type" -> type = value;
        default -> level = value;
      }
    }
    return asked
        ? Optional.of(new SelinuxLabel(user + ":" + role + ":" + type + ":" + level, FILES + level))
        : Optional.empty();
  }
}
