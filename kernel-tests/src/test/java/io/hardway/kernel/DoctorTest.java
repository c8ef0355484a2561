package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What doctor finds on this host, with less than it has, and as an ordinary user. */
class DoctorTest extends KernelTest {

  private static String finding(String check, String result, String remark) {
    return "{\"Check\":\"" + check + "\",\"Result\":\"" + result + "\",\"Remark\":\"" + remark;
  }

  private static void assertFinds(Product.Outcome outcome, String... finding) {
    String expected = finding(finding[0], finding[1], finding[2]);
    assertTrue(outcome.out().contains(expected), () -> expected + "\n" + outcome);
  }

  @Test
  void rootIsToldWhatThereIs() {
    Product.Outcome json = hardway.run("doctor", "--format", "json");
    assertEquals(0, json.exitCode(), json::toString);
    assertFinds(json, "user", "ok", "root");
    for (String kind : List.of("mnt", "pid", "uts", "user", "net", "ipc", "cgroup", "time")) {
      boolean has = Files.exists(Path.of("/proc/self/ns", kind));
      assertFinds(json, "namespace " + kind, has ? "ok" : "missing", "");
    }
    assertFinds(json, "isolation plugin isolation-linux", "ok", "");
    assertFinds(json, "rootfs plugin fs-overlay", "ok", "");
    assertTrue(json.out().contains("\"forwarding of IPv4\""), json::toString);
    assertFinds(json, "containers", "ok", "");
    assertFinds(json, "ahead-of-time cache", "ok", "in use");
    assertFinds(json, "data directory", "ok", hardway.data().toString());
    String table = hardway.ok("doctor");
    assertTrue(table.startsWith("CHECK "), table);
    assertEquals(table.lines().count() - 1, json.out().lines().count(), "the same findings");
    assertEquals(125, hardway.run("doctor", "--format", "xml").exitCode());
  }

  @Test
  void whatIsMissingIsNamedWithTheWayToGetIt() throws IOException {
    List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set=-mknod"));
    command.addAll(hardway.command("doctor", "--format", "json"));
    assertFinds(
        Product.perform(command, ""),
        "CAP_MKNOD",
        "missing",
        "what needs it is refused: start hardway with it");
    Path copy = hardway.directory().resolve("copy");
    assertEquals(
        0,
        Product.perform(List.of("cp", "-r", hardway.home().toString(), copy.toString()), "")
            .exitCode());
    try (var caches = Files.newDirectoryStream(copy.resolve("lib"), "*.aot")) {
      for (Path cache : caches) {
        Files.delete(cache);
      }
    }
    command = new ArrayList<>(hardway.command("doctor", "--format", "json"));
    command.set(0, copy.resolve("bin/hardway").toString());
    Product.Outcome without = Product.perform(command, "");
    assertEquals(0, without.exitCode(), without::toString);
    assertFinds(without, "ahead-of-time cache", "missing", "commands start 70 ms later");
  }

  @Test
  void anOrdinaryUserIsToldWhatRootWouldHave() throws IOException {
    for (String user : List.of("hardway-subids", "hardway-plain")) {
      Conditions.require(
          Product.perform(List.of("id", user), "").exitCode() == 0,
          "needs the user " + user + ", see kernel-tests/prepare");
      Product.Outcome json = hardway.of(user).run("doctor", "--format", "json");
      assertEquals(0, json.exitCode(), json::toString);
      assertFinds(json, "user", "ok", "an ordinary user, ");
      assertFinds(json, "user namespaces for users", "ok", "");
      if (user.equals("hardway-subids")) {
        assertFinds(json, "subordinate ids", "ok", "");
      } else {
        assertFinds(
            json,
            "subordinate ids",
            "missing",
            "containers have one id; more with lines in /etc/subuid and /etc/subgid");
      }
      assertFinds(json, "containers", "ok", "");
    }
  }
}
