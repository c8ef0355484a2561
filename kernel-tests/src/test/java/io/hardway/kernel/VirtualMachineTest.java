package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The product on a kernel that this machine does not run: Debian's, in an emulated machine with
 * nothing but cgroup version 2, and in one with nothing but version 1. {@code vm/checks} or {@code
 * vm/checks-v1} runs in it and says what it found, and after it the script that walks the table of
 * limits; or JUnit runs test classes of this module.
 */
class VirtualMachineTest {

  @TestFactory
  Stream<DynamicTest> versionTwoAlone() throws IOException {
    return checksAndTable("checks");
  }

  @TestFactory
  Stream<DynamicTest> whatIsDelegated() throws IOException {
    return checks("checks-delegation", "", Set.of());
  }

  @TestFactory
  Stream<DynamicTest> versionOneAlone() throws IOException {
    return checksAndTable("checks-v1");
  }

  @TestFactory
  Stream<DynamicTest> checkpoints() throws IOException {
    Conditions.program("/usr/sbin/criu");
    return checks("checks-checkpoint", "", Set.of());
  }

  @TestFactory
  Stream<DynamicTest> groupsOfSystemd() throws IOException {
    Conditions.program("/usr/bin/busctl");
    Conditions.program("/usr/bin/dbus-daemon");
    return checks("checks-systemd", "", Set.of());
  }

  @TestFactory
  Stream<DynamicTest> theContractOnVersionTwoAlone() throws IOException {
    return MachineTests.run(
        "v2",
        List.of(),
        List.of("hardway.controller=cgroup-v2"),
        ResourceControllerKernelTest.class,
        DeviceRulesTest.class,
        ForeignGroupsTest.class);
  }

  @TestFactory
  Stream<DynamicTest> theContractOnVersionOneWithEveryController() throws IOException {
    return MachineTests.run(
        "v1",
        List.of(),
        List.of("hardway.controller=cgroup-v1"),
        ResourceControllerKernelTest.class);
  }

  @TestFactory
  Stream<DynamicTest> bundlesOnVersionTwoAloneWithAppArmor() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (String program :
        List.of(
            "/usr/sbin/runc",
            "/usr/bin/crun",
            "/sbin/apparmor_parser",
            "/bin/mount",
            "/bin/umount",
            "/bin/ps",
            "/usr/bin/unshare",
            "/usr/bin/nsenter")) {
      Conditions.program(program);
      programs.add(Path.of(program));
    }
    programs.add(SeccompAgent.build(Path.of("target").toAbsolutePath()));
    return MachineTests.run(
        "v2",
        programs,
        List.of("hardway.agent=/bin/seccomp-agent", "hardway.differences=12", "hardway.crashes=4"),
        OciConfigTest.class,
        OciRuntimeTest.class,
        OciExecTest.class,
        OciUpdateTest.class,
        OciEventsTest.class,
        OciDifferentialTest.class,
        OciSeccompAgentTest.class,
        OciSchedulingTest.class,
        OciAppArmorChecks.class);
  }

  private static Stream<DynamicTest> checksAndTable(String checks) throws IOException {
    LimitTableScript walk = new LimitTableScript();
    return checks(checks, walk.text(), walk.checks());
  }

  /**
   * @param more a script that runs when the checks are through
   * @param moreChecks what it says something of
   */
  private static Stream<DynamicTest> checks(String checks, String more, Set<String> moreChecks)
      throws IOException {
    VirtualMachine.conditions();
    try (Product hardway = Product.open()) {
      Path script = Files.writeString(hardway.directory().resolve("more"), more);
      String output =
          VirtualMachine.boot(
              hardway.home(), hardway.directory(), List.of(checks, script.toString()));
      Map<String, String> results = CheckResults.read(output);
      assertEquals("ok", results.get("finished"), output);
      List<String> wanted = new ArrayList<>(wanted(VirtualMachine.script(checks)));
      assertTrue(wanted.size() > 10, wanted::toString);
      wanted.addAll(moreChecks);
      // Some are done on the host alone, where a command does not take seconds.
      wanted.removeIf(name -> "elsewhere".equals(results.get(name)));
      return wanted.stream()
          .map(
              name ->
                  DynamicTest.dynamicTest(
                      name, () -> assertEquals("ok", results.get(name), output)));
    }
  }

  /** The names of the checks, from the script itself: one that says nothing has failed. */
  private static List<String> wanted(Path script) throws IOException {
    try (Stream<String> lines = Files.lines(script)) {
      return lines
          .filter(line -> line.startsWith("same "))
          .map(line -> line.split(" ")[1])
          .toList();
    }
  }
}
