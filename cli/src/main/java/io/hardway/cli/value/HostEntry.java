package io.hardway.cli.value;

import io.hardway.core.NameOptions;

/**
 * A line for the container's {@code /etc/hosts}, from {@code --add-host}: {@code NAME:ADDRESS} or
 * {@code NAME=ADDRESS}.
 *
 * @param name the name
 * @param address its IPv4 or IPv6 address, or {@code host-gateway}
 */
public record HostEntry(String name, String address) {

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException where a part is missing or the address is none
   */
  public static HostEntry parse(String text) {
    int separator = text.indexOf('=');
    if (separator < 0) {
      separator = text.indexOf(':');
    }
    if (separator < 1 || separator == text.length() - 1) {
      throw new IllegalArgumentException(
          "bad format for add-host: \"" + text + "\"; write NAME:ADDRESS");
    }
    String name = text.substring(0, separator);
    String address = text.substring(separator + 1);
    if (address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) <= ' ' || name.charAt(i) == '#' || name.charAt(i) == ':') {
        throw new IllegalArgumentException(
            "bad format for add-host: '" + name + "' is no host name");
      }
    }
    if (!address.equals(NameOptions.HOST_GATEWAY) && !isAddress(address)) {
      throw new IllegalArgumentException("invalid IP address in add-host: \"" + address + "\"");
    }
    return new HostEntry(name, address);
  }

  private static boolean isAddress(String text) {
    return text.indexOf(':') >= 0 ? isIpv6(text) : isIpv4(text);
  }

  private static boolean isIpv4(String text) {
    var parts = Words.split(text, '.');
    if (parts.size() != 4) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !isDigits(part, 10)
          || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    String ends =
        gap < 0
            ? text
            : text.substring(0, gap)
                + (gap == 0 || gap == text.length() - 2 ? "" : ":")
                + text.substring(gap + 2);
    if (ends.isEmpty()) {
      return true;
    }
    var parts = Words.split(ends, ':');
    int count = parts.size();
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (i == parts.size() - 1 && part.indexOf('.') > 0) {
        if (!isIpv4(part)) {
          return false;
        }
        count++;
      } else if (part.isEmpty() || part.length() > 4 || !isDigits(part, 16)) {
        return false;
      }
    }
    return gap < 0 ? count == 8 : count < 8;
  }

  private static boolean isDigits(String text, int radix) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), radix) < 0) {
        return false;
      }
    }
    return true;
  }
}
