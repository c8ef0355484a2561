package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.PointInTime;
import io.hardway.core.Networks;
import io.hardway.init.PlanFailedException;
import io.hardway.spi.NetworkDefinition;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** {@code network prune}: removes the networks that no container is of; the default one stays. */
final class NetworkPruning {
  private NetworkPruning() {}

  static int run(Session session, Arguments arguments) throws IOException {
    Instant now = Instant.now();
    List<KeyValue> filters = filters(arguments, now);
    session.reconcile();
    String warning =
        "WARNING! This will remove all custom networks not used by at least one container.";
    if (!arguments.flag("force") && !session.isPreview() && !Confirmation.given(session, warning)) {
      return 0;
    }
    int code = 0;
    String title = "Deleted Networks:\n";
    for (NetworkDefinition network : session.engine().networks().all()) {
      boolean stays =
          network.name().equals(Networks.DEFAULT)
              || !session.engine().users(network).isEmpty()
              || !filters.stream().allMatch(filter -> holds(filter, network, now));
      if (stays) {
        continue;
      }
      try {
        session.perform(session.engine().removeNetwork(network));
        if (!session.isPreview()) {
          session.out().println(title + network.name());
        }
        title = "";
      } catch (PlanFailedException e) {
        session.err().println(e.getMessage());
        code = 1;
      }
    }
    return code;
  }

  private static List<KeyValue> filters(Arguments arguments, Instant now) {
    List<KeyValue> filters = arguments.values("filter", KeyValue::parseBoth);
    for (KeyValue filter : filters) {
      String text = filter.key() + "=" + filter.value();
      switch (filter.key()) {
        case "label", "label!" -> {}
        case "until" -> {
          try {
            until(filter, now);
          } catch (IllegalArgumentException e) {
            throw arguments.refuse("filter", text, e.getMessage());
          }
        }
        default -> throw arguments.refuse("filter", text, "there are label, label! and until");
      }
    }
    return filters;
  }

  private static Instant until(KeyValue filter, Instant now) {
    return PointInTime.parse(filter.value(), now, ZoneId.systemDefault());
  }

  private static boolean holds(KeyValue filter, NetworkDefinition network, Instant now) {
    return switch (filter.key()) {
      case "until" -> Instant.parse(network.created()).isBefore(until(filter, now));
      case "label" -> NetworkFilter.isLabelled(network.labels(), filter.value());
      default -> !NetworkFilter.isLabelled(network.labels(), filter.value());
    };
  }
}
