package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private static List<String> lines(byte[] log, long whole) throws IOException {
    List<String> lines = new ArrayList<>();
    assertEquals(whole, LogLines.read(new ByteArrayInputStream(log), lines::add));
    return lines;
  }

  @Test
  void everyByteIsKept() throws IOException {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    for (int value = 0; value < 256; value++) {
      if (value != '\n') {
        log.write(value);
      }
    }
    byte[] printed = log.toByteArray();
    log.write('\n');
    assertArrayEquals(printed, LogLines.bytes(lines(log.toByteArray(), 256).get(0)));
  }

  @Test
  void aLineThatIsNotWholeYetIsLeft() throws IOException {
    assertEquals(List.of("a", "", "b"), lines("a\n\nb\nc".getBytes(), 5));
    assertEquals(List.of(), lines("abc".getBytes(), 0));
  }

  @Test
  void linesGoOnFromOnePieceToTheNext() throws IOException {
    String line = "x".repeat(200_001);
    assertEquals(List.of(line, line), lines((line + "\n" + line + "\nrest").getBytes(), 400_004));
  }
}
