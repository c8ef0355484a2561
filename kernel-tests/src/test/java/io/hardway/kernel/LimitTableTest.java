package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every row of the table in {@code docs/resources.md}, on this host: what is set is in the kernel's
 * file, what this host does not have is refused as the table says. {@link VirtualMachineTest} does
 * the same on other kernels.
 */
class LimitTableTest extends KernelTest {

  @Test
  void everyRowHasAnExampleAndEveryExampleARow() throws IOException {
    List<String> rows = LimitTable.rows().stream().map(LimitTable.Row::key).toList();
    List<String> samples = LimitSample.ALL.stream().map(LimitSample::key).toList();
    assertEquals(new TreeSet<>(rows), new TreeSet<>(samples));
    assertEquals(rows.size(), new TreeSet<>(rows).size(), "a row is there twice");
    assertEquals(samples.size(), new TreeSet<>(samples).size(), "an example is there twice");
  }

  @Test
  void everyExampleSaysWhatEachFileHolds() throws IOException {
    for (LimitTable.Row row : LimitTable.rows()) {
      LimitSample sample =
          LimitSample.ALL.stream().filter(one -> one.key().equals(row.key())).findFirst().get();
      assertEquals(row.isUpdated(), !sample.update().isEmpty(), row::toString);
      for (int version = 1; version <= 2; version++) {
        String shape = row.files(version).replaceAll("[^+|]", "");
        boolean isGiven = !row.files(version).isEmpty();
        assertEquals(isGiven, !sample.lines(version).isEmpty(), row::toString);
        assertEquals(shape, sample.lines(version).replaceAll("[^+|]", ""), row::toString);
        if (row.isUpdated()) {
          assertEquals(isGiven, !sample.newLines(version).isEmpty(), row::toString);
          assertEquals(shape, sample.newLines(version).replaceAll("[^+|]", ""), row::toString);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> isInTheFileOrRefusedAsTheTableSays() throws IOException {
    LimitTableScript walk = new LimitTableScript();
    Path programs = Files.createDirectory(hardway.directory().resolve("programs"));
    Path command = programs.resolve("hardway");
    Files.writeString(
        command, "#!/bin/sh\nexec " + String.join(" ", hardway.command()) + " \"$@\"\n");
    assertTrue(command.toFile().setExecutable(true));
    Path script = hardway.directory().resolve("walk");
    Files.writeString(script, walk.text());
    Product.Outcome outcome =
        Product.perform(
            List.of(
                "env",
                "PATH=" + programs + ":/usr/sbin:/usr/bin:/sbin:/bin",
                "rootfs=" + rootfs(),
                "data=" + hardway.data(),
                "sh",
                script.toString()),
            "");
    Map<String, String> results = CheckResults.read(outcome.out());
    return walk.checks().stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name, () -> assertEquals("ok", results.get(name), outcome::err)));
  }
}
