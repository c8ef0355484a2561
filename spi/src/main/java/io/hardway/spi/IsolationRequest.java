package io.hardway.spi;

import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What an isolation provider is asked for: a process with its own view of the machine.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class IsolationRequest {
  private final Host host;
  private final Container container;
  private final Spec spec;
  private final Path rootMountPoint;
  private final Stdio stdio;
  private final Map<String, Path> joined;
  private final FdSlot spawnCgroup;
  private final Optional<ControlGroup> controlGroup;
  private final long preservedDescriptors;
  private final boolean initProcess;
  private final boolean supervised;
  private final boolean ownRoot;
  private final FdSlot gate;
  private final List<HelperProgram> startHooks;
  private final Text processState;
  private final Optional<Path> store;

  private IsolationRequest(Builder from) {
    this.host = Objects.requireNonNull(from.host, "host");
    this.container = Objects.requireNonNull(from.container, "container");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.rootMountPoint = Objects.requireNonNull(from.rootMountPoint, "rootMountPoint");
    this.stdio = Objects.requireNonNull(from.stdio, "stdio");
    this.joined = from.joined;
    this.spawnCgroup = from.spawnCgroup;
    this.controlGroup = from.controlGroup;
    this.preservedDescriptors = from.preservedDescriptors;
    this.initProcess = from.initProcess;
    this.supervised = from.supervised;
    this.ownRoot = from.ownRoot;
    this.gate = from.gate;
    this.startHooks = from.startHooks;
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
    copy.rootMountPoint = rootMountPoint;
    copy.stdio = stdio;
    copy.joined = joined;
    copy.spawnCgroup = spawnCgroup;
    copy.controlGroup = controlGroup;
    copy.preservedDescriptors = preservedDescriptors;
    copy.initProcess = initProcess;
    copy.supervised = supervised;
    copy.ownRoot = ownRoot;
    copy.gate = gate;
    copy.startHooks = startHooks;
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

  /** What was asked for. */
  public Spec spec() {
    return spec;
  }

  /**
   * Where the root file system is mounted when the {@code root} phase has ended. None is where the
   * specification has no new mount namespace: then the provider opens the root of the one that is
   * joined, or the host's, as {@link PlanBuilder#rootDirectory()}, and mounts nothing.
   */
  public Path rootMountPoint() {
    return rootMountPoint;
  }

  /** Where the standard streams come from. */
  public Stdio stdio() {
    return stdio;
  }

  /**
   * Identity files of the processes whose namespaces it shares, by namespace type as in the
   * specification; these types have no path in the spec.
   */
  public Map<String, Path> joined() {
    return joined;
  }

  /**
   * The cgroup v2 directory the process is born in, or none: then it joins in the {@code enter}
   * phase, and a new cgroup namespace is unshared after that.
   */
  public FdSlot spawnCgroup() {
    return spawnCgroup;
  }

  /** The cgroup it is in, for the cgroup mount. */
  public Optional<ControlGroup> controlGroup() {
    return controlGroup;
  }

  /** How many descriptors from 3 on it keeps. */
  public long preservedDescriptors() {
    return preservedDescriptors;
  }

  /** Whether a small init stays as pid 1 to reap. */
  public boolean initProcess() {
    return initProcess;
  }

  /**
   * Whether it stands on the root it is given also in a mount namespace that is another's. Without
   * that it stands there on the files which that has.
   */
  public boolean ownRoot() {
    return ownRoot;
  }

  /** Whether it dies with its parent. */
  public boolean supervised() {
    return supervised;
  }

  /** The listening socket it waits at before it executes its program, or none. */
  public FdSlot gate() {
    return gate;
  }

  /** What is run inside, by paths of the container, right before its program is executed. */
  public List<HelperProgram> startHooks() {
    return startHooks;
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

  /** Collects the values of a {@link IsolationRequest}. */
  public static final class Builder {
    private Host host;
    private Container container;
    private Spec spec;
    private Path rootMountPoint;
    private Stdio stdio;
    private Map<String, Path> joined = Map.of();
    private FdSlot spawnCgroup = FdSlot.NONE;
    private Optional<ControlGroup> controlGroup = Optional.empty();
    private long preservedDescriptors = 0;
    private boolean initProcess = false;
    private boolean supervised = false;
    private boolean ownRoot = false;
    private FdSlot gate = FdSlot.NONE;
    private List<HelperProgram> startHooks = List.of();
    private Text processState = Text.empty();
    private Optional<Path> store = Optional.empty();

    private Builder() {}

    /** Sets {@link IsolationRequest#host()}. */
    public Builder host(Host value) {
      host = value;
      return this;
    }

    /** Sets {@link IsolationRequest#container()}. */
    public Builder container(Container value) {
      container = value;
      return this;
    }

    /** Sets {@link IsolationRequest#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link IsolationRequest#rootMountPoint()}. */
    public Builder rootMountPoint(Path value) {
      rootMountPoint = value;
      return this;
    }

    /** Sets {@link IsolationRequest#stdio()}. */
    public Builder stdio(Stdio value) {
      stdio = value;
      return this;
    }

    /** Sets {@link IsolationRequest#joined()}. */
    public Builder joined(Map<String, Path> value) {
      joined = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link IsolationRequest#spawnCgroup()}. */
    public Builder spawnCgroup(FdSlot value) {
      spawnCgroup = value;
      return this;
    }

    /** Sets {@link IsolationRequest#controlGroup()}. */
    public Builder controlGroup(ControlGroup value) {
      controlGroup = Optional.of(value);
      return this;
    }

    /** Sets {@link IsolationRequest#preservedDescriptors()}. */
    public Builder preservedDescriptors(long value) {
      preservedDescriptors = value;
      return this;
    }

    /** Sets {@link IsolationRequest#initProcess()}. */
    public Builder initProcess(boolean value) {
      initProcess = value;
      return this;
    }

    /** Sets {@link IsolationRequest#ownRoot()}. */
    public Builder ownRoot(boolean value) {
      ownRoot = value;
      return this;
    }

    /** Sets {@link IsolationRequest#supervised()}. */
    public Builder supervised(boolean value) {
      supervised = value;
      return this;
    }

    /** Sets {@link IsolationRequest#gate()}. */
    public Builder gate(FdSlot value) {
      gate = value;
      return this;
    }

    /** Sets {@link IsolationRequest#startHooks()}. */
    public Builder startHooks(List<HelperProgram> value) {
      startHooks = List.copyOf(value);
      return this;
    }

    /** Sets {@link IsolationRequest#processState()}. */
    public Builder processState(Text value) {
      processState = value;
      return this;
    }

    /** Sets {@link IsolationRequest#store()}. */
    public Builder store(Path value) {
      store = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public IsolationRequest build() {
      return new IsolationRequest(this);
    }
  }
}
