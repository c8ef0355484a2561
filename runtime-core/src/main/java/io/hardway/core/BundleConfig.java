package io.hardway.core;

import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A container of the OCI runtime: its specification, and what was decided when it was made.
 *
 * <p>Immutable; made with {@link #builder()}.
 */
public final class BundleConfig implements GroupedContainer {
  private final String id;
  private final Path bundle;
  private final String created;
  private final Spec spec;
  private final String isolation;
  private final String resources;
  private final List<String> supplements;
  private final boolean bySystemd;

  private BundleConfig(Builder from) {
    this.id = Objects.requireNonNull(from.id, "id");
    this.bundle = Objects.requireNonNull(from.bundle, "bundle");
    this.created = Objects.requireNonNull(from.created, "created");
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.isolation = Objects.requireNonNull(from.isolation, "isolation");
    this.resources = from.resources;
    this.supplements = from.supplements;
    this.bySystemd = from.bySystemd;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return id;
  }

  /** The directory with {@code config.json}. */
  public Path bundle() {
    return bundle;
  }

  /** When it was made, RFC 3339 in UTC. */
  public String created() {
    return created;
  }

  /** What it runs in; the path of its root is absolute. */
  @Override
  public Spec spec() {
    return spec;
  }

  /** The name of the isolation plugin. */
  public String isolation() {
    return isolation;
  }

  @Override
  public String resources() {
    return resources;
  }

  @Override
  public List<String> supplements() {
    return supplements;
  }

  @Override
  public boolean bySystemd() {
    return bySystemd;
  }

  @Override
  public String remedyForLateLimits() {
    return "ask for them in config.json, when it is made";
  }

  /** The same with other limits. */
  BundleConfig limited(Resources limits) {
    return builder()
        .id(id)
        .bundle(bundle)
        .created(created)
        .spec(spec.toBuilder().linux(spec.linux().toBuilder().resources(limits).build()).build())
        .isolation(isolation)
        .resources(resources)
        .supplements(supplements)
        .build();
  }

  /** Collects the values of a {@link BundleConfig}. */
  public static final class Builder {
    private String id;
    private Path bundle;
    private String created;
    private Spec spec;
    private String isolation;
    private String resources = "";
    private List<String> supplements = List.of();
    private boolean bySystemd;

    private Builder() {}

    /** Sets {@link BundleConfig#id()}. */
    public Builder id(String value) {
      id = value;
      return this;
    }

    /** Sets {@link BundleConfig#bundle()}. */
    public Builder bundle(Path value) {
      bundle = value;
      return this;
    }

    /** Sets {@link BundleConfig#created()}. */
    public Builder created(String value) {
      created = value;
      return this;
    }

    /** Sets {@link BundleConfig#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link BundleConfig#isolation()}. */
    public Builder isolation(String value) {
      isolation = value;
      return this;
    }

    /** Sets {@link BundleConfig#resources()}. */
    public Builder resources(String value) {
      resources = value;
      return this;
    }

    /** Sets {@link BundleConfig#supplements()}. */
    public Builder supplements(List<String> value) {
      supplements = List.copyOf(value);
      return this;
    }

    /** Sets {@link BundleConfig#bySystemd()}; it is not kept. */
    public Builder bySystemd(boolean value) {
      bySystemd = value;
      return this;
    }

    /** Makes the value. */
    public BundleConfig build() {
      return new BundleConfig(this);
    }
  }
}
