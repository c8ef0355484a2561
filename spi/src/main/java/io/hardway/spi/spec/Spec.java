package io.hardway.spi.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The configuration of a container: the OCI runtime-spec 1.3 {@code config.json} as a value. A
 * {@code config.json} and a command line are two ways to say it.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Spec {
  private final String ociVersion;
  private final ContainerProcess process;
  private final Root root;
  private final Optional<String> hostname;
  private final Optional<String> domainname;
  private final List<Mount> mounts;
  private final Map<String, String> annotations;
  private final Hooks hooks;
  private final LinuxSettings linux;

  private Spec(Builder from) {
    this.ociVersion = from.ociVersion;
    this.process = from.process;
    this.root = from.root;
    this.hostname = from.hostname;
    this.domainname = from.domainname;
    this.mounts = from.mounts;
    this.annotations = from.annotations;
    this.hooks = from.hooks;
    this.linux = from.linux;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.ociVersion = ociVersion;
    copy.process = process;
    copy.root = root;
    copy.hostname = hostname;
    copy.domainname = domainname;
    copy.mounts = mounts;
    copy.annotations = annotations;
    copy.hooks = hooks;
    copy.linux = linux;
    return copy;
  }

  /** The version of the specification it follows; config.md, "Specification version". */
  public String ociVersion() {
    return ociVersion;
  }

  /** What runs in the container; config.md, "Process". */
  public ContainerProcess process() {
    return process;
  }

  /** The root file system; config.md, "Root". */
  public Root root() {
    return root;
  }

  /** The name the UTS namespace gets; config.md, "Hostname". */
  public Optional<String> hostname() {
    return hostname;
  }

  /** The NIS domain name the UTS namespace gets; config.md, "Domainname". */
  public Optional<String> domainname() {
    return domainname;
  }

  /** What is mounted into the root, in this order; config.md, "Mounts". */
  public List<Mount> mounts() {
    return mounts;
  }

  /** Free-form metadata; config.md, "Annotations". */
  public Map<String, String> annotations() {
    return annotations;
  }

  /** The programs that are run at points of its life; config.md, "POSIX-platform Hooks". */
  public Hooks hooks() {
    return hooks;
  }

  /** The settings that only Linux has; config-linux.md. */
  public LinuxSettings linux() {
    return linux;
  }

  /** Collects the values of a {@link Spec}. */
  public static final class Builder {
    private String ociVersion = "1.3.0";
    private ContainerProcess process = ContainerProcess.builder().build();
    private Root root = Root.builder().build();
    private Optional<String> hostname = Optional.empty();
    private Optional<String> domainname = Optional.empty();
    private List<Mount> mounts = List.of();
    private Map<String, String> annotations = Map.of();
    private Hooks hooks = Hooks.builder().build();
    private LinuxSettings linux = LinuxSettings.builder().build();

    private Builder() {}

    /** Sets {@link Spec#ociVersion()}. */
    public Builder ociVersion(String value) {
      ociVersion = Objects.requireNonNull(value, "ociVersion");
      return this;
    }

    /** Sets {@link Spec#process()}. */
    public Builder process(ContainerProcess value) {
      process = value;
      return this;
    }

    /** Sets {@link Spec#root()}. */
    public Builder root(Root value) {
      root = value;
      return this;
    }

    /** Sets {@link Spec#hostname()}. */
    public Builder hostname(String value) {
      hostname = Optional.of(value);
      return this;
    }

    /** Sets {@link Spec#domainname()}. */
    public Builder domainname(String value) {
      domainname = Optional.of(value);
      return this;
    }

    /** Sets {@link Spec#mounts()}. */
    public Builder mounts(List<Mount> value) {
      mounts = List.copyOf(value);
      return this;
    }

    /** Sets {@link Spec#annotations()}. */
    public Builder annotations(Map<String, String> value) {
      annotations = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link Spec#hooks()}. */
    public Builder hooks(Hooks value) {
      hooks = value;
      return this;
    }

    /** Sets {@link Spec#linux()}. */
    public Builder linux(LinuxSettings value) {
      linux = value;
      return this;
    }

    /** Makes the value. */
    public Spec build() {
      return new Spec(this);
    }
  }
}
