package io.hardway.linux.netlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Asks the kernel about the network namespace of this process; netlink(7), NETLINK_ROUTE. */
final class RouteSocket implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 02000000;

  /** As iproute2 has it: the kernel fills no more into one datagram. */
  private static final int LARGEST = 32768;

  static {
    Native.register(RouteSocket.class, "c");
  }

  private final int descriptor;

  RouteSocket() throws IOException {
    try {
      descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, LinkMessage.ROUTE);
    } catch (LastErrorException e) {
      throw new IOException("a netlink socket: " + e.getMessage(), e);
    }
  }

  /** The index of a device, 0 where there is none of that name; if_nametoindex(3). */
  static int index(String name) {
    return if_nametoindex((name + "\0").getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] message) throws IOException {
    try {
      send(descriptor, message, message.length, 0);
    } catch (LastErrorException e) {
      throw new IOException("asking the kernel: " + e.getMessage(), e);
    }
  }

  ByteBuffer receive() throws IOException {
    byte[] answer = new byte[LARGEST];
    try {
      return ByteBuffer.wrap(answer, 0, (int) recv(descriptor, answer, LARGEST, 0)).slice();
    } catch (LastErrorException e) {
      throw new IOException("the kernel's answer: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    close(descriptor);
  }

  private static native int socket(int domain, int type, int protocol) throws LastErrorException;

  private static native long send(int descriptor, byte[] message, long length, int flags)
      throws LastErrorException;

  private static native long recv(int descriptor, byte[] answer, long length, int flags)
      throws LastErrorException;

  private static native int close(int descriptor);

  private static native int if_nametoindex(byte[] name);
}
