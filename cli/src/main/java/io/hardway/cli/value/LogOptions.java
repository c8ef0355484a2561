package io.hardway.cli.value;

import io.hardway.cli.option.Suggestion;
import java.util.List;

/**
 * How a container's log is kept, from {@code --log-opt}.
 *
 * @param maxSize bytes at which a file is rotated; 0: never
 * @param maxFiles how many files there are at most
 */
public record LogOptions(long maxSize, int maxFiles) {
  /** Docker's json-file driver: one file, not rotated. */
  public static final LogOptions DEFAULT = new LogOptions(0, 1);

  private static final String[] NAMES = {"max-size", "max-file"};

  /**
   * Adds settings to the default.
   *
   * @throws IllegalArgumentException where one is unknown or wrong, or files are counted that are
   *     never rotated
   */
  public static LogOptions of(List<KeyValue> settings) {
    long size = 0;
    int files = 1;
    for (KeyValue setting : settings) {
      switch (setting.key()) {
        case "max-size" ->
            size = setting.value().equals("-1") ? 0 : ByteSize.parse(setting.value());
        case "max-file" -> files = (int) (long) WholeNumber.between(1, 1000).parse(setting.value());
        default -> {
          String near = Suggestion.nearest(setting.key(), NAMES);
          throw new IllegalArgumentException(
              "unknown log opt '"
                  + setting.key()
                  + "'; "
                  + (near.isEmpty()
                      ? "there are max-size and max-file"
                      : "did you mean " + near + "?"));
        }
      }
    }
    if (files > 1 && size == 0) {
      throw new IllegalArgumentException(
          "max-file needs max-size: a log without a size is never rotated");
    }
    return new LogOptions(size, files);
  }
}
