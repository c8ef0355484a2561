package io.hardway.spi.spec;

import io.hardway.spi.Limit;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Memory limits; cgroup-v2.rst, "Memory"; config-linux.md, "Memory".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class MemoryResources {
  private final Optional<Limit> limit;
  private final Optional<Limit> reservation;
  private final Optional<Limit> swap;
  private final Optional<Limit> kernel;
  private final Optional<Limit> kernelTcp;
  private final OptionalInt swappiness;
  private final boolean oomKillDisabled;
  private final boolean checkBeforeUpdate;

  private MemoryResources(Builder from) {
    this.limit = from.limit;
    this.reservation = from.reservation;
    this.swap = from.swap;
    this.kernel = from.kernel;
    this.kernelTcp = from.kernelTcp;
    this.swappiness = from.swappiness;
    this.oomKillDisabled = from.oomKillDisabled;
    this.checkBeforeUpdate = from.checkBeforeUpdate;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.limit = limit;
    copy.reservation = reservation;
    copy.swap = swap;
    copy.kernel = kernel;
    copy.kernelTcp = kernelTcp;
    copy.swappiness = swappiness;
    copy.oomKillDisabled = oomKillDisabled;
    copy.checkBeforeUpdate = checkBeforeUpdate;
    return copy;
  }

  /** Bytes of memory. */
  public Optional<Limit> limit() {
    return limit;
  }

  /** Bytes it may hold when memory is short. */
  public Optional<Limit> reservation() {
    return reservation;
  }

  /** Bytes of memory and swap together. */
  public Optional<Limit> swap() {
    return swap;
  }

  /** Bytes of kernel memory (deprecated by the specification). */
  public Optional<Limit> kernel() {
    return kernel;
  }

  /** Bytes of kernel TCP buffers. */
  public Optional<Limit> kernelTcp() {
    return kernelTcp;
  }

  /** How readily its pages are swapped, 0 to 100. */
  public OptionalInt swappiness() {
    return swappiness;
  }

  /** Whether it waits in place of being killed when it is out of memory (v1 only). */
  public boolean oomKillDisabled() {
    return oomKillDisabled;
  }

  /** Whether an update that is below what is in use is refused. */
  public boolean checkBeforeUpdate() {
    return checkBeforeUpdate;
  }

  /** Whether nothing is asked for. */
  boolean isEmpty() {
    return limit.isEmpty()
        && reservation.isEmpty()
        && swap.isEmpty()
        && kernel.isEmpty()
        && kernelTcp.isEmpty()
        && swappiness.isEmpty()
        && !oomKillDisabled
        && !checkBeforeUpdate;
  }

  /** Collects the values of a {@link MemoryResources}. */
  public static final class Builder {
    private Optional<Limit> limit = Optional.empty();
    private Optional<Limit> reservation = Optional.empty();
    private Optional<Limit> swap = Optional.empty();
    private Optional<Limit> kernel = Optional.empty();
    private Optional<Limit> kernelTcp = Optional.empty();
    private OptionalInt swappiness = OptionalInt.empty();
    private boolean oomKillDisabled = false;
    private boolean checkBeforeUpdate = false;

    private Builder() {}

    /** Sets {@link MemoryResources#limit()}. */
    public Builder limit(Limit value) {
      limit = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#reservation()}. */
    public Builder reservation(Limit value) {
      reservation = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#swap()}. */
    public Builder swap(Limit value) {
      swap = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#kernel()}. */
    public Builder kernel(Limit value) {
      kernel = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#kernelTcp()}. */
    public Builder kernelTcp(Limit value) {
      kernelTcp = Optional.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#swappiness()}. */
    public Builder swappiness(int value) {
      swappiness = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link MemoryResources#oomKillDisabled()}. */
    public Builder oomKillDisabled(boolean value) {
      oomKillDisabled = value;
      return this;
    }

    /** Sets {@link MemoryResources#checkBeforeUpdate()}. */
    public Builder checkBeforeUpdate(boolean value) {
      checkBeforeUpdate = value;
      return this;
    }

    /** Takes {@link MemoryResources#kernel()} away. */
    public Builder noKernel() {
      kernel = Optional.empty();
      return this;
    }

    /** Makes the value. */
    public MemoryResources build() {
      return new MemoryResources(this);
    }
  }
}
