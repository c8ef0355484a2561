package io.hardway.core;

import io.hardway.spi.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code /etc/resolv.conf} says; resolv.conf(5).
 *
 * @param servers addresses of name servers
 * @param search domains in which names are looked up
 * @param options like {@code ndots:2}
 */
record ResolverConfiguration(List<String> servers, List<String> search, List<String> options) {
  static final String FILE = "/etc/resolv.conf";

  /** Where systemd-resolved, which listens on a loopback address, lists whom it asks itself. */
  private static final String BEHIND_RESOLVED = "/run/systemd/resolve/resolv.conf";

  /** The host's own; empty where it has none. */
  static ResolverConfiguration ofHost(Host host) {
    return parse(text(host, FILE));
  }

  /**
   * The host's as another network namespace can use it: without what is reached through the host's
   * loopback interface, or through an interface that is named.
   *
   * @param standIns the servers where the host has some, but none that others can use
   */
  static ResolverConfiguration forOthers(Host host, List<String> standIns) {
    ResolverConfiguration own = ofHost(host);
    List<String> reachable = reachable(own.servers);
    if (reachable.isEmpty() && !own.servers.isEmpty()) {
      reachable = reachable(parse(text(host, BEHIND_RESOLVED)).servers);
      reachable = reachable.isEmpty() ? standIns : reachable;
    }
    return new ResolverConfiguration(reachable, own.search, own.options);
  }

  private static List<String> reachable(List<String> servers) {
    List<String> reachable = new ArrayList<>();
    for (String server : servers) {
      if (!server.startsWith("127.") && !server.equals("::1") && server.indexOf('%') < 0) {
        reachable.add(server);
      }
    }
    return reachable;
  }

  private static String text(Host host, String path) {
    try {
      return Files.readString(host.file(path));
    } catch (IOException none) {
      return "";
    }
  }

  static ResolverConfiguration parse(String text) {
    List<String> servers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String line : text.split("\n")) {
      String[] words = line.strip().split("[ \t]+");
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> servers.addAll(values.isEmpty() ? values : values.subList(0, 1));
        case "search", "domain" -> {
          search.clear(); // the last one counts
          search.addAll(values);
        }
        case "options" -> options.addAll(values);
        default -> {}
      }
    }
    search.remove(".");
    return new ResolverConfiguration(servers, search, options);
  }

  /** With what was asked for in place of what is here. */
  ResolverConfiguration with(NameOptions asked) {
    return new ResolverConfiguration(
        asked.servers().isEmpty() ? servers : asked.servers(),
        asked.search().isEmpty()
            ? search
            : asked.search().stream().filter(domain -> !domain.equals(".")).toList(),
        asked.options().isEmpty() ? options : asked.options());
  }

  /**
   * With these servers, which know names without a dot: they are asked before domains are tried.
   */
  ResolverConfiguration through(List<String> own) {
    List<String> all = new ArrayList<>(options);
    if (all.stream().noneMatch(option -> option.startsWith("ndots:"))) {
      all.add("ndots:0");
    }
    return new ResolverConfiguration(own, search, all);
  }

  /** As the file has it. */
  String text() {
    StringBuilder text = new StringBuilder();
    servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
    if (!search.isEmpty()) {
      text.append("search ").append(String.join(" ", search)).append('\n');
    }
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
