package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A root file system of one static busybox and its links: small, and the same everywhere. */
final class BusyboxRootfs {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  private BusyboxRootfs() {}

  /** Makes one in a directory that is made. */
  static Path at(Path directory) throws IOException {
    Conditions.program(BUSYBOX.toString());
    for (String name : List.of("bin", "etc", "tmp", "root", "proc", "sys", "dev", "var", "home")) {
      Files.createDirectories(directory.resolve(name));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        directory.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.copy(BUSYBOX, directory.resolve("bin/busybox"));
    for (String applet :
        Product.perform(List.of(BUSYBOX.toString(), "--list"), "").out().split("\\s+")) {
      if (!applet.isEmpty() && !applet.equals("busybox")) {
        Files.createSymbolicLink(directory.resolve("bin").resolve(applet), Path.of("busybox"));
      }
    }
    Files.writeString(
        directory.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n");
    Files.writeString(
        directory.resolve("etc/group"), "root:x:0:\nalice:x:1000:\nwheel:x:10:alice\n");
    return directory;
  }
}
