package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;

/**
 * How the kernel chooses when a process runs; sched_setattr(2); config.md, "scheduler".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Scheduler {
  private final String policy;
  private final int nice;
  private final int priority;
  private final List<String> flags;
  private final long runtime;
  private final long deadline;
  private final long period;

  private Scheduler(Builder from) {
    this.policy = Objects.requireNonNull(from.policy, "policy");
    this.nice = from.nice;
    this.priority = from.priority;
    this.flags = from.flags;
    this.runtime = from.runtime;
    this.deadline = from.deadline;
    this.period = from.period;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.policy = policy;
    copy.nice = nice;
    copy.priority = priority;
    copy.flags = flags;
    copy.runtime = runtime;
    copy.deadline = deadline;
    copy.period = period;
    return copy;
  }

  /** The policy, like {@code SCHED_FIFO}. */
  public String policy() {
    return policy;
  }

  /** The nice value, -20 to 19, of a policy that is not a real-time one. */
  public int nice() {
    return nice;
  }

  /** The priority, 1 to 99, of {@code SCHED_FIFO} and {@code SCHED_RR}. */
  public int priority() {
    return priority;
  }

  /** Flags, like {@code SCHED_FLAG_RESET_ON_FORK}. */
  public List<String> flags() {
    return flags;
  }

  /** Nanoseconds in each period, of {@code SCHED_DEADLINE}. */
  public long runtime() {
    return runtime;
  }

  /** Nanoseconds after the start of a period within which it gets them. */
  public long deadline() {
    return deadline;
  }

  /** Nanoseconds of a period; 0 is the deadline. */
  public long period() {
    return period;
  }

  /** Collects the values of a {@link Scheduler}. */
  public static final class Builder {
    private String policy;
    private int nice;
    private int priority;
    private List<String> flags = List.of();
    private long runtime;
    private long deadline;
    private long period;

    private Builder() {}

    /** Sets {@link Scheduler#policy()}. */
    public Builder policy(String value) {
      policy = Objects.requireNonNull(value, "policy");
      return this;
    }

    /** Sets {@link Scheduler#nice()}. */
    public Builder nice(int value) {
      nice = value;
      return this;
    }

    /** Sets {@link Scheduler#priority()}. */
    public Builder priority(int value) {
      priority = value;
      return this;
    }

    /** Sets {@link Scheduler#flags()}. */
    public Builder flags(List<String> value) {
      flags = List.copyOf(value);
      return this;
    }

    /** Sets {@link Scheduler#runtime()}. */
    public Builder runtime(long value) {
      runtime = value;
      return this;
    }

    /** Sets {@link Scheduler#deadline()}. */
    public Builder deadline(long value) {
      deadline = value;
      return this;
    }

    /** Sets {@link Scheduler#period()}. */
    public Builder period(long value) {
      period = value;
      return this;
    }

    /** Makes the value. */
    public Scheduler build() {
      return new Scheduler(this);
    }
  }
}
