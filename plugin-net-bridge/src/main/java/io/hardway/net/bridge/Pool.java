package io.hardway.net.bridge;

import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.Subnet;
import java.net.InetAddress;

/**
 * The addresses of a subnet that are given to containers which ask for none: all, or those of a
 * range in it.
 *
 * @param subnet the subnet
 * @param range the range; the subnet itself where there is none
 */
record Pool(Subnet subnet, Subnet range) {
  static Pool of(NetworkDefinition network, Subnet subnet) {
    for (Subnet range : network.ranges()) {
      if (isWithin(range, subnet)) {
        return new Pool(subnet, range);
      }
    }
    return new Pool(subnet, subnet);
  }

  /** Whether all addresses of one are in another. */
  static boolean isWithin(Subnet range, Subnet subnet) {
    return range.overlaps(subnet) && range.prefix() >= subnet.prefix();
  }

  /** The number of the first: those of the range's ends can be given out, but not the subnet's. */
  int first() {
    return isWithinEnds() ? 0 : 1;
  }

  /** The number of the last. */
  int last() {
    int size = range.size();
    return isWithinEnds() && range.isVersion4() && size < Integer.MAX_VALUE ? size + 1 : size;
  }

  private boolean isWithinEnds() {
    int bits = (range.isVersion4() ? 32 : 128) - range.prefix();
    return bits > 1 && range.prefix() > subnet.prefix();
  }

  InetAddress at(int number) {
    return range.at(number);
  }

  /** Whether it names a container, and not the network or all in it. */
  boolean mayGive(InetAddress address) {
    boolean hasEnds = subnet.size() > 2 || subnet.prefix() == 30;
    return !hasEnds
        || !address.equals(subnet.at(0))
            && !(subnet.isVersion4() && address.equals(subnet.at(subnet.size() + 1)));
  }

  @Override
  public String toString() {
    return range.equals(subnet) ? subnet.toString() : range + " of " + subnet;
  }
}
