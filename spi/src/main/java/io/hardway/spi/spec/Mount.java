package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;

/**
 * Something mounted into a container; config.md, "Mounts".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class Mount {
  private final String destination;
  private final String type;
  private final String source;
  private final List<String> options;
  private final List<IdMapping> uidMappings;
  private final List<IdMapping> gidMappings;

  private Mount(Builder from) {
    this.destination = Objects.requireNonNull(from.destination, "destination");
    this.type = from.type;
    this.source = from.source;
    this.options = from.options;
    this.uidMappings = from.uidMappings;
    this.gidMappings = from.gidMappings;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.destination = destination;
    copy.type = type;
    copy.source = source;
    copy.options = options;
    copy.uidMappings = uidMappings;
    copy.gidMappings = gidMappings;
    return copy;
  }

  /** Where, absolute inside the root. */
  public String destination() {
    return destination;
  }

  /** The file system type, or {@code bind}. */
  public String type() {
    return type;
  }

  /** What: a path on the host for a bind, a name otherwise. */
  public String source() {
    return source;
  }

  /** Mount options as in mount(8) and config.md, "Linux mount options". */
  public List<String> options() {
    return options;
  }

  /** User ids of an idmapped mount. */
  public List<IdMapping> uidMappings() {
    return uidMappings;
  }

  /** Group ids of an idmapped mount. */
  public List<IdMapping> gidMappings() {
    return gidMappings;
  }

  /** Collects the values of a {@link Mount}. */
  public static final class Builder {
    private String destination;
    private String type = "bind";
    private String source = "";
    private List<String> options = List.of();
    private List<IdMapping> uidMappings = List.of();
    private List<IdMapping> gidMappings = List.of();

    private Builder() {}

    /** Sets {@link Mount#destination()}. */
    public Builder destination(String value) {
      destination = Objects.requireNonNull(value, "destination");
      return this;
    }

    /** Sets {@link Mount#type()}. */
    public Builder type(String value) {
      type = Objects.requireNonNull(value, "type");
      return this;
    }

    /** Sets {@link Mount#source()}. */
    public Builder source(String value) {
      source = Objects.requireNonNull(value, "source");
      return this;
    }

    /** Sets {@link Mount#options()}. */
    public Builder options(List<String> value) {
      options = List.copyOf(value);
      return this;
    }

    /** Sets {@link Mount#uidMappings()}. */
    public Builder uidMappings(List<IdMapping> value) {
      uidMappings = List.copyOf(value);
      return this;
    }

    /** Sets {@link Mount#gidMappings()}. */
    public Builder gidMappings(List<IdMapping> value) {
      gidMappings = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public Mount build() {
      return new Mount(this);
    }
  }
}
