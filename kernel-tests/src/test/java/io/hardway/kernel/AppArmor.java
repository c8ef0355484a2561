package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Profiles of AppArmor for containers, where this kernel has that; apparmor.d(5). */
final class AppArmor {
  /** Everything, but reading files that are called {@code secret}. */
  static final String GUARDED = "hardway-test-guarded";

  /** Everything, but writing to {@code /tmp}. */
  static final String OTHER = "hardway-test-other";

  private static final Path ENABLED = Path.of("/sys/module/apparmor/parameters/enabled");

  private AppArmor() {}

  static boolean isThere() throws IOException {
    return Files.exists(ENABLED) && Files.readString(ENABLED).strip().equals("Y");
  }

  /** Loads both profiles. */
  static void load() {
    parse("--replace");
  }

  /** Takes them back. */
  static void unload() {
    parse("--remove");
  }

  private static void parse(String action) {
    String profiles = profile(GUARDED, "deny /**/secret r,") + profile(OTHER, "deny /tmp/** w,");
    Product.Outcome outcome =
        Product.perform(List.of("/sbin/apparmor_parser", action, "--skip-cache"), profiles);
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private static String profile(String name, String rule) {
    return """
    profile %s flags=(attach_disconnected,mediate_deleted) {
      file,
      capability,
      network,
      mount,
      umount,
      signal,
      ptrace,
      %s
    }
    """
        .formatted(name, rule);
  }
}
