package io.hardway.cli.value;

import io.hardway.spi.spec.DeviceRule;

/**
 * What {@code --device-cgroup-rule} takes: {@code c 13:* rwm}; the devices controller's notation.
 */
public final class DeviceRules {
  private DeviceRules() {}

  /**
   * Reads a rule that allows.
   *
   * @throws IllegalArgumentException where it does not have that form
   */
  public static DeviceRule parse(String text) {
    var words = Words.split(text, ' ');
    if (words.size() != 3
        || !"abc".contains(words.get(0))
        || words.get(0).length() != 1
        || !DeviceFlag.isAccess(words.get(2))) {
      throw invalid(text);
    }
    int colon = words.get(1).indexOf(':');
    if (colon < 0) {
      throw invalid(text);
    }
    DeviceRule.Builder rule =
        DeviceRule.builder().allow(true).type(words.get(0)).access(words.get(2));
    String major = words.get(1).substring(0, colon);
    String minor = words.get(1).substring(colon + 1);
    if (!major.equals("*")) {
      rule.major(number(text, major));
    }
    if (!minor.equals("*")) {
      rule.minor(number(text, minor));
    }
    return rule.build();
  }

  private static long number(String text, String digits) {
    long number = -1;
    try {
      number = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      // answered below
    }
    if (number < 0 || number > 0xFFFFFFFFL) {
      throw invalid(text);
    }
    return number;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "invalid device cgroup format '" + text + "'; write it like 'c 13:* rwm'");
  }
}
