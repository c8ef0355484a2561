package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A system call filter; config-linux.md, "Seccomp"; seccomp(2).
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Seccomp {
  private final String defaultAction;
  private final OptionalInt defaultErrnoRet;
  private final List<String> architectures;
  private final List<String> flags;
  private final Optional<String> listenerPath;
  private final Optional<String> listenerMetadata;
  private final List<SeccompRule> syscalls;

  private Seccomp(Builder from) {
    this.defaultAction = Objects.requireNonNull(from.defaultAction, "defaultAction");
    this.defaultErrnoRet = from.defaultErrnoRet;
    this.architectures = from.architectures;
    this.flags = from.flags;
    this.listenerPath = from.listenerPath;
    this.listenerMetadata = from.listenerMetadata;
    this.syscalls = from.syscalls;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.defaultAction = defaultAction;
    copy.defaultErrnoRet = defaultErrnoRet;
    copy.architectures = architectures;
    copy.flags = flags;
    copy.listenerPath = listenerPath;
    copy.listenerMetadata = listenerMetadata;
    copy.syscalls = syscalls;
    return copy;
  }

  /** What happens on a call no rule names, like {@code SCMP_ACT_ERRNO}. */
  public String defaultAction() {
    return defaultAction;
  }

  /** The errno of a default action that gives one. */
  public OptionalInt defaultErrnoRet() {
    return defaultErrnoRet;
  }

  /** Like {@code SCMP_ARCH_X86_64}; empty: the native one. */
  public List<String> architectures() {
    return architectures;
  }

  /** Like {@code SECCOMP_FILTER_FLAG_LOG}. */
  public List<String> flags() {
    return flags;
  }

  /** The socket that receives the descriptor for user notification. */
  public Optional<String> listenerPath() {
    return listenerPath;
  }

  /** Opaque data sent along. */
  public Optional<String> listenerMetadata() {
    return listenerMetadata;
  }

  /** The rules. */
  public List<SeccompRule> syscalls() {
    return syscalls;
  }

  /** Collects the values of a {@link Seccomp}. */
  public static final class Builder {
    private String defaultAction;
    private OptionalInt defaultErrnoRet = OptionalInt.empty();
    private List<String> architectures = List.of();
    private List<String> flags = List.of();
    private Optional<String> listenerPath = Optional.empty();
    private Optional<String> listenerMetadata = Optional.empty();
    private List<SeccompRule> syscalls = List.of();

    private Builder() {}

    /** Sets {@link Seccomp#defaultAction()}. */
    public Builder defaultAction(String value) {
      defaultAction = Objects.requireNonNull(value, "defaultAction");
      return this;
    }

    /** Sets {@link Seccomp#defaultErrnoRet()}. */
    public Builder defaultErrnoRet(int value) {
      defaultErrnoRet = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link Seccomp#architectures()}. */
    public Builder architectures(List<String> value) {
      architectures = List.copyOf(value);
      return this;
    }

    /** Sets {@link Seccomp#flags()}. */
    public Builder flags(List<String> value) {
      flags = List.copyOf(value);
      return this;
    }

    /** Sets {@link Seccomp#listenerPath()}. */
    public Builder listenerPath(String value) {
      listenerPath = Optional.of(value);
      return this;
    }

    /** Sets {@link Seccomp#listenerMetadata()}. */
    public Builder listenerMetadata(String value) {
      listenerMetadata = Optional.of(value);
      return this;
    }

    /** Sets {@link Seccomp#syscalls()}. */
    public Builder syscalls(List<SeccompRule> value) {
      syscalls = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public Seccomp build() {
      return new Seccomp(this);
    }
  }
}
