package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The product on a kernel that this machine does not run: Debian's, in an emulated machine with
 * nothing but cgroup version 2, and in one with nothing but version 1. {@code vm/checks} or {@code
 * vm/checks-v1} runs in it and says what it found; or JUnit runs test classes of this module.
 */
class VirtualMachineTest {
  private static final String RESULT = "RESULT ";

  @TestFactory
  Stream<DynamicTest> versionTwoAlone() throws IOException {
    return checks("checks");
  }

  @TestFactory
  Stream<DynamicTest> whatIsDelegated() throws IOException {
    return checks("checks-delegation");
  }

  @TestFactory
  Stream<DynamicTest> versionOneAlone() throws IOException {
    return checks("checks-v1");
  }

  @TestFactory
  Stream<DynamicTest> theContractOnVersionTwoAlone() throws IOException {
    return MachineTests.run(
        "v2",
        List.of("hardway.controller=cgroup-v2"),
        ResourceControllerKernelTest.class,
        DeviceRulesTest.class);
  }

  @TestFactory
  Stream<DynamicTest> theContractOnVersionOneWithEveryController() throws IOException {
    return MachineTests.run(
        "v1", List.of("hardway.controller=cgroup-v1"), ResourceControllerKernelTest.class);
  }

  private static Stream<DynamicTest> checks(String checks) throws IOException {
    VirtualMachine.conditions();
    try (Product hardway = Product.open()) {
      String output = VirtualMachine.boot(hardway.home(), hardway.directory(), List.of(checks));
      Map<String, String> results = results(output);
      assertEquals("ok", results.get("finished"), output);
      List<String> wanted = wanted(VirtualMachine.script(checks));
      assertTrue(wanted.size() > 10, wanted::toString);
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

  private static Map<String, String> results(String console) {
    Map<String, String> results = new TreeMap<>();
    for (String line : console.split("\r?\n")) {
      if (line.startsWith(RESULT)) {
        String[] words = line.substring(RESULT.length()).split(" ", 2);
        results.put(words[0], words.length > 1 ? words[1].strip() : "");
      }
    }
    return results;
  }
}
