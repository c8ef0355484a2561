package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.DnsServer;
import io.hardway.cli.value.HostEntry;
import io.hardway.cli.value.SearchDomain;
import io.hardway.core.ContainerConfig;
import io.hardway.core.EtcFiles;
import io.hardway.core.HardwayException;
import io.hardway.core.NameOptions;
import io.hardway.spi.spec.Mount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the flags say of the names a container knows, and the files in its /etc that hold them. */
final class NameFlags {
  /** Those that change its files. */
  static final List<String> NAMES = List.of("add-host", "dns", "dns-search", "dns-option");

  private final Arguments arguments;
  private final Optional<ContainerConfig> other;

  /**
   * For one container.
   *
   * @param other the one whose network it shares, whose files it has
   */
  NameFlags(Arguments arguments, Optional<ContainerConfig> other) {
    this.arguments = arguments;
    this.other = other;
  }

  /** What was asked for. */
  NameOptions read() {
    List<String> hosts = new ArrayList<>();
    for (HostEntry entry : arguments.values("add-host", HostEntry::parse)) {
      hosts.add(entry.name() + ":" + entry.address());
    }
    List<String> search = arguments.values("dns-search", SearchDomain::parse);
    NameOptions names =
        new NameOptions(
            arguments.values("dns", DnsServer::parse),
            search,
            arguments.values("dns-option", SearchDomain::option),
            hosts);
    if (other.isPresent()) {
      refuse("add-host", "custom host-to-IP mapping");
      refuse("dns", "dns");
      refuse("dns-search", "dns");
      refuse("dns-option", "dns");
    }
    return names;
  }

  private void refuse(String flag, String what) {
    if (arguments.has(flag)) {
      throw new HardwayException(
          "conflicting options: "
              + what
              + " and the network mode: --"
              + flag
              + " belongs to container "
              + other.orElseThrow().name());
    }
  }

  /**
   * The mounts of its files, over those of its root.
   *
   * @param directory the container's own
   * @param readOnly whether its root is
   */
  List<Mount> mounts(Path directory, boolean readOnly) {
    List<Mount> mounts = new ArrayList<>();
    for (String name : EtcFiles.NAMES) {
      Optional<Path> source =
          other.isPresent()
              ? EtcFiles.find(other.get(), name)
              : Optional.of(directory.resolve(name));
      if (source.isPresent()) {
        List<String> options = new ArrayList<>(List.of("rbind", "rprivate", "nofail"));
        if (readOnly) {
          options.add("ro");
        }
        mounts.add(
            Mount.builder()
                .destination(EtcFiles.destination(name))
                .type("bind")
                .source(source.get().toString())
                .options(options)
                .build());
      }
    }
    return mounts;
  }
}
