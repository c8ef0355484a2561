package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What happens on some system calls; config-linux.md, "syscalls".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class SeccompRule {
  private final List<String> names;
  private final String action;
  private final OptionalInt errnoRet;
  private final List<SeccompArgument> args;

  private SeccompRule(Builder from) {
    this.names = from.names;
    this.action = Objects.requireNonNull(from.action, "action");
    this.errnoRet = from.errnoRet;
    this.args = from.args;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.names = names;
    copy.action = action;
    copy.errnoRet = errnoRet;
    copy.args = args;
    return copy;
  }

  /** The calls. */
  public List<String> names() {
    return names;
  }

  /** Like {@code SCMP_ACT_ALLOW}. */
  public String action() {
    return action;
  }

  /** The errno of an action that gives one. */
  public OptionalInt errnoRet() {
    return errnoRet;
  }

  /** Conditions, all of which must hold. */
  public List<SeccompArgument> args() {
    return args;
  }

  /** Collects the values of a {@link SeccompRule}. */
  public static final class Builder {
    private List<String> names = List.of();
    private String action;
    private OptionalInt errnoRet = OptionalInt.empty();
    private List<SeccompArgument> args = List.of();

    private Builder() {}

    /** Sets {@link SeccompRule#names()}. */
    public Builder names(List<String> value) {
      names = List.copyOf(value);
      return this;
    }

    /** Sets {@link SeccompRule#action()}. */
    public Builder action(String value) {
      action = Objects.requireNonNull(value, "action");
      return this;
    }

    /** Sets {@link SeccompRule#errnoRet()}. */
    public Builder errnoRet(int value) {
      errnoRet = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link SeccompRule#args()}. */
    public Builder args(List<SeccompArgument> value) {
      args = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public SeccompRule build() {
      return new SeccompRule(this);
    }
  }
}
