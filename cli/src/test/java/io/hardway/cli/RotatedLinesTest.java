package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatedLinesTest {
  @TempDir Path folder;

  private Path file;
  private RotatedLines lines;

  @BeforeEach
  void open() {
    file = folder.resolve("log");
    lines = new RotatedLines(file);
  }

  @AfterEach
  void close() throws IOException {
    lines.close();
  }

  private void add(Path to, String text) throws IOException {
    Files.writeString(to, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private Path part(int age) {
    return age == 0 ? file : Path.of(file + "." + age);
  }

  private void rotate(int files) throws IOException {
    for (int age = files - 1; age > 0; age--) {
      if (Files.exists(part(age - 1))) {
        Files.move(part(age - 1), part(age), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(file);
  }

  private List<String> next() throws IOException {
    List<String> given = new ArrayList<>();
    lines.read(given::add);
    return given;
  }

  @Test
  void aFileThatIsNotThereYetIsReadLater() throws IOException {
    assertEquals(List.of(), next());
    add(file, "a\n");
    assertEquals(List.of("a"), next());
  }

  @Test
  void whatIsThereIsReadOnceTheOldestFirst() throws IOException {
    for (int i = 0; i < 5; i++) {
      add(file, i + "\n");
      rotate(5);
    }
    add(file, "5\n");
    assertEquals(List.of("1", "2", "3", "4", "5"), next());
    assertEquals(List.of(), next());
    assertEquals(List.of(), next());
  }

  @Test
  void theRestOfARotatedFileIsReadBeforeTheNewOne() throws IOException {
    add(file, "a\n");
    assertEquals(List.of("a"), next());
    add(file, "b\nc\n");
    rotate(3);
    add(file, "d\n");
    assertEquals(List.of("b", "c", "d"), next());
    assertEquals(List.of(), next());
  }

  @Test
  void soItIsWhereItWasRotatedTwice() throws IOException {
    add(file, "a\n");
    assertEquals(List.of("a"), next());
    add(file, "b\n");
    rotate(5);
    add(file, "c\n");
    rotate(5);
    add(file, "d\n");
    assertEquals(List.of("b", "c", "d"), next());
  }

  @Test
  void theRestOfAFileThatIsGoneIsRead() throws IOException {
    add(file, "a\n");
    assertEquals(List.of("a"), next());
    add(file, "b\n");
    rotate(1);
    add(file, "c\n");
    assertEquals(List.of("b", "c"), next());
  }

  @Test
  void whoOpenedItBeforeItWasRotatedIsReadToo() throws IOException {
    add(file, "a\n");
    assertEquals(List.of("a"), next());
    rotate(2);
    add(file, "c\n");
    assertEquals(List.of("c"), next());
    add(part(1), "b\n");
    assertEquals(List.of("b"), next());
  }

  @Test
  void aFileThatWasEmptiedIsReadFromItsBeginning() throws IOException {
    add(file, "long line\n");
    assertEquals(List.of("long line"), next());
    Files.writeString(file, "new\n");
    assertEquals(List.of("new"), next());
  }
}
