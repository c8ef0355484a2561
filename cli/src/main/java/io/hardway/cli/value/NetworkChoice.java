package io.hardway.cli.value;

import io.hardway.linux.netlink.MacAddress;
import io.hardway.spi.Subnet;
import java.util.ArrayList;
import java.util.List;

/**
 * A network as {@code --network} names it: by its name alone, or in docker's longer form, {@code
 * name=NETWORK[,ip=ADDRESS][,ip6=ADDRESS][,mac-address=ADDRESS][,alias=NAME]}.
 *
 * @param name the network, or another mode
 * @param addresses those asked for in the longer form
 * @param macAddress the hardware address asked for there; empty: none
 * @param aliases further names asked for there
 */
public record NetworkChoice(
    String name, List<String> addresses, String macAddress, List<String> aliases) {

  private static final int MOST_LETTERS = 63;
  private static final int LONGEST = 253;

  /** With copies of the lists. */
  public NetworkChoice {
    addresses = List.copyOf(addresses);
    aliases = List.copyOf(aliases);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException where a field is not known, or its value is wrong
   */
  public static NetworkChoice parse(String text) {
    boolean isPath = text.startsWith("ns:");
    return isPath || text.indexOf('=') < 0
        ? new NetworkChoice(text, List.of(), "", List.of())
        : parseFields(text);
  }

  private static NetworkChoice parseFields(String text) {
    String name = "";
    String mac = "";
    List<String> addresses = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String value = field.substring(equals + 1).strip();
      switch (equals < 0 ? "" : key.strip()) {
        case "name" -> name = value;
        case "ip" -> addresses.add(address(value, '.'));
        case "ip6" -> addresses.add(address(value, ':'));
        case "mac-address" -> mac = MacAddress.parse(value).toString();
        case "alias" -> aliases.add(alias(value));
        default ->
            throw new IllegalArgumentException(
                "invalid field " + field + ": there are name=, ip=, ip6=, mac-address= and alias=");
      }
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("it names no network: write name=NETWORK");
    }
    return new NetworkChoice(name, addresses, mac, aliases);
  }

  /**
   * A name by which others of a network find a container: labels of letters, digits, hyphens and
   * underscores with dots between them.
   *
   * @throws IllegalArgumentException where it is no such name
   */
  public static String alias(String text) {
    for (String label : text.split("\\.", -1)) {
      boolean valid = !label.isEmpty() && label.length() <= MOST_LETTERS;
      for (int i = 0; valid && i < label.length(); i++) {
        char c = label.charAt(i);
        valid =
            c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_';
      }
      if (!valid || text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "'" + text + "' is no name of a host: use letters, digits, hyphens and dots");
      }
    }
    return text;
  }

  /**
   * An address of one version.
   *
   * @param mark what such an address has in it: a dot, or a colon
   * @throws IllegalArgumentException where it is none
   */
  public static String address(String text, char mark) {
    if (text.indexOf(mark) < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no IPv" + (mark == '.' ? "4" : "6") + " address");
    }
    return Subnet.text(Subnet.address(text));
  }
}
