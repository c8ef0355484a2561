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
    home = hardway.directory().resolve(user);
    if (Files.notExists(home)) {
      Files.createDirectory(home);
      assertEquals(0, Product.perform(List.of("chown", user, home.toString()), "").exitCode());
    }
    List<String> command =
        new ArrayList<>(
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
                "USER=" + user,
                hardway.home().resolve("bin/hardway").toString(),
                "--state",
                home.resolve("state").toString(),
                "--root",
                home.resolve("data").toString()));
    command.addAll(List.of(arguments));
    return Product.perform(command, "");
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
}
