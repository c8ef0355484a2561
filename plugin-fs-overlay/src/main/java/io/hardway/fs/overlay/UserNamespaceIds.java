package io.hardway.fs.overlay;

import io.hardway.spi.HelperProgram;
import io.hardway.spi.Host;
import io.hardway.spi.IdRange;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Text;
import io.hardway.spi.spec.IdMapping;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The ids of a user namespace, inside and on the host; user_namespaces(7). */
public final class UserNamespaceIds {
  private static final int HELPER_MILLIS = 10_000;

  private UserNamespaceIds() {}

  /** The id inside of an id of the host, or −1. */
  static long inside(List<IdMapping> mappings, long host) {
    for (IdMapping mapping : mappings) {
      if (host >= mapping.hostId() && host - mapping.hostId() < mapping.size()) {
        return mapping.containerId() + host - mapping.hostId();
      }
    }
    return -1;
  }

  /** The lines of an id map. */
  static String lines(List<IdMapping> mappings) {
    StringBuilder lines = new StringBuilder();
    for (IdMapping mapping : mappings) {
      line(lines, mapping.containerId(), mapping.hostId(), mapping.size());
    }
    return lines.toString();
  }

  /** The lines of a map that has every id a user may use. */
  public static String all(long own, List<IdRange> subordinate) {
    StringBuilder lines = new StringBuilder();
    line(lines, 0, own, 1);
    long next = 1;
    for (IdRange range : subordinate) {
      line(lines, next, range.first(), range.count());
      next += range.count();
    }
    return lines.toString();
  }

  private static void line(StringBuilder lines, long inside, long outside, long count) {
    lines.append(inside).append(' ').append(outside).append(' ').append(count).append('\n');
  }

  /** Adds the steps by which an ordinary user maps the ids of the plan's process. */
  public static void map(Host host, List<IdMapping> uids, List<IdMapping> gids, PlanBuilder plan) {
    helper(host, "newuidmap", uids, plan);
    helper(host, "newgidmap", gids, plan);
  }

  private static void helper(Host host, String name, List<IdMapping> mappings, PlanBuilder plan) {
    Path program =
        host.program(name)
            .orElseThrow(
                () ->
                    new PlanningException(
                        "mapping more ids than one's own needs "
                            + name
                            + ", which is not installed",
                        "install the package uidmap"));
    List<Text> argv = new ArrayList<>();
    argv.add(Text.of(program));
    argv.add(Text.builder().decimal(plan.pid()).build());
    for (IdMapping mapping : mappings) {
      argv.add(Text.of(Long.toString(mapping.containerId())));
      argv.add(Text.of(Long.toString(mapping.hostId())));
      argv.add(Text.of(Long.toString(mapping.size())));
    }
    plan.paired()
        .run(HelperProgram.of(argv).timeoutMillis(HELPER_MILLIS).build())
        .label(name + ": map the ids of the user namespace")
        .hint("the ids must be the user's in /etc/subuid and /etc/subgid");
  }
}
