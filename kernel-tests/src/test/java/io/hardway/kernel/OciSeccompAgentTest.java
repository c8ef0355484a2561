package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** System calls about which an agent decides that a bundle names. */
class OciSeccompAgentTest extends KernelTest {
  /** What the runtime itself needs behind the filter is among what the agent decides about. */
  private static final String ASKED =
      "[\"mkdir\", \"mkdirat\", \"execve\", \"capset\", \"prctl\", \"write\", \"sendmsg\", \"close\"]";

  private Path socket;
  private Process agent;
  private BufferedReader said;
  private OciBundle bundle;

  @BeforeEach
  void startAnAgent() throws Exception {
    Path program = SeccompAgent.program(hardway.directory());
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
