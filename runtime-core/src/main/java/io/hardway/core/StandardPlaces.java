package io.hardway.core;

import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Where things are kept when nobody says otherwise: {@code /run/hardway} and {@code
 * /var/lib/hardway} for root, the XDG base directories for others.
 */
final class StandardPlaces {
  private static final int TYPE_MASK = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int WRITABLE_BY_OTHERS = 0022;

  private final Host host;
  private final EngineOptions options;
  private final Settings settings;
  private final Map<String, String> environment;

  StandardPlaces(Host host, EngineOptions options, Settings settings) {
    this.host = host;
    this.options = options;
    this.settings = settings;
    this.environment = options.environment();
  }

  Directories directories() {
    return new Directories(
        said(options.state(), "state").orElseGet(this::state),
        said(options.data(), "root").orElseGet(this::data));
  }

  private Optional<Path> said(Optional<Path> option, String key) {
    String configured = option.isPresent() ? "" : settings.text(key);
    return configured.isEmpty() ? option : Optional.of(Path.of(configured));
  }

  private Path state() {
    if (host.uid() == 0) {
      return Path.of("/run/hardway");
    }
    String runtime = variable("XDG_RUNTIME_DIR");
    if (runtime.isEmpty()) {
      Path directory = Path.of("/tmp/hardway-" + host.uid());
      if (!isMade(directory)) {
        requireOwn(directory);
      }
      return directory;
    }
    Path directory = Path.of(runtime, "hardway");
    requireOwn(directory);
    return directory;
  }

  /**
   * Makes it now, as somebody else could until a plan does: what is in it is believed. Mapped ids
   * must get through it.
   */
  private boolean isMade(Path directory) {
    Path place = host.file(directory.toString());
    try {
      Files.createDirectory(
          place,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwx--x--x"));
      return true;
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new HardwayException(directory + ": " + e.getMessage(), e);
    }
  }

  /** In a directory like /tmp, somebody else may have made it first. */
  private void requireOwn(Path directory) {
    try {
      Map<String, Object> found =
          Files.readAttributes(
              host.file(directory.toString()), "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) found.get("mode");
      boolean own = (mode & TYPE_MASK) == DIRECTORY && (Integer) found.get("uid") == host.uid();
      if (!own || (mode & WRITABLE_BY_OTHERS) != 0) {
        throw new HardwayException(
            directory
                + " is not a directory that only you can write: set XDG_RUNTIME_DIR, or name"
                + " another one with --state");
      }
    } catch (NoSuchFileException fresh) {
      // it will be ours
    } catch (IOException e) {
      throw new HardwayException(directory + ": " + e.getMessage(), e);
    }
  }

  private Path data() {
    if (host.uid() == 0) {
      return Path.of("/var/lib/hardway");
    }
    String data = variable("XDG_DATA_HOME");
    String home = variable("HOME");
    if (!data.isEmpty()) {
      return Path.of(data, "hardway");
    }
    if (home.isEmpty()) {
      throw new HardwayException(
          "neither XDG_DATA_HOME nor HOME is set: say with --root where containers are to be kept");
    }
    return Path.of(home, ".local/share/hardway");
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
