package io.hardway.spi;

import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What an isolation provider is asked for when another process is to run in a container.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class ExecRequest {
  private final Host host;
  private final Container container;
  private final Spec spec;
  private final ContainerProcess process;
  private final Path identity;
  private final Stdio stdio;
  private final FdSlot spawnCgroup;
  private final long preservedDescriptors;
  private final boolean privileged;
  private final boolean supervised;
  private final Text processState;
  private final Optional<Path> store;

  private ExecRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.process = Objects.requireNonNull(from.process, "process");
    this.identity = Objects.requireNonNull(from.identity, "identity");
    this.stdio = Objects.requireNonNull(from.stdio, "stdio");
    this.spawnCgroup = from.spawnCgroup;
    this.preservedDescriptors = from.preservedDescriptors;
    this.privileged = from.privileged;
    this.supervised = from.supervised;
    this.processState = from.processState;
    this.store = from.store;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.host = host;
    copy.container = container;
    copy.spec = spec;
    copy.process = process;
    copy.identity = identity;
    copy.stdio = stdio;
    copy.spawnCgroup = spawnCgroup;
    copy.preservedDescriptors = preservedDescriptors;
    copy.privileged = privileged;
    copy.supervised = supervised;
    copy.processState = processState;
    copy.store = store;
    return copy;
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** The container. */
  public Container container() {
    return container;
  }

  /** How the container was made. */
  public Spec spec() {
    return spec;
  }

  /** The process to run. */
  public ContainerProcess process() {
    return process;
  }

  /** The identity file of the container's first process. */
  public Path identity() {
    return identity;
  }

  /** Where the standard streams come from. */
  public Stdio stdio() {
    return stdio;
  }

  /**
   * The cgroup v2 directory the process is born in, or none: then it joins in the {@code enter}
   * phase.
   */
  public FdSlot spawnCgroup() {
    return spawnCgroup;
  }

  /** How many descriptors from 3 on it keeps. */
  public long preservedDescriptors() {
    return preservedDescriptors;
  }

  /** Whether it gets all capabilities and no filter. */
  public boolean privileged() {
    return privileged;
  }

  /** Whether it dies with its parent; otherwise it is in a session of its own. */
  public boolean supervised() {
    return supervised;
  }

  /**
   * What an agent is sent that decides about system calls; config-linux.md, "The Container Process
   * State". Empty: none is asked.
   */
  public Text processState() {
    return processState;
  }

  /** Where {@link IsolationProvider#prepare} wrote; a plan is made without writing there. */
  public Optional<Path> store() {
    return store;
  }

  /** Collects the values of a {@link ExecRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private Spec spec;
    private ContainerProcess process;
    private Path identity;
    private Stdio stdio;
    private FdSlot spawnCgroup = FdSlot.NONE;
    private long preservedDescriptors = 0;
    private boolean privileged = false;
    private boolean supervised = true;
    private Text processState = Text.empty();
    private Optional<Path> store = Optional.empty();

    private Builder() {}

    /** Sets {@link ExecRequest#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link ExecRequest#container()}. */
    public Builder container(Container value) {
      container = value;
      return this;
    }

    /** Sets {@link ExecRequest#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link ExecRequest#process()}. */
    public Builder process(ContainerProcess value) {
      process = value;
      return this;
    }

    /** Sets {@link ExecRequest#identity()}. */
    public Builder identity(Path value) {
      identity = value;
      return this;
    }

    /** Sets {@link ExecRequest#stdio()}. */
    public Builder stdio(Stdio value) {
      stdio = value;
      return this;
    }

    /** Sets {@link ExecRequest#spawnCgroup()}. */
    public Builder spawnCgroup(FdSlot value) {
      spawnCgroup = value;
      return this;
    }

    /** Sets {@link ExecRequest#preservedDescriptors()}. */
    public Builder preservedDescriptors(long value) {
      preservedDescriptors = value;
      return this;
    }

    /** Sets {@link ExecRequest#privileged()}. */
    public Builder privileged(boolean value) {
      privileged = value;
      return this;
    }

    /** Sets {@link ExecRequest#supervised()}. */
    public Builder supervised(boolean value) {
      supervised = value;
      return this;
    }

    /** Sets {@link ExecRequest#processState()}. */
    public Builder processState(Text value) {
      processState = value;
      return this;
    }

    /** Sets {@link ExecRequest#store()}. */
    public Builder store(Path value) {
      store = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public ExecRequest build() {
      return new ExecRequest(this);
    }
  }
}
