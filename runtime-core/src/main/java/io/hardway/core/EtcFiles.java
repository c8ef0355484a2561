package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.Subnet;
import io.hardway.spi.spec.Mount;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of {@code /etc} that are a container's own: {@code hosts}, {@code hostname} and {@code
 * resolv.conf}. They lie in its directory, are bound over those of its root, and are written at
 * each start. Which of them it has, its mounts say: where the user mounts something else, they lead
 * there.
 */
public final class EtcFiles {
  /** Their names. */
  public static final List<String> NAMES = List.of("hosts", "hostname", "resolv.conf");

  private static final String LOCAL =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  private final Host host;
  private final ContainerConfig config;
  private final List<NetworkAttachment> attachments;
  private final List<InetAddress> nameservers;
  private final List<InetAddress> standIns;
  private final List<InetAddress> hostAddresses;

  /**
   * For one start.
   *
   * @param nameservers whom the network has the container ask; none: whom the host asks
   * @param standIns whom it asks in the place of the host's that only the host reaches
   * @param hostAddresses where the container reaches the host
   */
  EtcFiles(
      Host host,
      ContainerConfig config,
      List<NetworkAttachment> attachments,
      List<InetAddress> nameservers,
      List<InetAddress> standIns,
      List<InetAddress> hostAddresses) {
    this.host = host;
    this.config = config;
    this.attachments = attachments;
    this.nameservers = nameservers;
    this.standIns = standIns;
    this.hostAddresses = hostAddresses;
  }

  /** Those of a container that is connected as this request says. */
  static EtcFiles of(Host host, ContainerConfig config, Plugins plugins, NetworkRequest connected) {
    if (config.network().isEmpty()) {
      return new EtcFiles(host, config, connected.attachments(), List.of(), List.of(), List.of());
    }
    NetworkProvider network = plugins.network(config.network());
    return new EtcFiles(
        host,
        config,
        connected.attachments(),
        network.nameservers(connected),
        network.standInNameservers(connected),
        network.hostAddresses(connected));
  }

  /** Where a file of them is bound. */
  public static String destination(String name) {
    return "/etc/" + name;
  }

  /** Where a container's file of that name lies, if it has one, its own or another's. */
  public static Optional<Path> find(ContainerConfig config, String name) {
    for (Mount mount : config.spec().mounts()) {
      if (mount.destination().equals(destination(name)) && mount.type().equals("bind")) {
        return Optional.of(Path.of(mount.source()));
      }
    }
    return Optional.empty();
  }

  /** The files that are its own, in its directory, with their content. */
  Map<Path, String> contents(Path directory) {
    Map<Path, String> contents = new LinkedHashMap<>();
    for (String name : NAMES) {
      Path file = directory.resolve(name);
      if (find(config, name).filter(file::equals).isPresent()) {
        contents.put(
            file,
            switch (name) {
              case "hosts" -> hosts();
              case "hostname" -> hostname() + "\n";
              default -> resolver().text();
            });
      }
    }
    return contents;
  }

  private boolean hasHostsNetwork() {
    return config.networkMode().equals("host");
  }

  /** As its environment says: it has no UTS namespace of its own where it has the host's name. */
  private String hostname() {
    for (String variable : config.spec().process().env()) {
      if (config.spec().hostname().isEmpty() && variable.startsWith("HOSTNAME=")) {
        return variable.substring("HOSTNAME=".length());
      }
    }
    return config.spec().hostname().orElse("localhost");
  }

  private String hosts() {
    StringBuilder text = new StringBuilder(hasHostsNetwork() ? hostsOfHost() : LOCAL);
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
    for (String entry : config.names().hosts()) {
      int colon = entry.indexOf(':');
      for (String address : addresses(entry.substring(colon + 1))) {
        text.append(address).append('\t').append(entry, 0, colon).append('\n');
      }
    }
    if (!hasHostsNetwork()) {
      own().forEach(address -> text.append(address).append('\t').append(ownNames()).append('\n'));
    }
    return text.toString();
  }

  private String hostsOfHost() {
    try {
      return Files.readString(host.file("/etc/hosts"));
    } catch (IOException none) {
      return LOCAL;
    }
  }

  private List<String> addresses(String asked) {
    if (!asked.equals(NameOptions.HOST_GATEWAY)) {
      return List.of(asked);
    }
    if (hasHostsNetwork()) {
      return List.of("127.0.0.1");
    }
    if (hostAddresses.isEmpty()) {
      throw new HardwayException(
          "--add-host with host-gateway: the container has no network in which it reaches the host; give an address, or a network that is not internal");
    }
    return hostAddresses.stream().map(Subnet::text).toList();
  }

  /** Its addresses; without any, one of the loopback interface, so that it knows its own name. */
  private List<String> own() {
    List<String> own = new ArrayList<>();
    for (NetworkAttachment attachment : attachments) {
      attachment.addresses().forEach(address -> own.add(Subnet.text(address)));
    }
    return own.isEmpty() ? List.of("127.0.1.1") : own;
  }

  private String ownNames() {
    String domain = config.spec().domainname().orElse("");
    return domain.isEmpty() ? hostname() : hostname() + "." + domain + " " + hostname();
  }

  /** Whom the host asks for it: those asked for, or the host's own. */
  static List<InetAddress> resolvers(Host host, ContainerConfig config) {
    List<InetAddress> resolvers = new ArrayList<>();
    for (String server : ResolverConfiguration.ofHost(host).with(config.names()).servers()) {
      try {
        resolvers.add(Subnet.address(server));
      } catch (IllegalArgumentException ofAnInterface) {
        continue; // with a zone, which nobody else has
      }
    }
    return resolvers;
  }

  private ResolverConfiguration resolver() {
    if (hasHostsNetwork()) {
      return ResolverConfiguration.ofHost(host).with(config.names());
    }
    ResolverConfiguration wanted =
        ResolverConfiguration.forOthers(host, standIns.stream().map(Subnet::text).toList())
            .with(config.names());
    return nameservers.isEmpty()
        ? wanted
        : wanted.through(nameservers.stream().map(Subnet::text).toList());
  }
}
