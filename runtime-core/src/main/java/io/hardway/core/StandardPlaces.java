package io.hardway.core;

import io.hardway.spi.Host;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where things are kept when nobody says otherwise: {@code /run/hardway} and {@code
 * /var/lib/hardway} for root, the XDG base directories for others.
 */
final class StandardPlaces {
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
    return runtime.isEmpty() ? Path.of("/tmp/hardway-" + host.uid()) : Path.of(runtime, "hardway");
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
