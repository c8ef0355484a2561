package io.hardway.cgroup.v2;

import io.hardway.linux.bpf.DeviceProgram;
import io.hardway.spi.Host;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Resources;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;

/**
 * Access to devices. Version 2 has no files for it, but asks a program that is attached to the
 * group; cgroup-v2.rst, "Device controller"; config-linux.md, "Allowed Device list".
 */
final class DevicesController implements Controller {
  /** What it is like where they are not available. */
  static final String WITHOUT =
      "has no rules about devices, which take CAP_SYS_ADMIN and CAP_NET_ADMIN over the host, and"
          + " bpf(2): containers cannot make device nodes (no CAP_MKNOD)";

  private static final String ALL = "a";
  private static final int SHOWN = 24;

  /** There where the kernel has bpf(2) at all. */
  private static final String BPF = "/proc/sys/kernel/unprivileged_bpf_disabled";

  /**
   * Whether the kernel takes such programs from us: only with rights over the host, since finding
   * the one that is to be replaced needs CAP_SYS_ADMIN, attaching CAP_NET_ADMIN. Who has not got
   * them cannot give a container devices that it could misuse either: it makes a user namespace.
   */
  static boolean isAvailable(Host host) {
    return host.isPrivileged()
        && host.hasCapability("CAP_NET_ADMIN")
        && Files.exists(host.file(BPF));
  }

  /** The rules take the place of all that were there before. */
  @Override
  public void contribute(Resources wanted, LimitWriter limits) {
    if (wanted.devices().isEmpty() || !isAvailable(limits.host())) {
      return;
    }
    limits
        .deviceProgram(DeviceProgram.of(wanted.devices(), ByteOrder.nativeOrder()))
        .label("decide about devices: " + text(wanted.devices()))
        .hint(
            "the kernel takes no program about devices for this group: it needs CONFIG_CGROUP_BPF,"
                + " the right to call bpf(2), and no program above that rules others out");
  }

  private static String text(List<DeviceRule> rules) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rules.size() && i < SHOWN; i++) {
      DeviceRule rule = rules.get(i);
      text.append(i == 0 ? "" : ", ").append(rule.allow() ? "allow " : "deny ").append(rule.type());
      if (!rule.type().equals(ALL)) {
        text.append(' ').append(part(rule.major())).append(':').append(part(rule.minor()));
        text.append(' ').append(rule.access());
      }
    }
    return rules.size() > SHOWN
        ? text.append(", and ").append(rules.size() - SHOWN).append(" more").toString()
        : text.toString();
  }

  private static String part(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "*";
  }
}
