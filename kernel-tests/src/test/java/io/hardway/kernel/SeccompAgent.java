package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that decides about system calls as an agent of seccomp_unotify(2). */
final class SeccompAgent {
  /**
   * Takes one connection after the other, prints what it is sent, then the number of each call it
   * is asked about; mkdir(2) fails with ENOMEDIUM, all else goes on.
   */
  private static final String SOURCE =
      """
      #include <errno.h>
      #include <linux/seccomp.h>
      #include <poll.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/ioctl.h>
      #include <sys/socket.h>
      #include <sys/syscall.h>
      #include <sys/un.h>
      #include <unistd.h>
      static void decide(int listener)
      {
        struct pollfd ready = { .fd = listener, .events = POLLIN };
        while (poll(&ready, 1, -1) > 0 && (ready.revents & POLLIN)) {
          struct seccomp_notif call = { 0 };
          if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
            continue;
          int refused = call.data.nr == SYS_mkdirat;
      #ifdef SYS_mkdir
          refused |= call.data.nr == SYS_mkdir;
      #endif
          struct seccomp_notif_resp answer = { .id = call.id,
            .error = refused ? -ENOMEDIUM : 0, .flags = refused ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE };
          ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
        }
        exit(0);
      }
      int main(int argc, char **argv)
      {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        strcpy(address.sun_path, argv[1]);
        int server = socket(AF_UNIX, SOCK_STREAM, 0);
        bind(server, (struct sockaddr *)&address, sizeof(address));
        listen(server, 5);
        printf("ready\\n");
        fflush(stdout);
        for (;;) {
          char text[65536], room[CMSG_SPACE(sizeof(int))];
          struct iovec iov = { text, sizeof(text) - 1 };
          struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
            .msg_controllen = sizeof(room) };
          int connection = accept(server, NULL, NULL);
          ssize_t n = recvmsg(connection, &message, 0);
          struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
          if (header == NULL)
            continue;
          int listener;
          memcpy(&listener, CMSG_DATA(header), sizeof(int));
          text[n] = 0;
          ssize_t more = recv(connection, room, 1, 0);
          printf("%s %s\\n", text, more == 0 ? "closed" : "open");
          fflush(stdout);
          if (fork() == 0)
            decide(listener);
          close(listener);
          close(connection);
        }
      }
      """;

  private SeccompAgent() {}

  /**
   * The one that the property {@code hardway.agent} names where there is no compiler, else a new
   * one.
   */
  static Path program(Path directory) throws IOException {
    String built = System.getProperty("hardway.agent", "");
    return built.isEmpty() ? build(directory) : Path.of(built);
  }

  /** Compiles it into a directory, as {@code seccomp-agent}. */
  static Path build(Path directory) throws IOException {
    Path source = Files.writeString(directory.resolve("seccomp-agent.c"), SOURCE);
    Path program = directory.resolve("seccomp-agent");
    Product.Outcome built =
        Product.perform(List.of("gcc", "-o", program.toString(), source.toString()), "");
    assertEquals(0, built.exitCode(), built::toString);
    return program;
  }
}
