package io.hardway.spi.spec;

import java.util.List;
import java.util.OptionalInt;

/**
 * Block input and output; config-linux.md, "Block IO".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class BlockIoResources {
  private final OptionalInt weight;
  private final OptionalInt leafWeight;
  private final List<BlockIoDevice> weightDevices;
  private final List<BlockIoDevice> throttleReadBps;
  private final List<BlockIoDevice> throttleWriteBps;
  private final List<BlockIoDevice> throttleReadIops;
  private final List<BlockIoDevice> throttleWriteIops;

  private BlockIoResources(Builder from) {
    this.weight = from.weight;
    this.leafWeight = from.leafWeight;
    this.weightDevices = from.weightDevices;
    this.throttleReadBps = from.throttleReadBps;
    this.throttleWriteBps = from.throttleWriteBps;
    this.throttleReadIops = from.throttleReadIops;
    this.throttleWriteIops = from.throttleWriteIops;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.weight = weight;
    copy.leafWeight = leafWeight;
    copy.weightDevices = weightDevices;
    copy.throttleReadBps = throttleReadBps;
    copy.throttleWriteBps = throttleWriteBps;
    copy.throttleReadIops = throttleReadIops;
    copy.throttleWriteIops = throttleWriteIops;
    return copy;
  }

  /** Relative weight, 10 to 1000. */
  public OptionalInt weight() {
    return weight;
  }

  /** Relative weight against its own children. */
  public OptionalInt leafWeight() {
    return leafWeight;
  }

  /** Weights by device. */
  public List<BlockIoDevice> weightDevices() {
    return weightDevices;
  }

  /** Bytes a second read. */
  public List<BlockIoDevice> throttleReadBps() {
    return throttleReadBps;
  }

  /** Bytes a second written. */
  public List<BlockIoDevice> throttleWriteBps() {
    return throttleWriteBps;
  }

  /** Reads a second. */
  public List<BlockIoDevice> throttleReadIops() {
    return throttleReadIops;
  }

  /** Writes a second. */
  public List<BlockIoDevice> throttleWriteIops() {
    return throttleWriteIops;
  }

  /** Whether nothing is asked for. */
  boolean isEmpty() {
    return weight.isEmpty()
        && leafWeight.isEmpty()
        && weightDevices.isEmpty()
        && throttleReadBps.isEmpty()
        && throttleWriteBps.isEmpty()
        && throttleReadIops.isEmpty()
        && throttleWriteIops.isEmpty();
  }

  /** Collects the values of a {@link BlockIoResources}. */
  public static final class Builder {
    private OptionalInt weight = OptionalInt.empty();
    private OptionalInt leafWeight = OptionalInt.empty();
    private List<BlockIoDevice> weightDevices = List.of();
    private List<BlockIoDevice> throttleReadBps = List.of();
    private List<BlockIoDevice> throttleWriteBps = List.of();
    private List<BlockIoDevice> throttleReadIops = List.of();
    private List<BlockIoDevice> throttleWriteIops = List.of();

    private Builder() {}

    /** Sets {@link BlockIoResources#weight()}. */
    public Builder weight(int value) {
      weight = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link BlockIoResources#leafWeight()}. */
    public Builder leafWeight(int value) {
      leafWeight = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link BlockIoResources#weightDevices()}. */
    public Builder weightDevices(List<BlockIoDevice> value) {
      weightDevices = List.copyOf(value);
      return this;
    }

    /** Sets {@link BlockIoResources#throttleReadBps()}. */
    public Builder throttleReadBps(List<BlockIoDevice> value) {
      throttleReadBps = List.copyOf(value);
      return this;
    }

    /** Sets {@link BlockIoResources#throttleWriteBps()}. */
    public Builder throttleWriteBps(List<BlockIoDevice> value) {
      throttleWriteBps = List.copyOf(value);
      return this;
    }

    /** Sets {@link BlockIoResources#throttleReadIops()}. */
    public Builder throttleReadIops(List<BlockIoDevice> value) {
      throttleReadIops = List.copyOf(value);
      return this;
    }

    /** Sets {@link BlockIoResources#throttleWriteIops()}. */
    public Builder throttleWriteIops(List<BlockIoDevice> value) {
      throttleWriteIops = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public BlockIoResources build() {
      return new BlockIoResources(this);
    }
  }
}
