package io.hardway.cli.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code --tmpfs} takes: {@code DESTINATION[:OPTIONS]}; tmpfs(5). */
public final class TmpfsFlag {
  /** Docker's. */
  static final List<String> DEFAULTS = List.of("nosuid", "nodev", "noexec");

  private TmpfsFlag() {}

  /**
   * Reads a tmpfs.
   *
   * @throws IllegalArgumentException where the path is not absolute, or an option is unknown or has
   *     a wrong value
   */
  public static VolumeMount parse(String text) {
    int colon = text.indexOf(':');
    String destination = VolumeMount.checkDestination(colon < 0 ? text : text.substring(0, colon));
    List<String> options = new ArrayList<>(DEFAULTS);
    if (colon >= 0) {
      for (String option : Words.split(text.substring(colon + 1), ',')) {
        add(option, options);
      }
    }
    return new VolumeMount("tmpfs", Optional.empty(), destination, options, false, false);
  }

  private static void add(String option, List<String> options) {
    int equals = option.indexOf('=');
    String value = option.substring(equals + 1);
    switch (equals < 0 ? option : option.substring(0, equals)) {
      case "size" ->
          options.add(
              value.endsWith("%") ? checkPercent(option, value) : "size=" + ByteSize.parse(value));
      case "mode" -> options.add("mode=" + Integer.toOctalString(WholeNumber.parseMode(value)));
      case "nr_inodes", "nr_blocks" ->
          options.add(option.substring(0, equals + 1) + ByteSize.parse(value));
      case "uid", "gid" -> {
        UserName.parse(value);
        options.add(option.substring(0, equals + 1) + WholeNumber.parse(value));
      }
      case "ro",
          "rw",
          "tmpcopyup",
          "nosuid",
          "nodev",
          "noexec",
          "noatime",
          "nodiratime",
          "relatime",
          "sync",
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave" ->
          options.add(option);
      case "suid", "dev", "exec" -> options.remove("no" + option);
      default ->
          throw new IllegalArgumentException(
              "invalid tmpfs option '"
                  + option
                  + "'; there are size, mode, uid, gid, nr_inodes, nr_blocks, ro, rw, exec, suid, dev and their opposites");
    }
  }

  private static String checkPercent(String option, String value) {
    WholeNumber.between(1, 100).parse(value.substring(0, value.length() - 1));
    return option;
  }
}
