package io.hardway.fs.overlay;

import io.hardway.linux.file.ExtendedAttributes;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Whether a directory of a layer hides what is below it; overlayfs.rst, "whiteouts and opaque
 * directories".
 */
final class Opaque {
  private Opaque() {}

  /** Whether it does, by the attribute of mounts of this kind. */
  static boolean is(Path directory, OverlayMount.Attributes attributes) {
    String name =
        attributes == OverlayMount.Attributes.USER
            ? "user.overlay.opaque"
            : "trusted.overlay.opaque";
    try {
      byte[] value = ExtendedAttributes.read(directory, name);
      return value.length == 1 && value[0] == 'y';
    } catch (IOException e) {
      return false;
    }
  }
}
