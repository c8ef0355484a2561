package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Subnet;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The networks there are: a file each, which is there whole or not at all. The default network,
 * {@code bridge}, comes to be at its first use.
 */
public final class Networks {
  /** The network of containers that name none. */
  public static final String DEFAULT = "bridge";

  private static final String SUFFIX = ".json";

  private final Directories directories;

  @Inject
  Networks(Directories directories) {
    this.directories = directories;
  }

  /** All, by name. */
  public List<NetworkDefinition> all() {
    List<NetworkDefinition> networks = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directories.networks(), "*" + SUFFIX)) {
      for (Path file : files) {
        read(file).ifPresent(networks::add);
      }
    } catch (NoSuchFileException none) {
      return networks;
    } catch (IOException | DirectoryIteratorException e) {
      throw new HardwayException(directories.networks() + ": " + e.getMessage(), e);
    }
    networks.sort((a, b) -> a.name().compareTo(b.name()));
    return networks;
  }

  /** The network with this name, or with an id that begins so. */
  public Optional<NetworkDefinition> find(String reference) {
    if (!Containers.isName(reference)) {
      return Optional.empty();
    }
    Optional<NetworkDefinition> named = read(file(reference));
    if (named.isPresent()) {
      return named;
    }
    return all().stream().filter(network -> network.id().startsWith(reference)).findFirst();
  }

  private Path file(String name) {
    return directories.networks().resolve(name + SUFFIX);
  }

  private static Optional<NetworkDefinition> read(Path file) {
    try {
      return Optional.of(read(file.toString(), Files.readString(file)));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(
          e.getMessage() + ": the network's definition is damaged; remove " + file + " by hand", e);
    }
  }

  /** A definition with a new id, and nothing else yet. */
  public static NetworkDefinition.Builder create(String name, String driver) {
    return NetworkDefinition.builder()
        .name(name)
        .id(Ids.next())
        .driver(driver)
        .created(Timestamp.now());
  }

  /**
   * Keeps a network; where there is one of the name, that one is the answer.
   *
   * @return the network that has the name now
   */
  NetworkDefinition keep(NetworkDefinition network) {
    Path file = file(network.name());
    Path aside = directories.networks().resolve(network.id());
    directories.make(); // others get through the roots, and not into what is made below
    try {
      Files.createDirectories(
          directories.networks(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(aside, write(network));
      try {
        Files.createLink(file, aside);
      } catch (FileAlreadyExistsException taken) {
        return find(network.name()).orElse(network);
      } finally {
        Files.deleteIfExists(aside);
      }
      return network;
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
  }

  /** The file that is a network. */
  Path definition(NetworkDefinition network) {
    return file(network.name());
  }

  static String write(NetworkDefinition network) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("name", network.name())
        .field("id", network.id())
        .field("driver", network.driver())
        .field("created", network.created())
        .field("internal", network.internal());
    List<String> subnets = new ArrayList<>();
    network.subnets().forEach(subnet -> subnets.add(subnet.toString()));
    List<String> gateways = new ArrayList<>();
    network.gateways().forEach(gateway -> gateways.add(Subnet.text(gateway)));
    json.name("subnets").texts(subnets);
    json.name("gateways").texts(gateways);
    Map<String, String> auxiliary = new LinkedHashMap<>();
    network.auxiliary().forEach((name, address) -> auxiliary.put(name, Subnet.text(address)));
    json.name("auxiliary").texts(auxiliary);
    json.name("ranges").texts(network.ranges().stream().map(Subnet::toString).toList());
    json.name("options").texts(network.options());
    json.name("labels").texts(network.labels());
    return json.endObject() + "\n";
  }

  static NetworkDefinition read(String place, String text) {
    JsonObject json = JsonObject.parse(place, text);
    List<Subnet> subnets = new ArrayList<>();
    json.texts("subnets").forEach(subnet -> subnets.add(Subnet.parse(subnet)));
    List<Subnet> ranges = new ArrayList<>();
    json.texts("ranges").forEach(range -> ranges.add(Subnet.parse(range)));
    List<InetAddress> gateways = new ArrayList<>();
    json.texts("gateways").forEach(gateway -> gateways.add(Subnet.address(gateway)));
    Map<String, InetAddress> auxiliary = new LinkedHashMap<>();
    json.textMap("auxiliary")
        .forEach((name, address) -> auxiliary.put(name, Subnet.address(address)));
    return NetworkDefinition.builder()
        .name(json.text("name"))
        .id(json.text("id"))
        .driver(json.text("driver"))
        .created(json.text("created"))
        .internal(json.flag("internal"))
        .subnets(subnets)
        .ranges(ranges)
        .gateways(gateways)
        .auxiliary(auxiliary)
        .options(json.textMap("options"))
        .labels(json.textMap("labels"))
        .build();
  }
}
