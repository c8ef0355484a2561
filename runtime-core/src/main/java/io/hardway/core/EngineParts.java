package io.hardway.core;

import io.hardway.spi.Host;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What of an engine depends on options and configuration; each part is made at the first question,
 * and once.
 *
 * <p>It is a dependency of the component, which asks it directly, and neither a Dagger module nor
 * in a scope: what Dagger generates for these implements {@code javax.inject.Provider}, which was
 * compiled for Java 5, so that the ahead-of-time cache takes none of it; that costs 5 ms of every
 * start.
 */
final class EngineParts {
  private final EngineOptions options;
  private final Host host;
  private Settings settings;
  private Directories directories;
  private Plugins plugins;

  EngineParts(EngineOptions options, Host host) {
    this.options = options;
    this.host = host;
  }

  Host host() {
    return host;
  }

  synchronized Settings settings() {
    if (settings == null) {
      settings =
          options.configuration().isPresent()
              ? Settings.read(options.configuration().get())
              : Settings.load(host, options.environment());
    }
    return settings;
  }

  synchronized Directories directories() {
    if (directories == null) {
      directories = new StandardPlaces(host, options, settings()).directories();
    }
    return directories;
  }

  synchronized Plugins plugins() {
    if (plugins == null) {
      List<Path> folders = new ArrayList<>(options.pluginFolders());
      for (String folder : settings().texts("plugins.folders")) {
        folders.add(Path.of(folder).toAbsolutePath());
      }
      folders.add(Path.of("/usr/local/lib/hardway/plugins"));
      folders.add(Path.of("/usr/lib/hardway/plugins"));
      plugins =
          new Plugins(
              host,
              settings(),
              options.installation().map(home -> home.resolve("lib/plugins.index")),
              folders);
    }
    return plugins;
  }
}
