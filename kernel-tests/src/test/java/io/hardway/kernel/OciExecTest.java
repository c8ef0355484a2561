package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the OCI runtime's command line does to a container that runs, beside its first process. */
class OciExecTest extends KernelTest {
  private OciBundle bundle;

  @BeforeEach
  void start() throws Exception {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    bundle.program("sleep", "1000");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    ok("start", "one");
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
  }

  private String ok(String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(0, outcome.exitCode(), () -> String.join(" ", words) + "\n" + outcome);
    return outcome.out();
  }

  private void refused(int code, String message, String... words) {
    Product.Outcome outcome = bundle.run(words);
    assertEquals(code, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(message), outcome::toString);
  }

  @Test
  void itRunsInTheContainerAndEndsAsTheProcessDoes() {
    assertEquals("bundled\n", ok("exec", "one", "hostname"));
    refused(3, "", "exec", "one", "sh", "-c", "exit 3");
    refused(128 + 9, "", "exec", "one", "sh", "-c", "kill -9 $$");
    String seen = ok("exec", "one", "ps", "-o", "pid,args");
    assertTrue(seen.contains("1 sleep 1000"), seen);
  }

  @ParameterizedTest
  @CsvSource({
    "-u 5:6 -g 11 -g 12, id, uid=5 gid=6 groups=11;12",
    "-u 7, id -u, 7",
    "-e A=b, echo $A, b",
    "--cwd /tmp, pwd, /tmp",
    "-c SYS_TIME, grep CapEff /proc/self/status, CapEff:\t0000000002000020",
    "--no-new-privs, grep NoNewPrivs /proc/self/status, NoNewPrivs:\t1",
    "--preserve-fds 0, true, ''"
  })
  void theProcessIsAsTheOptionsSay(String options, String script, String expected)
      throws IOException {
    List<String> words = new java.util.ArrayList<>(List.of("exec"));
    words.addAll(List.of(options.split(" ")));
    words.addAll(List.of("one", "sh", "-c", script));
    String shown = ok(words.toArray(String[]::new));
    assertEquals(expected.replace(';', ',').replace("\\t", "\t"), shown.strip());
  }

  @Test
  void aProcessIsReadFromAFile() throws IOException {
    Path file = hardway.directory().resolve("process.json");
    Files.writeString(
        file,
        """
        {"terminal": false, "user": {"uid": 1, "gid": 2, "additionalGids": [7], "umask": 63},
         "args": ["sh", "-c", "id; echo $X; umask"], "env": ["PATH=/bin", "X=y"], "cwd": "/"}
        """);
    assertEquals(
        "uid=1 gid=2 groups=7\ny\n0077\n", ok("exec", "--process", file.toString(), "one"));
    Files.writeString(file, "{\"args\": [], \"cwd\": \"/\"}");
    refused(255, "args: names no program", "exec", "-p", file.toString(), "one");
    Files.writeString(file, "{\"args\": \"sh\", \"cwd\": \"/\"}");
    refused(255, "args", "exec", "-p", file.toString(), "one");
  }

  @Test
  void oneThatIsDetachedLivesOnByItself() throws Exception {
    Path pidFile = hardway.directory().resolve("pid");
    Path output = hardway.directory().resolve("output");
    Product.Outcome outcome =
        bundle.runInto(
            output, "exec", "--detach", "--pid-file", pidFile.toString(), "one", "sleep", "500");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    String pid = Files.readString(pidFile);
    String first = ok("state", "one").replaceAll("(?s).*\"pid\": (\\d+),.*", "$1");
    assertEquals("[" + first + "," + pid + "]", ok("ps", "-f", "json", "one").strip());
    String table = ok("ps", "one", "-o", "pid,args");
    assertTrue(table.contains(pid + " sleep 500"), table);
    String[] fields =
        Files.readString(Path.of("/proc", pid, "stat")).replaceFirst(".*\\) ", "").split(" ");
    assertEquals(pid, fields[3], "session");
    ok("kill", "one", "KILL");
    for (int i = 0; i < 500 && !ok("state", "one").contains("stopped"); i++) {
      Thread.sleep(10);
    }
    refused(255, "stopped", "exec", "one", "true");
  }

  @Test
  void whatCannotBeRunIsSaidToTheLogAndEndsWith255() throws IOException {
    Path log = hardway.directory().resolve("log");
    refused(
        255, "nosuch", "--log", log.toString(), "--log-format", "json", "exec", "one", "nosuch");
    String line = Files.readString(log);
    assertTrue(line.startsWith("{\"level\":\"error\",\"msg\":\""), line);
    assertTrue(line.contains("No such file or directory"), line);
    refused(255, "does not exist", "exec", "two", "true");
    refused(255, "args cannot be empty", "exec", "one");
    refused(255, "console-socket", "exec", "-t", "-d", "one", "true");
    assertFalse(ok("ps", "-f", "json", "one").contains(","));
  }

  @Test
  void aPausedContainerStandsStillUntilItIsResumed() throws Exception {
    ok("pause", "one");
    assertTrue(ok("state", "one").contains("\"status\": \"paused\""));
    refused(1, "", "pause", "one");
    refused(255, "use --ignore-paused", "exec", "one", "true");
    ok("resume", "one");
    assertTrue(ok("state", "one").contains("\"status\": \"running\""));
    refused(1, "not paused", "resume", "one");
    ok("exec", "one", "true");
  }
}
