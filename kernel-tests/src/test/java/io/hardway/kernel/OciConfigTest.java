package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a container sees of what its {@code config.json} says; config.md, config-linux.md. */
class OciConfigTest extends KernelTest {
  private OciBundle bundle;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
  }

  /** What it prints. */
  private String output() throws Exception {
    Path output = bundle.output("one");
    Product.Outcome outcome =
        bundle.runInto(output, "run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return Files.readString(output);
  }

  @Test
  void mountsOfItsOwnSpreadAsTheyAreTold() throws Exception {
    bundle
        .mounts(
            """
            , {"destination": "/a", "type": "tmpfs", "source": "tmpfs", "options": ["shared"]}
            , {"destination": "/b", "type": "tmpfs", "source": "tmpfs", "options": ["runbindable"]}
            , {"destination": "/c", "type": "tmpfs", "source": "tmpfs", "options": ["private"]}""")
        .script(
            "for at in a b c; do"
                + " grep -o \" /$at .*- tmpfs\" /proc/self/mountinfo | grep -oE 'shared:|unbindable|^ /.'; done");
    assertEquals(" /a\nshared:\n /b\nunbindable\n /c\n", output());
  }

  @Test
  void aSharedBindReachesTheHostOnlyWhereTheRootDoes() throws Exception {
    Path shared = Files.createDirectories(hardway.directory().resolve("shared"));
    ok("mount", "-t", "tmpfs", "--make-shared", "tmpfs", shared.toString());
    try {
      assertEquals("", groupsInCommon(shared, ""));
      assertEquals("same\n", groupsInCommon(shared, ", \"rootfsPropagation\": \"rshared\""));
    } finally {
      ok("umount", shared.toString());
    }
  }

  /** Whether the bind of a directory is of the host's group of peers. */
  private String groupsInCommon(Path shared, String linux) throws Exception {
    String group =
        ok("grep", " " + shared + " ", "/proc/self/mountinfo")
            .replaceAll("(?s).*(shared:\\d+).*", "$1");
    bundle
        .mounts(
            ", {\"destination\": \"/d\", \"source\": \""
                + shared
                + "\", \"options\": [\"bind\", \"shared\"]}")
        .linux(linux)
        .script("! grep ' /d ' /proc/self/mountinfo | grep -q '" + group + " ' || echo same");
    return output();
  }

  private static String ok(String... command) {
    Product.Outcome outcome = Product.perform(List.of(command), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return outcome.out();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void inAMountNamespaceOfAnotherItStandsOnItsRootAllTheSame(boolean joins) throws Exception {
    Process holder = new ProcessBuilder("unshare", "--mount", "sleep", "1000").start();
    try {
      String host = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
      Path other = Path.of("/proc", Long.toString(holder.pid()), "ns/mnt");
      for (int i = 0; i < 500 && Files.readSymbolicLink(other).toString().equals(host); i++) {
        Thread.sleep(10);
      }
      List<String> mounts = Files.readAllLines(Path.of("/proc/self/mountinfo"));
      bundle
          .namespaces("pid", "uts")
          .script("readlink /proc/self/ns/mnt; pwd; ls -d /dev/null /proc/1");
      if (joins) {
        Path config = bundle.directory().resolve("config.json");
        Files.writeString(
            config,
            Files.readString(config)
                .replace(
                    "{\"type\": \"uts\"}",
                    "{\"type\": \"uts\"}, {\"type\": \"mount\", \"path\": \"" + other + "\"}"));
      }
      String namespace = joins ? Files.readSymbolicLink(other).toString() : host;
      assertEquals(namespace + "\n/\n/dev/null\n/proc/1\n", output());
      assertEquals(mounts, Files.readAllLines(Path.of("/proc/self/mountinfo")));
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void aCapabilityThatTheHostLacksIsLeftOutWithAWarning() throws Exception {
    bundle.script("grep CapEff /proc/self/status");
    Path config = bundle.directory().resolve("config.json");
    String text = Files.readString(config).replace("1.0.2", "1.2.0");
    Files.writeString(config, text.replace("\"CAP_KILL\"", "\"CAP_KILL\", \"CAP_FLY\""));
    Path log = hardway.directory().resolve("log");
    Path output = bundle.output("one");
    Product.Outcome outcome =
        bundle.runInto(
            output,
            "--log-format",
            "json",
            "--log",
            log.toString(),
            "run",
            "--bundle",
            bundle.directory().toString(),
            "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    assertEquals("", outcome.err());
    assertEquals("CapEff:\t0000000000000020\n", Files.readString(output));
    String line = Files.readString(log);
    assertTrue(line.contains("\"level\":\"warning\"") && line.contains("CAP_FLY"), line);
  }

  @Test
  void aUserOpensItsStandardStreamsByTheirNames() throws Exception {
    bundle.script("echo out > /dev/stdout; echo err > /dev/stderr; id -u");
    Path config = bundle.directory().resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"uid\": 0", "\"uid\": 1000"));
    Product.Outcome outcome = bundle.run("run", "--bundle", bundle.directory().toString(), "one");
    assertEquals("out\n1000\n", outcome.out());
    assertEquals("err\n", outcome.err());
  }

  @Test
  void withoutRulesAboutDevicesItMayUseTheDefaultOnesAndMakeAny() throws Exception {
    // The kernel asks the rules before it looks whether there is such a device.
    bundle.script(
        "for of in '1 3' '1 5' '1 7' '1 8' '1 9' '5 0' '5 2' '10 200' '136 0' '4 64' '5 1' '10 229'; do"
            + " mknod /tmp/d c $of; (: < /tmp/d) 2>&1 | grep -q 'not permitted' && echo no $of;"
            + " rm /tmp/d; done; mknod /tmp/d b 8 0; head -c 1 /tmp/d 2>&1; true");
    Path config = bundle.directory().resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"CAP_KILL\"", "\"CAP_KILL\", \"CAP_MKNOD\""));
    assertEquals("no 4 64\nno 5 1\nno 10 229\nhead: /tmp/d: Operation not permitted\n", output());
  }

  @Test
  void aFilterNeedNotLetPassWhatOnlyTheRuntimeUses() throws Exception {
    bundle
        .process(", \"noNewPrivileges\": true")
        .linux(
            """
            , "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["close_range", "capset", "setgroups", "setresuid", "accept4"],
               "action": "SCMP_ACT_KILL_PROCESS"}]}""")
        .script("grep Seccomp: /proc/self/status");
    assertEquals("Seccomp:\t2\n", output());
  }
}
