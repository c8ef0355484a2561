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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Profiles that AppArmor confines containers with. {@link VirtualMachineTest} has a kernel for it.
 */
@EnabledIf(
    value = "io.hardway.kernel.AppArmor#isThere",
    disabledReason = "the kernel has no AppArmor; that of the virtual machine has")
class OciAppArmorChecks extends KernelTest {
  private static final String PROFILE = "cat /proc/self/attr/current";
  private static final String IN_FORCE = " (enforce)\n";
  private static final String TRY =
      PROFILE
          + "; cat /etc/secret >/dev/null 2>&1 && echo read; echo x 2>/dev/null >/tmp/x && echo wrote";

  private OciBundle bundle;

  @BeforeEach
  void load() throws IOException {
    AppArmor.load();
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    Files.writeString(bundle.directory().resolve("rootfs/etc/secret"), "secret");
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
    AppArmor.unload();
  }

  private static String named(String profile) {
    return ", \"apparmorProfile\": \"" + profile + "\"";
  }

  private Product.Outcome run() {
    return bundle.run("run", "--bundle", bundle.directory().toString(), "one");
  }

  private String printed(String script) throws IOException {
    bundle.script(script);
    Product.Outcome outcome = run();
    assertEquals("", outcome.err());
    return outcome.out();
  }

  private void start() throws Exception {
    bundle.program("sleep", "1000");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    outcome = bundle.run("start", "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  private String exec(String script, String... options) {
    List<String> words = new ArrayList<>(List.of("exec"));
    words.addAll(List.of(options));
    words.addAll(List.of("one", "sh", "-c", script));
    Product.Outcome outcome = bundle.run(words.toArray(String[]::new));
    assertEquals("", outcome.err());
    return outcome.out();
  }

  @Test
  void withoutOneNothingIsForbidden() throws IOException {
    assertEquals("unconfined\nread\nwrote\n", printed(TRY));
    bundle.process(named("unconfined"));
    assertEquals("unconfined\nread\nwrote\n", printed(TRY));
  }

  @Test
  void theBundlesIsInForceFromTheFirstProgramOn() throws IOException {
    bundle.process(named(AppArmor.GUARDED));
    assertEquals(AppArmor.GUARDED + IN_FORCE + "wrote\n", printed(TRY));
    bundle.process(named(AppArmor.OTHER));
    assertEquals(AppArmor.OTHER + IN_FORCE + "read\n", printed(TRY));
  }

  /** What the process gives up besides, and where it is, does not keep it from being confined. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "user namespace", "no mount namespace"})
  void itIsInForceForAnOrdinaryUserWithoutNewPrivilegesBehindAFilter(String place)
      throws IOException {
    String users =
        ", \"uidMappings\": [{\"containerID\": 0, \"hostID\": 200000, \"size\": 65536}],"
            + " \"gidMappings\": [{\"containerID\": 0, \"hostID\": 300000, \"size\": 65536}]";
    switch (place) {
      case "user namespace" ->
          bundle.namespaces("pid", "ipc", "uts", "mount", "network", "cgroup", "user");
      case "no mount namespace" -> bundle.namespaces("pid", "ipc", "uts");
      default -> {}
    }
    bundle
        .process(", \"noNewPrivileges\": true" + named(AppArmor.GUARDED))
        .linux(
            (place.equals("user namespace") ? users : "")
                + ", \"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\":"
                + " [{\"names\": [\"mkdir\", \"mkdirat\"], \"action\": \"SCMP_ACT_ERRNO\"}]}")
        .script(TRY + "; id -u; grep Seccomp: /proc/self/status");
    Path config = bundle.directory().resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"uid\": 0", "\"uid\": 1000"));
    Product.Outcome outcome = run();
    assertEquals(
        AppArmor.GUARDED + IN_FORCE + "wrote\n1000\nSeccomp:\t2\n",
        outcome.out(),
        outcome::toString);
  }

  @Test
  void aProcessOfExecHasTheContainersOrItsOwn() throws Exception {
    bundle.process(named(AppArmor.GUARDED));
    start();
    assertEquals(AppArmor.GUARDED + IN_FORCE + "wrote\n", exec(TRY));
    assertEquals(AppArmor.OTHER + IN_FORCE + "read\n", exec(TRY, "--apparmor", AppArmor.OTHER));
    Path file = hardway.directory().resolve("process.json");
    Files.writeString(
        file,
        "{\"cwd\": \"/\", \"env\": [\"PATH=/bin\"], \"args\": [\"cat\", \"/proc/self/attr/current\"]"
            + named(AppArmor.OTHER)
            + "}");
    Product.Outcome outcome = bundle.run("exec", "--process", file.toString(), "one");
    assertEquals(AppArmor.OTHER + IN_FORCE, outcome.out(), outcome::toString);
  }

  @Test
  void aProcessOfExecIsConfinedInAContainerThatIsNot() throws Exception {
    start();
    assertEquals("unconfined\n", exec(PROFILE));
    assertEquals(AppArmor.OTHER + IN_FORCE, exec(PROFILE, "--apparmor", AppArmor.OTHER));
    Product.Outcome outcome = bundle.run("exec", "--apparmor", "not-loaded", "one", "true");
    assertEquals(255, outcome.exitCode(), outcome::toString);
    assertSaysThatItIsNotLoaded(outcome);
  }

  @Test
  void oneThatIsNotLoadedIsRefusedByCreate() throws Exception {
    bundle.process(named("not-loaded")).script("true");
    Product.Outcome outcome = bundle.create("one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertSaysThatItIsNotLoaded(outcome);
    assertEquals("", bundle.run("list", "--quiet").out());
  }

  private static void assertSaysThatItIsNotLoaded(Product.Outcome outcome) {
    assertTrue(outcome.err().contains("not-loaded"), outcome::toString);
    assertTrue(outcome.err().contains("the profile must be loaded"), outcome::toString);
  }

  /** Hooks that are run on the host, and what the runtime does itself, are not the program's. */
  @Test
  void onlyWhatIsRunInsideIsConfined() throws Exception {
    Path log = Files.writeString(hardway.directory().resolve("hooks"), "");
    bundle
        .hooks(
            "\"%s\": [{\"path\": \"/bin/sh\", \"args\": [\"sh\", \"-c\", \"%s >> %s\"]}]"
                .formatted("createRuntime", PROFILE, log))
        .process(named(AppArmor.GUARDED));
    start();
    assertEquals("unconfined\n", Files.readString(log));
    String pid = bundle.run("state", "one").out().replaceAll("(?s).*\"pid\": (\\d+),.*", "$1");
    assertEquals(
        AppArmor.GUARDED + IN_FORCE, Files.readString(Path.of("/proc", pid, "attr/current")));
  }

  @ParameterizedTest
  @CsvSource({"''", "--init", "--security-opt no-new-privileges", "--user 1000", "--read-only"})
  void aContainerOfHardwayIsConfinedToo(String flags) throws IOException {
    List<String> words = new ArrayList<>(flags.isEmpty() ? List.of() : List.of(flags.split(" ")));
    words.addAll(List.of("--security-opt", "apparmor=" + AppArmor.GUARDED));
    rootfs();
    Files.writeString(Path.of(rootfs(), "etc/secret"), "secret");
    assertEquals(
        AppArmor.GUARDED + IN_FORCE + "refused",
        printed(words, PROFILE + "; cat /etc/secret 2>/dev/null || echo refused"));
  }

  @Test
  void aProcessOfHardwaysExecHasTheContainersProfile() throws IOException {
    hardway.ok(
        "run",
        "-d",
        "--name",
        "one",
        "--rootfs",
        rootfs(),
        "--security-opt",
        "apparmor=" + AppArmor.GUARDED,
        "sleep",
        "1000");
    assertEquals(
        (AppArmor.GUARDED + IN_FORCE).strip(),
        hardway.ok("exec", "one", "cat", "/proc/self/attr/current"));
  }

  @Test
  void hardwayRefusesOneThatIsNotLoaded() throws IOException {
    Product.Outcome outcome = shell(List.of("--security-opt", "apparmor=not-loaded"), "true");
    assertNotEquals(0, outcome.exitCode(), outcome::toString);
    assertSaysThatItIsNotLoaded(outcome);
    assertEquals(List.of(), hardway.remains());
  }
}
