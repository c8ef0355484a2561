package io.hardway.isolation.linux;

import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.spec.ContainerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * What a Linux security module is told to confine the program with: it takes effect when that is
 * executed. The file is opened while {@code /proc} is the host's, and written as late as possible.
 */
final class SecurityLabels {
  private static final int O_WRONLY = 1;
  private static final String OWN = "/proc/self/attr/apparmor/exec";
  private static final String SHARED = "/proc/self/attr/exec";

  private final Host host;
  private final ContainerProcess process;
  private FdSlot apparmor = FdSlot.NONE;
  private FdSlot selinux = FdSlot.NONE;

  SecurityLabels(Host host, ContainerProcess process) {
    this.host = host;
    this.process = process;
  }

  /** Opens what the labels are written to. */
  void open(PlanBuilder plan, Stage stage) {
    process
        .apparmorProfile()
        .ifPresent(
            profile -> {
              if (!hasAppArmor(host)) {
                throw new PlanningException(
                    "AppArmor profile "
                        + profile
                        + " cannot be applied: this kernel runs without AppArmor",
                    "leave it out, or say apparmor=unconfined");
              }
              apparmor = plan.fdSlot("AppArmor profile of what is executed");
              String file = Files.exists(host.file(OWN)) ? OWN : SHARED;
              stage
                  .open(Location.host(file), O_WRONLY, 0, apparmor)
                  .label("open what tells AppArmor a profile");
            });
    process
        .selinuxLabel()
        .ifPresent(
            label -> {
              requireSelinux(host, "SELinux label " + label);
              selinux = plan.fdSlot("SELinux label of what is executed");
              stage
                  .open(Location.host(SHARED), O_WRONLY, 0, selinux)
                  .label("open what tells SELinux a label");
            });
  }

  /** Writes them. */
  void apply(Stage stage) {
    if (apparmor != FdSlot.NONE) {
      String profile = process.apparmorProfile().get();
      stage
          .writeTo(apparmor, Text.of("exec " + profile))
          .label("have AppArmor confine the program with " + profile)
          .hint("the profile must be loaded: apparmor_parser FILE");
    }
    if (selinux != FdSlot.NONE) {
      String label = process.selinuxLabel().get();
      stage
          .writeTo(selinux, Text.of(label))
          .label("have SELinux confine the program with " + label)
          .hint("the policy must know the label and allow the change to it");
    }
  }

  /**
   * The options of a mount whose files have a label; the kernel labels those of some types itself.
   */
  static String mountOptions(Host host, Optional<String> label, String type, String options) {
    if (label.isEmpty() || List.of("proc", "sysfs", "mqueue").contains(type)) {
      return options;
    }
    requireSelinux(host, "SELinux mount label " + label.get());
    return options + (options.isEmpty() ? "" : ",") + "context=\"" + label.get() + "\"";
  }

  /** Whether AppArmor is there and enabled. */
  static boolean hasAppArmor(Host host) {
    try {
      return Files.readString(host.file("/sys/module/apparmor/parameters/enabled"))
          .strip()
          .equals("Y");
    } catch (IOException missing) {
      return false;
    }
  }

  /** Refuses what only SELinux can do where it is not enabled. */
  static void requireSelinux(Host host, String what) {
    if (!Files.exists(host.file("/sys/fs/selinux/enforce"))) {
      throw new PlanningException(
          what + " cannot be applied: this kernel runs without SELinux",
          "leave it out, or say label=disable");
    }
  }
}
