package io.hardway.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * How long the tasks of a group waited for one resource; accounting/psi.rst.
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Pressure {
  private final Stall some;
  private final Optional<Stall> full;

  private Pressure(Builder from) {
    this.some = Objects.requireNonNull(from.some, "some");
    this.full = from.full;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.some = some;
    copy.full = full;
    return copy;
  }

  /** While at least one task waited. */
  public Stall some() {
    return some;
  }

  /** While all tasks that had something to do waited. */
  public Optional<Stall> full() {
    return full;
  }

  /** Collects the values of a {@link Pressure}. */
  public static final class Builder {
    private Stall some;
    private Optional<Stall> full = Optional.empty();

    private Builder() {}

    /** Sets {@link Pressure#some()}. */
    public Builder some(Stall value) {
      some = Objects.requireNonNull(value, "some");
      return this;
    }

    /** Sets {@link Pressure#full()}. */
    public Builder full(Stall value) {
      full = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public Pressure build() {
      return new Pressure(this);
    }
  }

  /**
   * Time that was lost.
   *
   * <p>Immutable; made with {@link #builder()}.
   *
   * @since 0.1
   */
  public static final class Stall {
    private final double average10;
    private final double average60;
    private final double average300;
    private final long totalNanos;

    private Stall(Builder from) {
      this.average10 = from.average10;
      this.average60 = from.average60;
      this.average300 = from.average300;
      this.totalNanos = from.totalNanos;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
      return new Builder();
    }

    /** A builder that starts from these values. */
    public Builder toBuilder() {
      Builder copy = new Builder();
      copy.average10 = average10;
      copy.average60 = average60;
      copy.average300 = average300;
      copy.totalNanos = totalNanos;
      return copy;
    }

    /** The share of the last 10 seconds, in per cent. */
    public double average10() {
      return average10;
    }

    /** The share of the last 60 seconds, in per cent. */
    public double average60() {
      return average60;
    }

    /** The share of the last 300 seconds, in per cent. */
    public double average300() {
      return average300;
    }

    /** Nanoseconds in all. */
    public long totalNanos() {
      return totalNanos;
    }

    /** Collects the values of a {@link Stall}. */
    public static final class Builder {
      private double average10;
      private double average60;
      private double average300;
      private long totalNanos;

      private Builder() {}

      /** Sets {@link Stall#average10()}. */
      public Builder average10(double value) {
        average10 = value;
        return this;
      }

      /** Sets {@link Stall#average60()}. */
      public Builder average60(double value) {
        average60 = value;
        return this;
      }

      /** Sets {@link Stall#average300()}. */
      public Builder average300(double value) {
        average300 = value;
        return this;
      }

      /** Sets {@link Stall#totalNanos()}. */
      public Builder totalNanos(long value) {
        totalNanos = value;
        return this;
      }

      /** Makes the value. */
      public Stall build() {
        return new Stall(this);
      }
    }
  }
}
