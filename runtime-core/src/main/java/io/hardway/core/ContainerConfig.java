package io.hardway.core;

import io.hardway.spi.RootfsSource;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Spec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What was asked for when a container was made: the specification and what it has no place for.
 * Kept as {@code config.json}.
 *
 * <p>Immutable; made with {@link #builder()}.
 */
public final class ContainerConfig implements GroupedContainer {
  private final String id;
  private final String name;
  private final String created;
  private final RootfsSource source;
  private final String sourceText;
  private final Spec spec;
  private final String isolation;
  private final String resources;
  private final List<String> supplements;
  private final String rootfs;
  private final String network;
  private final String networkMode;
  private final List<ContainerNetwork> networks;
  private final List<PortMapping> ports;
  private final List<String> exposedPorts;
  private final Map<String, String> sharedNamespaces;
  private final Map<String, String> labels;
  private final List<String> volumes;
  private final List<String> ownVolumes;
  private final NameOptions names;
  private final boolean autoRemove;
  private final boolean initProcess;
  private final boolean openStdin;
  private final int stopSignal;
  private final int stopTimeout;
  private final long logSize;
  private final boolean logged;
  private final int logFiles;
  private final int preservedDescriptors;
  private final boolean privileged;
  private final List<String> securityOptions;

  private ContainerConfig(Builder from) {
    this.id = Objects.requireNonNull(from.id, "id");
    this.name = Objects.requireNonNull(from.name, "name");
    this.created = Objects.requireNonNull(from.created, "created");
    this.source = Objects.requireNonNull(from.source, "source");
    this.sourceText = from.sourceText;
    this.spec = Objects.requireNonNull(from.spec, "spec");
    this.isolation = from.isolation;
    this.resources = from.resources;
    this.supplements = from.supplements;
    this.rootfs = from.rootfs;
    this.network = from.network;
    this.networkMode = from.networkMode;
    this.networks = from.networks;
    this.ports = from.ports;
    this.exposedPorts = from.exposedPorts;
    this.sharedNamespaces = from.sharedNamespaces;
    this.labels = from.labels;
    this.volumes = from.volumes;
    this.ownVolumes = from.ownVolumes;
    this.names = from.names;
    this.autoRemove = from.autoRemove;
    this.initProcess = from.initProcess;
    this.openStdin = from.openStdin;
    this.stopSignal = from.stopSignal;
    this.stopTimeout = from.stopTimeout;
    this.logSize = from.logSize;
    this.logged = from.logged;
    this.logFiles = from.logFiles;
    this.preservedDescriptors = from.preservedDescriptors;
    this.privileged = from.privileged;
    this.securityOptions = from.securityOptions;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.id = id;
    copy.name = name;
    copy.created = created;
    copy.source = source;
    copy.sourceText = sourceText;
    copy.spec = spec;
    copy.isolation = isolation;
    copy.resources = resources;
    copy.supplements = supplements;
    copy.rootfs = rootfs;
    copy.network = network;
    copy.networkMode = networkMode;
    copy.networks = networks;
    copy.ports = ports;
    copy.exposedPorts = exposedPorts;
    copy.sharedNamespaces = sharedNamespaces;
    copy.labels = labels;
    copy.volumes = volumes;
    copy.ownVolumes = ownVolumes;
    copy.names = names;
    copy.autoRemove = autoRemove;
    copy.initProcess = initProcess;
    copy.openStdin = openStdin;
    copy.stopSignal = stopSignal;
    copy.stopTimeout = stopTimeout;
    copy.logSize = logSize;
    copy.logged = logged;
    copy.logFiles = logFiles;
    copy.preservedDescriptors = preservedDescriptors;
    copy.privileged = privileged;
    copy.securityOptions = securityOptions;
    return copy;
  }

  /** 64 lower-case hexadecimal digits. */
  @Override
  public String id() {
    return id;
  }

  /** The name, unique among containers. */
  @Override
  public String name() {
    return name;
  }

  /** When it was made, RFC 3339 in UTC. */
  public String created() {
    return created;
  }

  /** What its root is made of. */
  public RootfsSource source() {
    return source;
  }

  /**
   * Whether it has a mount namespace of its own, where its root is mounted; else it stands on the
   * files that another or the host has, and has neither a source nor a root file system plugin.
   */
  public boolean hasOwnFiles() {
    for (Namespace namespace : spec.linux().namespaces()) {
      if (namespace.type().equals("mount")) {
        return namespace.path().isEmpty();
      }
    }
    return false;
  }

  /** How the user named its root. */
  public String sourceText() {
    return sourceText;
  }

  /** What it runs in, after the OCI runtime-spec. */
  @Override
  public Spec spec() {
    return spec;
  }

  /** The name of the isolation plugin. */
  public String isolation() {
    return isolation;
  }

  /** The name of the resource plugin; empty: no control group. */
  @Override
  public String resources() {
    return resources;
  }

  /**
   * The names of resource plugins that may be asked for limits that {@link #resources()} does not
   * give on this host.
   */
  @Override
  public List<String> supplements() {
    return supplements;
  }

  @Override
  public String remedyForLateLimits() {
    return "stop it, update it, and start it again";
  }

  /** The name of the root file system plugin; empty: it stands on the files of another. */
  public String rootfs() {
    return rootfs;
  }

  /** The name of the network plugin; empty: none is asked. */
  public String network() {
    return network;
  }

  /**
   * What the user said of the network: {@code none}, {@code host}, {@code container:ID}, or a
   * plugin's name.
   */
  public String networkMode() {
    return networkMode;
  }

  /** The networks it is to be connected to, of the network plugin. */
  public List<ContainerNetwork> networks() {
    return networks;
  }

  /** The host's ports that are to lead to it. */
  public List<PortMapping> ports() {
    return ports;
  }

  /** Its ports that are told of, like {@code 80/tcp}; those that are published are among them. */
  public List<String> exposedPorts() {
    return exposedPorts;
  }

  /** By namespace type, the id of the container whose namespace it shares. */
  public Map<String, String> sharedNamespaces() {
    return sharedNamespaces;
  }

  /** Labels. */
  public Map<String, String> labels() {
    return labels;
  }

  /** The names of the volumes it uses. */
  public List<String> volumes() {
    return volumes;
  }

  /** Of these, the ones that are deleted with it. */
  public List<String> ownVolumes() {
    return ownVolumes;
  }

  /** What was asked for of the names it knows. */
  public NameOptions names() {
    return names;
  }

  /** Whether it is deleted when it has ended. */
  public boolean autoRemove() {
    return autoRemove;
  }

  /** Whether a small init is its pid 1. */
  public boolean initProcess() {
    return initProcess;
  }

  /** Whether its standard input stays open without a client. */
  public boolean openStdin() {
    return openStdin;
  }

  /** The signal that asks it to end. */
  public int stopSignal() {
    return stopSignal;
  }

  /** Seconds until it is killed; -1 for never. */
  public int stopTimeout() {
    return stopTimeout;
  }

  /** Bytes at which its log is rotated; 0 for never. */
  public long logSize() {
    return logSize;
  }

  /** Whether what it prints is kept. */
  public boolean logged() {
    return logged;
  }

  /** Log files that are kept. */
  public int logFiles() {
    return logFiles;
  }

  /** How many descriptors from 3 on it keeps. */
  public int preservedDescriptors() {
    return preservedDescriptors;
  }

  /** Whether it was asked for with {@code --privileged}. */
  public boolean privileged() {
    return privileged;
  }

  /** The security options it was asked for with. */
  public List<String> securityOptions() {
    return securityOptions;
  }

  /** Collects the values of a {@link ContainerConfig}. */
  public static final class Builder {
    private String id;
    private String name;
    private String created;
    private RootfsSource source;
    private String sourceText = "";
    private Spec spec;
    private String isolation = "";
    private String resources = "";
    private List<String> supplements = List.of();
    private String rootfs = "";
    private String network = "";
    private String networkMode = "none";
    private List<ContainerNetwork> networks = List.of();
    private List<PortMapping> ports = List.of();
    private List<String> exposedPorts = List.of();
    private Map<String, String> sharedNamespaces = Map.of();
    private Map<String, String> labels = Map.of();
    private List<String> volumes = List.of();
    private List<String> ownVolumes = List.of();
    private NameOptions names = NameOptions.NONE;
    private boolean autoRemove = false;
    private boolean initProcess = false;
    private boolean openStdin = false;
    private int stopSignal = 15;
    private int stopTimeout = 10;
    private long logSize = 0;
    private boolean logged = true;
    private int logFiles = 1;
    private int preservedDescriptors = 0;
    private boolean privileged = false;
    private List<String> securityOptions = List.of();

    private Builder() {}

    /** Sets {@link ContainerConfig#id()}. */
    public Builder id(String value) {
      id = value;
      return this;
    }

    /** Sets {@link ContainerConfig#name()}. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets {@link ContainerConfig#created()}. */
    public Builder created(String value) {
      created = value;
      return this;
    }

    /** Sets {@link ContainerConfig#source()}. */
    public Builder source(RootfsSource value) {
      source = value;
      return this;
    }

    /** Sets {@link ContainerConfig#sourceText()}. */
    public Builder sourceText(String value) {
      sourceText = value;
      return this;
    }

    /** Sets {@link ContainerConfig#spec()}. */
    public Builder spec(Spec value) {
      spec = value;
      return this;
    }

    /** Sets {@link ContainerConfig#isolation()}. */
    public Builder isolation(String value) {
      isolation = value;
      return this;
    }

    /** Sets {@link ContainerConfig#resources()}. */
    public Builder resources(String value) {
      resources = value;
      return this;
    }

    /** Sets {@link ContainerConfig#supplements()}. */
    public Builder supplements(List<String> value) {
      supplements = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#rootfs()}. */
    public Builder rootfs(String value) {
      rootfs = value;
      return this;
    }

    /** Sets {@link ContainerConfig#network()}. */
    public Builder network(String value) {
      network = value;
      return this;
    }

    /** Sets {@link ContainerConfig#networkMode()}. */
    public Builder networkMode(String value) {
      networkMode = value;
      return this;
    }

    /** Sets {@link ContainerConfig#networks()}. */
    public Builder networks(List<ContainerNetwork> value) {
      networks = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#ports()}. */
    public Builder ports(List<PortMapping> value) {
      ports = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#exposedPorts()}. */
    public Builder exposedPorts(List<String> value) {
      exposedPorts = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#sharedNamespaces()}. */
    public Builder sharedNamespaces(Map<String, String> value) {
      sharedNamespaces = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link ContainerConfig#labels()}. */
    public Builder labels(Map<String, String> value) {
      labels = Collections.unmodifiableMap(new LinkedHashMap<>(value));
      return this;
    }

    /** Sets {@link ContainerConfig#volumes()}. */
    public Builder volumes(List<String> value) {
      volumes = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#ownVolumes()}. */
    public Builder ownVolumes(List<String> value) {
      ownVolumes = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerConfig#names()}. */
    public Builder names(NameOptions value) {
      names = value;
      return this;
    }

    /** Sets {@link ContainerConfig#autoRemove()}. */
    public Builder autoRemove(boolean value) {
      autoRemove = value;
      return this;
    }

    /** Sets {@link ContainerConfig#initProcess()}. */
    public Builder initProcess(boolean value) {
      initProcess = value;
      return this;
    }

    /** Sets {@link ContainerConfig#openStdin()}. */
    public Builder openStdin(boolean value) {
      openStdin = value;
      return this;
    }

    /** Sets {@link ContainerConfig#stopSignal()}. */
    public Builder stopSignal(int value) {
      stopSignal = value;
      return this;
    }

    /** Sets {@link ContainerConfig#stopTimeout()}. */
    public Builder stopTimeout(int value) {
      stopTimeout = value;
      return this;
    }

    /** Sets {@link ContainerConfig#logSize()}. */
    public Builder logSize(long value) {
      logSize = value;
      return this;
    }

    /** Sets {@link ContainerConfig#logged()}. */
    public Builder logged(boolean value) {
      logged = value;
      return this;
    }

    /** Sets {@link ContainerConfig#logFiles()}. */
    public Builder logFiles(int value) {
      logFiles = value;
      return this;
    }

    /** Sets {@link ContainerConfig#preservedDescriptors()}. */
    public Builder preservedDescriptors(int value) {
      preservedDescriptors = value;
      return this;
    }

    /** Sets {@link ContainerConfig#privileged()}. */
    public Builder privileged(boolean value) {
      privileged = value;
      return this;
    }

    /** Sets {@link ContainerConfig#securityOptions()}. */
    public Builder securityOptions(List<String> value) {
      securityOptions = List.copyOf(value);
      return this;
    }

    /** Makes the value. */
    public ContainerConfig build() {
      return new ContainerConfig(this);
    }
  }
}
