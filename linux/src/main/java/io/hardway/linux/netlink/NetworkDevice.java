package io.hardway.linux.netlink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network device of this process's network namespace; netdevice(7).
 *
 * @param index its number
 * @param addresses those that are to last and that others may use: without a lifetime, of global
 *     scope
 * @since 0.1
 */
public record NetworkDevice(int index, List<InterfaceAddress> addresses) {
  private static final int RTM_GETADDR = 22;
  private static final int NLM_F_DUMP = 0x300;

  /** An immutable copy. */
  public NetworkDevice {
    addresses = List.copyOf(addresses);
  }

  /**
   * The device of a name, or nothing.
   *
   * @throws IOException where the kernel does not tell
   */
  public static Optional<NetworkDevice> find(String name) throws IOException {
    int index = RouteSocket.index(name);
    return index == 0
        ? Optional.empty()
        : Optional.of(new NetworkDevice(index, addressesOf(index)));
  }

  private static List<InterfaceAddress> addressesOf(int index) throws IOException {
    MessageBuffer request = new MessageBuffer(RTM_GETADDR, NLM_F_DUMP).putInt(0).putInt(0);
    List<InterfaceAddress> addresses = new ArrayList<>();
    try (RouteSocket socket = new RouteSocket()) {
      socket.send(request.bytes());
      boolean more = true;
      while (more) {
        more = InterfaceAddress.read(socket.receive(), index, addresses);
      }
    }
    return addresses;
  }
}
