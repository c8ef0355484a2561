package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.DynamicTest;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Test classes of this module, run by JUnit's console launcher on the distribution's own runtime in
 * a virtual machine. The machine leaves JUnit's report on its second disk; each test in it becomes
 * one here.
 */
final class MachineTests {
  /**
   * A tag of tests that are done on the host alone: they are about words of the command line, not
   * about the kernel, and would take minutes where each command takes seconds.
   */
  static final String ELSEWHERE = "elsewhere";

  private static final String CONSOLE_LAUNCHER = "junit-console.jar";

  private MachineTests() {}

  /**
   * Boots a machine, runs the classes in it and turns it off.
   *
   * @param groups which control groups the machine has: {@code v1} or {@code v2}
   * @param programs of this machine that the tests start in that one
   * @param properties system properties for the tests, each {@code NAME=VALUE}
   */
  static Stream<DynamicTest> run(
      String groups, List<Path> programs, List<String> properties, Class<?>... classes)
      throws IOException {
    VirtualMachine.conditions();
    try (Product hardway = Product.open()) {
      Path tests = Files.createDirectory(hardway.directory().resolve("tests"));
      Files.write(tests.resolve("arguments"), arguments(addClassPath(tests), properties, classes));
      List<String> boot = new ArrayList<>(List.of("tests", groups, tests.toString()));
      programs.forEach(program -> boot.add(program.toString()));
      String console = VirtualMachine.boot(hardway.home(), hardway.directory(), boot);
      Map<String, String> results = results(report(hardway.directory(), console));
      for (Class<?> type : classes) {
        assertTrue(
            results.keySet().stream().anyMatch(name -> name.startsWith(type.getSimpleName() + ".")),
            () -> type + " has no test in the report\n" + console);
      }
      return results.entrySet().stream()
          .map(
              result ->
                  DynamicTest.dynamicTest(
                      result.getKey(), () -> assertEquals("", result.getValue())));
    }
  }

  /** Adds what the tests of this module have on their class path, and what runs them. */
  private static List<String> addClassPath(Path tests) throws IOException {
    List<String> libraries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path from = Path.of(entry);
      String name = from.getFileName().toString();
      boolean isUnitTestsOnly =
          name.startsWith("junit-") || name.startsWith("mockito-") || name.startsWith("byte-buddy");
      if (Files.exists(from) && !isUnitTestsOnly) {
        String library = "library" + libraries.size() + (name.endsWith(".jar") ? ".jar" : "");
        copy(from, tests.resolve(library));
        libraries.add("/tests/" + library);
      }
    }
    copy(Path.of("target", CONSOLE_LAUNCHER), tests.resolve(CONSOLE_LAUNCHER));
    return libraries;
  }

  private static void copy(Path from, Path to) {
    var outcome = Product.perform(List.of("cp", "-RL", from.toString(), to.toString()), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  /** The command line of the machine's Java: an argument file, in its places for things. */
  private static List<String> arguments(
      List<String> libraries, List<String> properties, Class<?>... classes) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dhardway.home=/hardway",
                "-Dhardway.init=/hardway/bin/hardway",
                "-Dhardway.disk=/dev/vdc"));
    properties.forEach(property -> arguments.add("-D" + property));
    arguments.addAll(List.of("-jar", "/tests/" + CONSOLE_LAUNCHER, "execute"));
    arguments.add("--class-path=" + String.join(":", libraries));
    arguments.addAll(
        List.of(
            "--reports-dir=/report",
            "--details=tree",
            "--disable-banner",
            "--disable-ansi-colors",
            "--exclude-tag=" + ELSEWHERE));
    Arrays.stream(classes).forEach(type -> arguments.add("--select-class=" + type.getName()));
    return arguments;
  }

  /** The report from the second disk, on which it is a tar archive from the first block on. */
  private static Path report(Path directory, String console) throws IOException {
    Path report = Files.createDirectory(directory.resolve("report"));
    var outcome =
        Product.perform(
            List.of(
                "tar",
                "-xf",
                directory.resolve("report.image").toString(),
                "-C",
                report.toString()),
            "");
    assertEquals(0, outcome.exitCode(), () -> "no report: " + outcome + "\n" + console);
    Path file = report.resolve("TEST-junit-jupiter.xml");
    assertTrue(Files.exists(file), () -> "no report\n" + console);
    return file;
  }

  /** Each test with what is wrong with it; nothing where it passed. */
  private static Map<String, String> results(Path report) throws IOException {
    Map<String, String> results = new TreeMap<>();
    NodeList tests = parse(report).getElementsByTagName("testcase");
    for (int i = 0; i < tests.getLength(); i++) {
      Element test = (Element) tests.item(i);
      String type = test.getAttribute("classname");
      StringBuilder wrong = new StringBuilder();
      for (String kind : List.of("failure", "error", "skipped")) {
        NodeList found = test.getElementsByTagName(kind);
        for (int j = 0; j < found.getLength(); j++) {
          wrong.append(kind).append(": ").append(found.item(j).getTextContent()).append('\n');
        }
      }
      results.put(
          type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name"),
          wrong.toString());
    }
    assertFalse(results.isEmpty(), "the report has no test");
    return results;
  }

  private static Element parse(Path report) throws IOException {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(report.toFile())
          .getDocumentElement();
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException("the report " + Files.readString(report), e);
    }
  }
}
