package io.hardway.core;

import java.io.FileInputStream;
import java.io.IOException;

/** Ids and names for containers. */
public final class Ids {
  private static final String[] QUALITIES = {
    "able", "amber", "brave", "brisk", "calm", "clear", "crisp", "daring", "eager", "fair", "fleet",
        "fond", "gentle", "glad", "golden", "grand",
    "happy", "honest", "jolly", "keen", "kind", "light", "lively", "loyal", "lucid", "mellow",
        "merry", "neat", "noble", "patient", "plucky", "polite",
    "proud", "quick", "quiet", "ready", "robust", "serene", "sharp", "silver", "sleek", "smart",
        "sober", "solid", "steady", "sunny", "swift", "tidy",
    "true", "trusty", "upbeat", "valiant", "vivid", "warm", "wise", "witty", "young", "zesty"
  };
  private static final String[] THINGS = {
    "anchor", "anvil", "barge", "beacon", "bollard", "brig", "buoy", "cargo", "clipper", "coaster",
        "compass", "crane", "cutter", "davit", "derrick", "dhow",
    "dock", "ferry", "fjord", "galley", "gantry", "harbor", "hawser", "helm", "hoist", "hull",
        "jetty", "keel", "ketch", "lantern", "lighter", "lock",
    "mast", "mole", "oar", "pallet", "pier", "pilot", "pontoon", "quay", "raft", "reef", "rigger",
        "rudder", "schooner", "sextant", "skiff", "sloop",
    "spar", "tender", "tide", "tiller", "trawler", "tug", "wharf", "winch", "yawl"
  };

  private Ids() {}

  /** 64 hexadecimal digits from the kernel's random numbers. */
  public static String next() {
    byte[] bytes = random(32);
    StringBuilder id = new StringBuilder(64);
    for (byte b : bytes) {
      id.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return id.toString();
  }

  /** Whether a text is such an id, and no name that somebody gave. */
  public static boolean isId(String text) {
    boolean right = text.length() == 64;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }
    return right;
  }

  /**
   * A name that is easy to say, made from an id: two words, and some of its digits, since the words
   * alone are soon taken by another command that runs at the same time.
   */
  public static String name(String id) {
    int first = Integer.parseInt(id.substring(0, 4), 16) % QUALITIES.length;
    int second = Integer.parseInt(id.substring(4, 8), 16) % THINGS.length;
    return QUALITIES[first] + "_" + THINGS[second] + "_" + id.substring(8, 14);
  }

  private static byte[] random(int count) {
    try (FileInputStream source = new FileInputStream("/dev/urandom")) {
      byte[] bytes = source.readNBytes(count);
      if (bytes.length == count) {
        return bytes;
      }
      throw new HardwayException("/dev/urandom ended");
    } catch (IOException e) {
      throw new HardwayException("/dev/urandom: " + e.getMessage(), e);
    }
  }
}
