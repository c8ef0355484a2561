package io.hardway.cgroup.v1;

import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Resources;
import java.util.OptionalLong;

/** Access to devices; cgroup-v1/devices.rst; config-linux.md, "Allowed Device list". */
final class DevicesController implements Controller {
  private static final String NAME = "devices";
  private static final String ALL = "a";

  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    for (DeviceRule rule : wanted.devices()) {
      String numbers =
          rule.type().equals(ALL) ? "*:*" : part(rule.major()) + ":" + part(rule.minor());
      String text = rule.type() + " " + numbers + " " + rule.access();
      limits.write(
          NAME,
          rule.allow() ? "devices.allow" : "devices.deny",
          text,
          (rule.allow() ? "allow" : "deny") + " devices " + text);
    }
  }

  private static String part(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "*";
  }
}
