package io.hardway.cli.value;

import io.hardway.cli.option.Suggestion;
import io.hardway.cli.option.ValueParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code -v} takes: {@code SOURCE:DESTINATION[:OPTIONS]}, or {@code DESTINATION} alone for a
 * volume without a name.
 */
public final class VolumeFlag implements ValueParser<VolumeMount> {
  private static final String[] OPTIONS = {
    "ro",
    "rw",
    "nocopy",
    "private",
    "rprivate",
    "slave",
    "rslave",
    "shared",
    "rshared",
    "unbindable",
    "runbindable",
    "bind",
    "rbind",
    "noexec",
    "exec",
    "nosuid",
    "suid",
    "nodev",
    "dev",
    "noatime",
    "idmap",
    "z",
    "Z"
  };

  /** Of each row one can be said. */
  private static final List<List<String>> ALTERNATIVES =
      List.of(
          List.of("ro", "rw"),
          List.of(
              "private",
              "rprivate",
              "slave",
              "rslave",
              "shared",
              "rshared",
              "unbindable",
              "runbindable"),
          List.of("bind", "rbind"),
          List.of("noexec", "exec"),
          List.of("nosuid", "suid"),
          List.of("nodev", "dev"));

  private final String workingDirectory;

  /**
   * A parser of volumes.
   *
   * @param workingDirectory what a source that starts with {@code .} is relative to
   */
  public VolumeFlag(String workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  @Override
  public VolumeMount parse(String text) {
    String[] parts = split(text);
    if (parts.length == 1) {
      return new VolumeMount(
          "volume",
          Optional.empty(),
          VolumeMount.checkDestination(parts[0]),
          List.of(),
          false,
          true);
    }
    List<String> options = new ArrayList<>();
    boolean copyUp = parts.length < 3 || readOptions(parts[2], options);
    String destination = VolumeMount.checkDestination(parts[1]);
    String source = parts[0];
    if (source.startsWith("/") || source.startsWith("~") || source.startsWith(".")) {
      return new VolumeMount(
          "bind", Optional.of(absolute(source)), destination, bindOptions(options), true, false);
    }
    return new VolumeMount(
        "volume",
        Optional.of(VolumeMount.checkVolumeName(source)),
        destination,
        options,
        false,
        copyUp);
  }

  private String absolute(String source) {
    if (source.startsWith("~")) {
      throw new IllegalArgumentException(
          "the shell did not replace '~'; write the directory in full");
    }
    return VolumeMount.normalize(source.startsWith("/") ? source : workingDirectory + "/" + source);
  }

  private static String[] split(String text) {
    List<String> parts = new ArrayList<>(3);
    int start = 0;
    while (start <= text.length()) {
      int end = text.indexOf(':', start);
      end = end < 0 ? text.length() : end;
      if (end == start) {
        throw new IllegalArgumentException(
            "invalid spec: " + text + ": empty section between colons");
      }
      parts.add(text.substring(start, end));
      start = end + 1;
    }
    if (parts.size() > 3) {
      throw new IllegalArgumentException(
          "invalid spec: " + text + ": write SOURCE:DESTINATION[:OPTIONS]");
    }
    return parts.toArray(new String[0]);
  }

  /** Adds the options to the list; answers whether an empty volume is filled. */
  private static boolean readOptions(String text, List<String> options) {
    boolean copyUp = true;
    List<String> given = Words.split(text, ',');
    checkAlternatives(text, given);
    for (String option : given) {
      check(option);
      if (option.equals("nocopy")) {
        copyUp = false;
      } else if (option.equals("z") || option.equals("Z")) {
        Labels.checkRelabel(option);
      } else {
        options.add(option.equals("ro") ? "rro" : option);
      }
    }
    return copyUp;
  }

  private static void checkAlternatives(String text, List<String> given) {
    for (List<String> alternatives : ALTERNATIVES) {
      String said = "";
      for (String option : given) {
        if (alternatives.contains(option)) {
          if (!said.isEmpty()) {
            throw new IllegalArgumentException(
                "invalid mode: '" + text + "': of " + said + " and " + option + " one can be said");
          }
          said = option;
        }
      }
    }
  }

  private static void check(String option) {
    for (String known : OPTIONS) {
      if (known.equals(option)) {
        return;
      }
    }
    String near = Suggestion.nearest(option, OPTIONS);
    throw new IllegalArgumentException(
        "invalid mode: '"
            + option
            + "'"
            + (near.isEmpty()
                ? "; there are " + String.join(", ", OPTIONS)
                : "; did you mean " + near + "?"));
  }

  private static List<String> bindOptions(List<String> options) {
    if (!options.contains("bind") && !options.contains("rbind")) {
      options.add(0, "rbind");
    }
    return options;
  }
}
