package io.hardway.spi.spec;

import java.util.List;

/**
 * The five capability sets of a process, as names like {@code CAP_CHOWN}; capabilities(7);
 * config.md, "capabilities".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class CapabilitySets {
  private final List<String> bounding;
  private final List<String> effective;
  private final List<String> inheritable;
  private final List<String> permitted;
  private final List<String> ambient;

  private CapabilitySets(Builder from) {
    this.bounding = from.bounding;
    this.effective = from.effective;
    this.inheritable = from.inheritable;
    this.permitted = from.permitted;
    this.ambient = from.ambient;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.bounding = bounding;
    copy.effective = effective;
    copy.inheritable = inheritable;
    copy.permitted = permitted;
    copy.ambient = ambient;
    return copy;
  }

  /** The most it can ever gain. */
  public List<String> bounding() {
    return bounding;
  }

  /** What the kernel checks. */
  public List<String> effective() {
    return effective;
  }

  /** What is kept across execve of a file with inheritable capabilities. */
  public List<String> inheritable() {
    return inheritable;
  }

  /** What it may make effective. */
  public List<String> permitted() {
    return permitted;
  }

  /** What is kept across execve of any program that is not privileged. */
  public List<String> ambient() {
    return ambient;
  }

  /** Collects the values of a {@link CapabilitySets}. */
  public static final class Builder {
    private List<String> bounding = List.of();
    private List<String> effective = List.of();
    private List<String> inheritable = List.of();
    private List<String> permitted = List.of();
    private List<String> ambient = List.of();

    private Builder() {}

    /** Sets {@link CapabilitySets#bounding()}. */
    public Builder bounding(List<String> value) {
      bounding = List.copyOf(value);
      return this;
    }

    /** Sets {@link CapabilitySets#effective()}. */
    public Builder effective(List<String> value) {
      effective = List.copyOf(value);
      return this;
    }

    /** Sets {@link CapabilitySets#inheritable()}. */
    public Builder inheritable(List<String> value) {
      inheritable = List.copyOf(value);
      return this;
    }

    /** Sets {@link CapabilitySets#permitted()}. */
    public Builder permitted(List<String> value) {
      permitted = List.copyOf(value);
      return this;
    }

    /** Sets {@link CapabilitySets#ambient()}. */
    public Builder ambient(List<String> value) {
      ambient = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public CapabilitySets build() {
      return new CapabilitySets(this);
    }
  }
}
