package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.value.KeyValue;
import io.hardway.cli.value.TruthValue;
import io.hardway.core.Networks;
import io.hardway.spi.NetworkDefinition;
import java.util.List;
import java.util.Map;

/** Docker's filters of {@code network ls}: of one key any value holds, of several keys each. */
final class NetworkFilter {
  private static final List<String> KEYS =
      List.of("dangling", "driver", "id", "label", "name", "scope", "type");

  private final List<KeyValue> filters;

  private NetworkFilter(List<KeyValue> filters) {
    this.filters = filters;
  }

  /** The filters that were given; one that there is not is refused. */
  static NetworkFilter read(Arguments arguments) {
    List<KeyValue> filters = arguments.values("filter", KeyValue::parseBoth);
    for (KeyValue filter : filters) {
      String text = filter.key() + "=" + filter.value();
      if (!KEYS.contains(filter.key())) {
        throw arguments.refuse("filter", text, "there are " + String.join(", ", KEYS));
      }
      if (filter.key().equals("dangling")) {
        TruthValue.parse("dangling", filter.value());
      }
      if (filter.key().equals("type") && !List.of("builtin", "custom").contains(filter.value())) {
        throw arguments.refuse("filter", text, "there are builtin and custom");
      }
    }
    return new NetworkFilter(filters);
  }

  boolean matches(Session session, NetworkDefinition network) {
    for (String key : KEYS) {
      List<KeyValue> same = filters.stream().filter(one -> one.key().equals(key)).toList();
      if (!same.isEmpty() && same.stream().noneMatch(one -> holds(session, one, network))) {
        return false;
      }
    }
    return true;
  }

  private static boolean holds(Session session, KeyValue filter, NetworkDefinition network) {
    String value = filter.value();
    return switch (filter.key()) {
      case "dangling" ->
          session.engine().users(network).isEmpty() == TruthValue.parse("dangling", value);
      case "driver" ->
          network.driver().equals(value)
              || network.driver().equals(NetworkFlags.PLUGIN_PREFIX + value);
      case "id" -> network.id().contains(value);
      case "label" -> isLabelled(network.labels(), value);
      case "name" -> network.name().contains(value);
      case "scope" -> value.equals("local");
      default -> network.name().equals(Networks.DEFAULT) == value.equals("builtin");
    };
  }

  /** Whether there is such a label, {@code KEY} or {@code KEY=VALUE}. */
  static boolean isLabelled(Map<String, String> labels, String wanted) {
    KeyValue label = KeyValue.parse(wanted);
    String has = labels.get(label.key());
    return has != null && (wanted.indexOf('=') < 0 || has.equals(label.value()));
  }
}
