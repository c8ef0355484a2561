package io.hardway.cli.value;

/** What {@code --cgroup-conf} takes: a file of cgroup version 2 and what is written to it. */
public final class GroupSetting {
  private GroupSetting() {}

  /**
   * Reads a setting like {@code memory.high=67108864}.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static KeyValue parse(String text) {
    KeyValue setting = KeyValue.parseBoth(text);
    if (setting.key().indexOf('.') < 1 || setting.key().indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "'" + setting.key() + "' is no file of a cgroup; write it like memory.high=67108864");
    }
    return setting;
  }
}
