package io.hardway.fs.overlay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * Whether a directory of a layer hides what is below it; overlayfs.rst, "whiteouts and opaque
 * directories".
 */
final class Opaque {
  private Opaque() {}

  /** Whether it does, by the attribute of mounts in user namespaces. */
  static boolean is(Path directory) {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            directory, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return false;
    }
    try {
      ByteBuffer value = ByteBuffer.allocate(16);
      view.read("overlay.opaque", value);
      value.flip();
      return value.remaining() == 1 && value.get() == 'y';
    } catch (IOException e) {
      return false;
    }
  }
}
