package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.PublishedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sockets of the host that have ports, and whose they are; proc_pid_net(5). */
final class HostSockets {
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final int LISTENING = 0x0a;
  private static final int TIME_WAIT = 6;
  private static final int RADIX = 16;
  private static final int WORD_DIGITS = 8;

  private final Host host;
  private final Map<PublishedPort.Protocol, List<Socket>> read =
      new EnumMap<>(PublishedPort.Protocol.class);

  private record Socket(InetAddress address, int port, int state, String inode) {}

  HostSockets(Host host) {
    this.host = host;
  }

  /** Whether the same port of both cannot be had by two. */
  static boolean overlap(InetAddress a, InetAddress b) {
    return a.getAddress().length == b.getAddress().length
        && (a.equals(b) || a.isAnyLocalAddress() || b.isAnyLocalAddress());
  }

  /**
   * Who has a port, like {@code nginx (pid 512)}; empty where nobody has.
   *
   * @param anyState whether connections count too, which have it for themselves
   */
  Optional<String> holder(PublishedPort port, boolean anyState) {
    for (Socket socket : read.computeIfAbsent(port.protocol(), this::read)) {
      if (socket.port == port.hostPort()
          && counts(port.protocol(), socket.state, anyState)
          && (overlap(socket.address, port.address()) || isBoth(socket, port) && !canBind(port))) {
        return Optional.of(owner(socket.inode));
      }
    }
    return Optional.empty();
  }

  private static boolean counts(PublishedPort.Protocol protocol, int state, boolean anyState) {
    return protocol == PublishedPort.Protocol.UDP
        || state == LISTENING
        || anyState && state != TIME_WAIT;
  }

  /** Whether the socket may be one of both versions: nothing there says so. */
  private static boolean isBoth(Socket socket, PublishedPort port) {
    return socket.address.isAnyLocalAddress()
        && socket.address.getAddress().length > port.address().getAddress().length;
  }

  private static boolean canBind(PublishedPort port) {
    InetSocketAddress address = new InetSocketAddress(port.address(), port.hostPort());
    try {
      if (port.protocol() == PublishedPort.Protocol.TCP) {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
          channel.bind(address);
        }
      } else {
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
          channel.bind(address);
        }
      }
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private List<Socket> read(PublishedPort.Protocol protocol) {
    List<Socket> sockets = new ArrayList<>();
    for (String version : new String[] {"", "6"}) {
      try {
        for (String line :
            Files.readAllLines(host.file("/proc/net/" + protocol.label() + version))) {
          String[] words = line.trim().split("\\s+");
          if (words.length > INODE && words[0].endsWith(":")) {
            sockets.add(socket(words));
          }
        }
      } catch (IOException none) {
        // A host without IPv6.
      }
    }
    return sockets;
  }

  private static Socket socket(String[] words) throws IOException {
    int colon = words[LOCAL].indexOf(':');
    String digits = words[LOCAL].substring(0, colon);
    byte[] bytes = new byte[digits.length() / 2];
    // Each four bytes are a number as this processor has it.
    for (int i = 0; i < digits.length(); i += WORD_DIGITS) {
      int word = Integer.parseUnsignedInt(digits, i, i + WORD_DIGITS, RADIX);
      for (int j = 0; j < 4; j++) {
        bytes[i / 2 + j] = (byte) (word >>> (8 * j));
      }
    }
    return new Socket(
        InetAddress.getByAddress(bytes),
        Integer.parseInt(words[LOCAL].substring(colon + 1), RADIX),
        Integer.parseInt(words[STATE], RADIX),
        words[INODE]);
  }

  /** The process that has a socket. */
  private String owner(String inode) {
    String link = "socket:[" + inode + "]";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(host.file("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (has(process, link)) {
          return comm(process) + " (pid " + process.getFileName() + ")";
        }
      }
    } catch (IOException | DirectoryIteratorException unknown) {
      // Said below.
    }
    return "another program, of which nothing is to be seen here";
  }

  private static boolean has(Path process, String link) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (isLink(descriptor, link)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException gone) {
      return false;
    }
    return false;
  }

  private static boolean isLink(Path descriptor, String link) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(link);
    } catch (IOException closed) {
      return false;
    }
  }

  private static String comm(Path process) {
    try {
      return Files.readString(process.resolve("comm")).trim();
    } catch (IOException gone) {
      return "a process";
    }
  }
}
