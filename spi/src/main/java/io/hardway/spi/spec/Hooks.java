package io.hardway.spi.spec;

import java.util.List;

/**
 * The programs that are run at points of a container's life; config.md, "POSIX-platform Hooks".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Hooks {
  private final List<Hook> prestart;
  private final List<Hook> createRuntime;
  private final List<Hook> createContainer;
  private final List<Hook> startContainer;
  private final List<Hook> poststart;
  private final List<Hook> poststop;

  private Hooks(Builder from) {
    this.prestart = from.prestart;
    this.createRuntime = from.createRuntime;
    this.createContainer = from.createContainer;
    this.startContainer = from.startContainer;
    this.poststart = from.poststart;
    this.poststop = from.poststop;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.prestart = prestart;
    copy.createRuntime = createRuntime;
    copy.createContainer = createContainer;
    copy.startContainer = startContainer;
    copy.poststart = poststart;
    copy.poststop = poststop;
    return copy;
  }

  /** On the host, when the namespaces are there; deprecated in favour of the next two. */
  public List<Hook> prestart() {
    return prestart;
  }

  /** On the host, when the namespaces and mounts are there, and before the root is changed. */
  public List<Hook> createRuntime() {
    return createRuntime;
  }

  /** In the container's namespaces, with the host's files, before the root is changed. */
  public List<Hook> createContainer() {
    return createContainer;
  }

  /** Inside, right before the program is executed. */
  public List<Hook> startContainer() {
    return startContainer;
  }

  /** On the host, when the program has been executed. */
  public List<Hook> poststart() {
    return poststart;
  }

  /** On the host, when the container is deleted. */
  public List<Hook> poststop() {
    return poststop;
  }

  /** Collects the values of {@link Hooks}. */
  public static final class Builder {
    private List<Hook> prestart = List.of();
    private List<Hook> createRuntime = List.of();
    private List<Hook> createContainer = List.of();
    private List<Hook> startContainer = List.of();
    private List<Hook> poststart = List.of();
    private List<Hook> poststop = List.of();

    private Builder() {}

    /** Sets {@link Hooks#prestart()}. */
    public Builder prestart(List<Hook> value) {
      prestart = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hooks#createRuntime()}. */
    public Builder createRuntime(List<Hook> value) {
      createRuntime = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hooks#createContainer()}. */
    public Builder createContainer(List<Hook> value) {
      createContainer = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hooks#startContainer()}. */
    public Builder startContainer(List<Hook> value) {
      startContainer = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hooks#poststart()}. */
    public Builder poststart(List<Hook> value) {
      poststart = List.copyOf(value);
      return this;
    }

    /** Sets {@link Hooks#poststop()}. */
    public Builder poststop(List<Hook> value) {
      poststop = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public Hooks build() {
      return new Hooks(this);
    }
  }
}
