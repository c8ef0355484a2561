package io.hardway.fuzz;

import io.hardway.linux.seccomp.SeccompProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Any text is a profile, which then is a filter everywhere, or is refused in words. */
public final class SeccompTarget {
  /** The file, and its line where the text is not JSON. */
  private static final Pattern PLACE = Pattern.compile("profile:(\\d+:)? ");

  private SeccompTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      SeccompProfile profile =
          SeccompProfile.parse("profile", new String(data, StandardCharsets.UTF_8));
      profile.resolve(List.of("CAP_SYS_ADMIN"), "x86_64", 6001);
      profile.resolve(List.of(), "aarch64", 0);
      profile.capabilities();
    } catch (IllegalArgumentException refused) {
      if (refused.getMessage() == null || !PLACE.matcher(refused.getMessage()).lookingAt()) {
        throw new AssertionError("refused without its place", refused);
      }
    }
  }
}
