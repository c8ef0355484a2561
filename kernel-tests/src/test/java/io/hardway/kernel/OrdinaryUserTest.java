package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Without root: a user with subordinate ids, and one without. {@code kernel-tests/prepare} makes
 * both.
 */
class OrdinaryUserTest {
  private static final String WITH = "hardway-subids";
  private static final String WITHOUT = "hardway-plain";

  private Product hardway;
  private Path home;
  private Path rootfs;

  @BeforeEach
  void open() throws IOException {
    Conditions.root();
    for (String user : List.of(WITH, WITHOUT)) {
      Conditions.require(
          Product.perform(List.of("id", user), "").exitCode() == 0,
          "needs the user " + user + ", see kernel-tests/prepare");
    }
    hardway = Product.open();
    rootfs = BusyboxRootfs.at(hardway.directory().resolve("rootfs"));
  }

  @AfterEach
  void close() throws IOException {
    if (hardway != null) {
      hardway.close();
    }
  }

  private Product.Outcome as(String user, String... arguments) throws IOException {
    List<String> command = command(user);
    command.addAll(
        List.of(
            hardway.home().resolve("bin/hardway").toString(),
            "--state",
            home.resolve("state").toString(),
            "--root",
            home.resolve("data").toString()));
    command.addAll(List.of(arguments));
    return Product.perform(Product.offTheNetwork(command), "");
  }

  /** The OCI runtime, in the user's home directory. */
  private Product.Outcome ociAs(String user, String input, String... arguments) throws IOException {
    List<String> command = command(user);
    command.addAll(
        List.of(
            hardway.home().resolve("bin/hardway-oci").toString(),
            "--root",
            home.resolve("oci").toString()));
    command.addAll(List.of(arguments));
    return Product.perform(command, input);
  }

  /** The command line that another program's follows, for that user to run it. */
  private List<String> command(String user) throws IOException {
    home = hardway.directory().resolve(user);
    if (Files.notExists(home)) {
      Files.createDirectory(home);
      assertEquals(0, Product.perform(List.of("chown", user, home.toString()), "").exitCode());
    }
    return new ArrayList<>(
        List.of(
            "setpriv",
            "--reuid",
            user,
            "--regid",
            user,
            "--init-groups",
            "--inh-caps=-all",
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=" + home,
            "USER=" + user));
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void theConfigurationToBeginWithRunsAShellAsRootInside(String user) throws IOException {
    ociAs(user, "", "list");
    Path bundle = Files.createDirectory(home.resolve("bundle"));
    BusyboxRootfs.at(bundle.resolve("rootfs"));
    assertEquals(
        0, Product.perform(List.of("chown", "-R", user, bundle.toString()), "").exitCode());
    Product.Outcome written = ociAs(user, "", "spec", "--rootless", "-b", bundle.toString());
    assertEquals(0, written.exitCode(), written::toString);
    Path config = bundle.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"terminal\": true", "\"terminal\": false"));
    Product.Outcome outcome =
        ociAs(
            user,
            "id -u; hostname; test -d /sys/devices && echo sys\n",
            "--rootless",
            "true",
            "run",
            "-b",
            bundle.toString(),
            "one");
    assertEquals("0\nhardway\nsys\n", outcome.out(), outcome::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void runsOverADirectory(String user) throws IOException {
    Product.Outcome outcome =
        as(
            user,
            "run",
            "--rm",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            "id -u; hostname; echo x > /written; cat /written; ps | wc -l");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.out().startsWith("0\n"), outcome::toString);
    assertTrue(Files.notExists(rootfs.resolve("written")));
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void runsOverTheHostsFiles(String user) throws IOException {
    Product.Outcome outcome =
        as(
            user,
            "run",
            "--rm",
            "--rootfs",
            "/",
            "--",
            "sh",
            "-c",
            "echo pid $$; test -x /usr/bin/env && echo x > /etc/written-by-a-user && cat /etc/written-by-a-user");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals("pid 1\nx\n", outcome.out());
    assertTrue(Files.notExists(Path.of("/etc/written-by-a-user")));
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void standsOnTheFilesOfTheHostOrOfAnother(String user) throws IOException {
    String mount = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
    Product.Outcome host =
        as(
            user,
            "run",
            "--rm",
            "-t",
            "--mntns",
            "host",
            "sh",
            "-c",
            "readlink /proc/self/ns/mnt; echo x > /etc/written-by-a-user || echo refused");
    assertTrue(host.out().startsWith(mount), host::toString);
    assertTrue(host.out().endsWith("refused\r\n"), host::toString);
    as(user, "run", "-d", "--name", "c", "--rootfs", rootfs.toString(), "sleep", "1000");
    Product.Outcome joined =
        as(
            user,
            "run",
            "--rm",
            "--mntns",
            "container:c",
            "--userns",
            "container:c",
            "sh",
            "-c",
            "id -u; echo x > /written");
    assertEquals("0\n", joined.out(), joined::toString);
    assertEquals("x\n", as(user, "exec", "c", "cat", "/written").out());
    Product.Outcome refused = as(user, "run", "--rm", "--mntns", "container:c", "true");
    assertEquals(125, refused.exitCode(), refused::toString);
    assertTrue(refused.err().contains("like --userns container:NAME"), refused::toString);
    assertEquals(0, as(user, "rm", "-f", "c").exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void limitsTheHostCannotGiveAreRefusedWithTheReason(String user) throws IOException {
    Product.Outcome outcome =
        as(user, "run", "--rm", "--memory", "64m", "--rootfs", rootfs.toString(), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome.err().contains("memory") && outcome.err().contains("cgroup"), outcome::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void livesDetachedAndLeavesNothing(String user) throws IOException {
    Product.Outcome run =
        as(user, "run", "-d", "--name", "c", "--rootfs", rootfs.toString(), "sleep", "1000");
    assertEquals(0, run.exitCode(), run::toString);
    assertEquals("hello\n", as(user, "exec", "c", "echo", "hello").out());
    assertEquals(0, as(user, "rm", "-f", "c").exitCode());
    assertEquals("", as(user, "ps", "-aq").out());
    for (String folder :
        List.of("state/containers", "state/owners", "data/containers", "data/names")) {
      try (var files = Files.list(home.resolve(folder))) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH})
  void subordinateIdsAreOtherUsersInside(String user) throws IOException {
    Product.Outcome outcome =
        as(
            user,
            "run",
            "--rm",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            "touch /f && chown alice:wheel /f && stat -c %u:%g /f; su alice -c 'id -u'");
    assertEquals("1000:10\n1000\n", outcome.out(), outcome::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {WITHOUT})
  void aUserOutsideTheMapIsRefusedByName(String user) throws IOException {
    Product.Outcome outcome =
        as(user, "run", "--rm", "-u", "1000", "--rootfs", rootfs.toString(), "id");
    assertNotEquals(0, outcome.exitCode());
    assertTrue(outcome.err().contains("1000"), outcome::toString);
  }

  private String archive() throws IOException {
    Path alice = Files.createDirectories(rootfs.resolve("home/alice"));
    Files.writeString(alice.resolve("file"), "hers");
    Path archive = hardway.directory().resolve("rootfs.tar.gz");
    for (List<String> command :
        List.of(
            List.of("chown", "-R", "1000:10", alice.toString()),
            List.of("chmod", "4711", alice.resolve("file").toString()),
            List.of("mknod", rootfs.resolve("null").toString(), "c", "1", "3"),
            List.of("tar", "-C", rootfs.toString(), "-czf", archive.toString(), "."))) {
      assertEquals(0, Product.perform(command, "").exitCode(), command::toString);
    }
    return archive.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void runsOverAnArchive(String user) throws IOException {
    String archive = archive();
    String script =
        "stat -c '%u:%g %a' / /home/alice /home/alice/file; test ! -e /null; echo x > /home/alice/mine; rm /home/alice/file; chmod 700 /bin";
    String expected =
        user.equals(WITH) ? "0:0 755\n1000:10 755\n1000:10 4711\n" : "0:0 755\n0:0 755\n0:0 4711\n";
    for (int i = 0; i < 2; i++) {
      Product.Outcome outcome =
          as(user, "run", "--name", "c", "--rootfs", archive, "sh", "-c", script);
      assertEquals(new Product.Outcome(0, expected, ""), outcome);
      assertEquals(
          "C /bin\nC /home\nC /home/alice\nD /home/alice/file\nA /home/alice/mine\n",
          as(user, "diff", "c").out());
      assertEquals(0, as(user, "rm", "c").exitCode());
    }
    Product.Outcome prune = as(user, "prune", "--force");
    assertEquals(0, prune.exitCode(), prune::toString);
    try (var files = Files.list(home.resolve("data/store/fs-overlay/trees"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void volumesAreFilledAndDeleted(String user) throws IOException {
    String archive = archive();
    String owner = user.equals(WITH) ? "1000:10\n" : "0:0\n";
    for (String volume : List.of("named:/home", "/home")) {
      Product.Outcome outcome =
          as(
              user,
              "run",
              "--rm",
              "-v",
              volume,
              "--rootfs",
              archive,
              "stat",
              "-c",
              "%u:%g",
              "/home/alice/file");
      assertEquals(new Product.Outcome(0, owner, ""), outcome);
    }
    Product.Outcome removal = as(user, "volume", "rm", "named");
    assertEquals(0, removal.exitCode(), removal::toString);
    assertEquals("", as(user, "volume", "ls", "-q").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH})
  void anArchiveWithIdsThatTheUserDoesNotHaveIsRefused(String user) throws IOException {
    Path file = Files.writeString(rootfs.resolve("far"), "x");
    assertEquals(
        0, Product.perform(List.of("chown", "70000:70000", file.toString()), "").exitCode());
    Product.Outcome outcome = as(user, "run", "--rm", "--rootfs", archive(), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome.err().contains("far belongs to 70000:70000")
            && outcome.err().contains("/etc/subuid"),
        outcome::toString);
    try (var files = Files.list(home.resolve("data/store/fs-overlay/trees"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void everyLimitIsRefusedWithTheReasonAndNothingIsMade(String user) throws IOException {
    for (String limit :
        List.of("--cpus 1", "--pids-limit 5", "--cpuset-cpus 0", "--cpu-shares 5")) {
      List<String> run = new ArrayList<>(List.of("run", "--rm"));
      run.addAll(List.of(limit.split(" ")));
      run.addAll(List.of("--rootfs", rootfs.toString(), "true"));
      Product.Outcome outcome = as(user, run.toArray(String[]::new));
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(
          outcome.err().contains(limit.split(" ")[0] + " cannot be given: ")
              && outcome.err().contains("cgroup"),
          outcome::toString);
      assertEquals("", as(user, "ps", "-aq").out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void isTalkedToAtATerminalLoggedStoppedAndStartedAgain(String user) throws Exception {
    String terminal = "test -t 0 && test -t 1 && echo terminal";
    assertEquals(
        "terminal\r\n",
        as(user, "run", "--rm", "-t", "--rootfs", rootfs.toString(), "sh", "-c", terminal).out());
    Product.Outcome run =
        as(
            user,
            "run",
            "-d",
            "--name",
            "c",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            "trap 'exit 7' TERM; echo out; echo err >&2; while :; do sleep 0.1; done");
    assertEquals(0, run.exitCode(), run::toString);
    assertEquals("terminal\r\n", as(user, "exec", "-t", "c", "sh", "-c", terminal).out());
    Product.Outcome logs = as(user, "logs", "c");
    for (int i = 0; i < 100 && !logs.err().equals("err\n"); i++) {
      Thread.sleep(50);
      logs = as(user, "logs", "c");
    }
    assertEquals(new Product.Outcome(0, "out\n", "err\n"), logs);
    Product.Outcome pause = as(user, "pause", "c");
    assertEquals(1, pause.exitCode(), pause::toString);
    assertTrue(pause.err().contains("it has no control group"), pause::toString);
    assertEquals("c\n", as(user, "stop", "c").out());
    assertEquals("7\n", as(user, "inspect", "-f", "{{.State.ExitCode}}", "c").out());
    assertEquals("c\n", as(user, "start", "c").out());
    assertEquals("c\n", as(user, "rm", "-f", "c").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void whatIsBoundIsTheUsersOwn(String user) throws IOException {
    as(user, "ps");
    Path file = Files.writeString(home.resolve("file"), "of the host");
    Product.Outcome outcome =
        as(
            user,
            "run",
            "--rm",
            "-v",
            home + ":/v",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            "cat /v/file; echo x > /v/new; echo y > /v/file");
    assertEquals("of the host", outcome.out(), outcome::toString);
    assertTrue(outcome.err().contains("denied"), "the file is root's: " + outcome);
    assertEquals("of the host", Files.readString(file));
    assertEquals(user, Files.getOwner(home.resolve("new")).getName());
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void hasANetworkOfItsOwnOrTheHosts(String user) throws IOException {
    String script = "readlink /proc/self/ns/net; ls /sys/class/net | grep -c .";
    String host = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    Product.Outcome none =
        as(
            user,
            "run",
            "--rm",
            "--network",
            "none",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            script);
    assertTrue(none.out().endsWith("\n1\n") && !none.out().contains(host), none::toString);
    Product.Outcome hosts =
        as(
            user,
            "run",
            "--rm",
            "--network",
            "host",
            "--rootfs",
            rootfs.toString(),
            "sh",
            "-c",
            script);
    assertTrue(hosts.out().startsWith(host + "\n"), hosts::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {WITH, WITHOUT})
  void needsNoDirectoriesOfTheDesktop(String user) throws IOException {
    as(user, "ps");
    List<String> command =
        List.of(
            "setpriv",
            "--reuid",
            user,
            "--regid",
            user,
            "--init-groups",
            "--inh-caps=-all",
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=" + home,
            "XDG_RUNTIME_DIR=" + home.resolve("missing/run"),
            "XDG_DATA_HOME=" + home.resolve("missing/share"),
            hardway.home().resolve("bin/hardway").toString(),
            "run",
            "--rm",
            "--network",
            "none",
            "--rootfs",
            rootfs.toString(),
            "echo",
            "works");
    assertEquals(new Product.Outcome(0, "works\n", ""), Product.perform(command, ""));
  }
}
