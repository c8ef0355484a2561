package io.hardway.isolation.linux;

import io.hardway.linux.Capabilities;
import io.hardway.linux.seccomp.SeccompProfile;
import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Seccomp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The filter of containers for which none is asked for: {@code seccomp.json} beside this class. Its
 * rules depend on the capabilities, so for the sets that are met most the build makes the programs,
 * for each architecture; others are made when they are needed.
 */
final class DefaultFilter {
  /** How errors name it. */
  static final String PLACE = "the default seccomp profile";

  /** The architectures that programs are shipped for. */
  static final List<String> MACHINES = List.of("x86_64", "aarch64");

  /** The oldest kernel that this plugin runs on, which the programs are made for. */
  static final int KERNEL = 5012;

  /** The mask of the capabilities that the profile asks about. */
  static final long RELEVANT =
      Capabilities.mask(
          List.of(
              "CAP_DAC_READ_SEARCH",
              "CAP_SYS_MODULE",
              "CAP_SYS_RAWIO",
              "CAP_SYS_CHROOT",
              "CAP_SYS_PTRACE",
              "CAP_SYS_PACCT",
              "CAP_SYS_ADMIN",
              "CAP_SYS_BOOT",
              "CAP_SYS_NICE",
              "CAP_SYS_TIME",
              "CAP_SYS_TTY_CONFIG",
              "CAP_SYSLOG",
              "CAP_PERFMON",
              "CAP_BPF"));

  private DefaultFilter() {}

  /** The sets that programs are shipped for: docker's default, one more, none, and all. */
  static List<Long> shippedSets() {
    long usual = Capabilities.bit("CAP_SYS_CHROOT");
    List<Long> sets = new ArrayList<>();
    sets.add(0L);
    sets.add(usual);
    sets.add(RELEVANT);
    for (String more :
        List.of(
            "CAP_SYS_ADMIN",
            "CAP_SYS_PTRACE",
            "CAP_SYS_NICE",
            "CAP_SYS_TIME",
            "CAP_SYSLOG",
            "CAP_DAC_READ_SEARCH",
            "CAP_BPF",
            "CAP_PERFMON")) {
      sets.add(usual | Capabilities.bit(more));
    }
    return sets;
  }

  /** The name of a shipped program, beside this class. */
  static String resource(String machine, long capabilities) {
    return "seccomp/" + machine + "-" + Long.toHexString(capabilities);
  }

  /** The shipped program for these capabilities; empty where it is to be made. */
  static Optional<byte[]> shipped(Host host, List<String> capabilities) {
    String name = resource(host.architecture(), mask(capabilities) & RELEVANT);
    try {
      String home = System.getProperty("hardway.home", "");
      if (!home.isEmpty()) {
        Path file = Path.of(home, "lib", name);
        if (Files.exists(file)) {
          return Optional.of(Files.readAllBytes(file));
        }
      }
      try (InputStream in = DefaultFilter.class.getResourceAsStream(name)) {
        return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
      }
    } catch (IOException e) {
      throw new PlanningException(PLACE + " cannot be read: " + e.getMessage(), "", e);
    }
  }

  /** What the profile is with these capabilities. */
  static Seccomp filter(String machine, int kernel, List<String> capabilities) {
    return profile().resolve(capabilities, machine, kernel);
  }

  static SeccompProfile profile() {
    try (InputStream in = DefaultFilter.class.getResourceAsStream("seccomp.json")) {
      return SeccompProfile.parse(PLACE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new PlanningException(PLACE + " cannot be read: " + e.getMessage(), "", e);
    }
  }

  private static long mask(List<String> capabilities) {
    long mask = 0;
    for (String capability : capabilities) {
      mask |= Capabilities.bit(capability);
    }
    return mask;
  }
}
