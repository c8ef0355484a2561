package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** System calls about which an agent decides that a bundle names. */
class OciSeccompAgentTest extends KernelTest {
  /**
   * Takes one connection after the other, prints what it is sent, then the number of each call it
   * is asked about; mkdir(2) fails with ENOMEDIUM, all else goes on.
   */
  private static final String AGENT =
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

  /** What the runtime itself needs behind the filter is among what the agent decides about. */
  private static final String ASKED =
      "[\"mkdir\", \"mkdirat\", \"execve\", \"capset\", \"prctl\", \"write\", \"sendmsg\", \"close\"]";

  private Path socket;
  private Process agent;
  private BufferedReader said;
  private OciBundle bundle;

  @BeforeEach
  void startAnAgent() throws Exception {
    Path source = Files.writeString(hardway.directory().resolve("agent.c"), AGENT);
    Path program = hardway.directory().resolve("agent");
    Product.Outcome built =
        Product.perform(List.of("gcc", "-o", program.toString(), source.toString()), "");
    assertEquals(0, built.exitCode(), built::toString);
    socket = hardway.directory().resolve("agent.sock");
    agent = new ProcessBuilder(program.toString(), socket.toString()).start();
    said = agent.inputReader();
    assertEquals("ready", said.readLine());
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
  }

  @AfterEach
  void end() throws InterruptedException {
    bundle.run("delete", "--force", "one");
    agent.descendants().forEach(ProcessHandle::destroyForcibly);
    agent.destroyForcibly().waitFor();
  }

  private void filter(String members) {
    bundle.linux(
        ", \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", "
            + members
            + "\"syscalls\": [{\"names\": "
            + ASKED
            + ", \"action\": \"SCMP_ACT_NOTIFY\"}]}");
  }

  private void filterWithAgent() {
    filter(
        "\"flags\": [\"SECCOMP_FILTER_FLAG_TSYNC\"], \"listenerPath\": \""
            + socket
            + "\", \"listenerMetadata\": \"said \\\"so\\\"\", ");
  }

  private void assertSaid(String status, String pid) throws IOException {
    String line = said.readLine();
    String expected =
        "{\"ociVersion\":\"1.0.2\",\"fds\":[\"seccompFd\"],\"metadata\":\"said \\\"so\\\"\",\"pid\":";
    assertTrue(line.startsWith(expected), line);
    assertTrue(line.endsWith(" closed"), line);
    for (String part :
        new String[] {
          "\"state\":{",
          "\"id\":\"one\"",
          "\"status\":\"" + status + "\"",
          "\"bundle\":\"" + bundle.directory() + "\""
        }) {
      assertTrue(line.contains(part), line);
    }
    if (!pid.isEmpty()) {
      assertTrue(line.contains("\"pid\":" + pid + ","), line);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theAgentDecidesForTheFirstProcessAndForThoseOfExec(boolean noNewPrivileges)
      throws Exception {
    filterWithAgent();
    bundle.process(", \"noNewPrivileges\": " + noNewPrivileges);
    bundle.script("mkdir /tmp/there; ls /proc/self/fd | wc -l; exec sleep 1000");
    Product.Outcome created = bundle.create("one");
    assertEquals(0, created.exitCode(), created::toString);
    String state = bundle.run("state", "one").out();
    String pid = state.replaceAll("(?s).*\"pid\": ?([0-9]+).*", "$1");
    Product.Outcome started = bundle.run("start", "one");
    assertEquals(0, started.exitCode(), started::toString);
    assertSaid("creating", pid);
    Product.Outcome inside =
        bundle.run("exec", "one", "sh", "-c", "mkdir /tmp/here; test ! -e /tmp/here && echo none");
    assertEquals("none\n", inside.out(), inside::toString);
    assertTrue(inside.err().contains("No medium found"), inside::toString);
    assertSaid("running", "");
    // ls has the standard streams and the directory, and nothing of the agent's.
    assertEquals("4", Files.readString(bundle.output("one")).strip());
  }

  @Test
  void withoutWhoWouldDecideNothingStarts() throws Exception {
    filter("");
    bundle.script("true");
    assertRefused("linux.seccomp: syscalls[0].action: SCMP_ACT_NOTIFY needs an agent");
    bundle.linux(
        ", \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerMetadata\": \"x\"}");
    bundle.script("true");
    assertRefused("linux.seccomp: listenerMetadata is for an agent, and there is no listenerPath");
    Path nobody = hardway.directory().resolve("nobody.sock");
    filter("\"listenerPath\": \"" + nobody + "\", ");
    bundle.script("true");
    assertRefused(nobody.toString());
  }

  private void assertRefused(String message) throws IOException {
    Product.Outcome outcome = bundle.run("run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
    assertEquals("", bundle.run("list", "--quiet").out());
  }

  @Test
  void anAgentThatNobodyNeedsIsNotAsked() throws Exception {
    bundle.linux(
        ", \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/nowhere\"}");
    bundle.script("echo ran");
    assertEquals(
        "ran\n", bundle.run("run", "--bundle", bundle.directory().toString(), "one").out());
  }
}
