package io.hardway.core;

import dagger.Component;
import io.hardway.spi.Host;

/**
 * An engine and its parts, wired. The command line makes one for each command, a program that
 * embeds Hardway one for each engine; both get the same parts. Nothing is read before the first
 * question. Safe for use by many threads.
 */
@Component(dependencies = EngineParts.class)
public interface HardwayComponent {

  /** The parts of an engine with these options, on this host. */
  static HardwayComponent of(EngineOptions options, Host host) {
    return DaggerHardwayComponent.builder().engineParts(new EngineParts(options, host)).build();
  }

  /**
   * The configuration, read once.
   *
   * @throws HardwayException where it is malformed; names file, line and key
   */
  Settings settings();

  /**
   * Where things are kept.
   *
   * @throws HardwayException where the configuration is malformed, or an ordinary user's data has
   *     no place
   */
  Directories directories();

  /** The plugins there are, and the choice among them; looked for once. */
  Plugins plugins();

  /** The containers there are. */
  Containers containers();

  /** What can be done with containers. */
  Engine engine();
}
