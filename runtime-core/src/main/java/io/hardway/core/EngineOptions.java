package io.hardway.core;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the one who makes an engine says about it; everything that is left out comes from the
 * configuration, and from the defaults behind that.
 *
 * <p>Immutable; made with {@link #builder()}.
 */
public final class EngineOptions {
  private final Optional<Path> configuration;
  private final Optional<Path> state;
  private final Optional<Path> data;
  private final List<Path> pluginFolders;
  private final Optional<Path> installation;
  private final Map<String, String> environment;

  private EngineOptions(Builder from) {
    this.configuration = from.configuration;
    this.state = from.state;
    this.data = from.data;
    this.pluginFolders = List.copyOf(from.pluginFolders);
    this.installation = from.installation;
    this.environment = from.environment;
  }

  /** A builder with the defaults: nothing is said, and no variable is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** The configuration file that is read in place of the system's and the user's. */
  public Optional<Path> configuration() {
    return configuration;
  }

  /** The state root; see {@link Directories#state()}. */
  public Optional<Path> state() {
    return state;
  }

  /** The data root; see {@link Directories#data()}. */
  public Optional<Path> data() {
    return data;
  }

  /** Folders with plugin jars, before those of the configuration and of the system. */
  public List<Path> pluginFolders() {
    return pluginFolders;
  }

  /** The folder of the installation; without one the bundled plugins are on the class path. */
  public Optional<Path> installation() {
    return installation;
  }

  /** The environment variables that say where the user's own directories are. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Collects the values of {@link EngineOptions}. */
  public static final class Builder {
    private Optional<Path> configuration = Optional.empty();
    private Optional<Path> state = Optional.empty();
    private Optional<Path> data = Optional.empty();
    private final List<Path> pluginFolders = new ArrayList<>();
    private Optional<Path> installation = Optional.empty();
    private Map<String, String> environment = Map.of();

    private Builder() {}

    /** Sets {@link EngineOptions#configuration()}. */
    public Builder configuration(Path value) {
      configuration = Optional.of(value.toAbsolutePath());
      return this;
    }

    /** Sets {@link EngineOptions#state()}. */
    public Builder state(Path value) {
      state = Optional.of(value);
      return this;
    }

    /** Sets {@link EngineOptions#data()}. */
    public Builder data(Path value) {
      data = Optional.of(value);
      return this;
    }

    /** Adds to {@link EngineOptions#pluginFolders()}. */
    public Builder pluginFolder(Path value) {
      pluginFolders.add(value.toAbsolutePath());
      return this;
    }

    /** Sets {@link EngineOptions#installation()}. */
    public Builder installation(Path value) {
      installation = Optional.of(value);
      return this;
    }

    /** Sets {@link EngineOptions#environment()}. */
    public Builder environment(Map<String, String> value) {
      environment =
          Collections.unmodifiableMap(
              new LinkedHashMap<>(Objects.requireNonNull(value, "environment")));
      return this;
    }

    /** Makes the value. */
    public EngineOptions build() {
      return new EngineOptions(this);
    }
  }
}
