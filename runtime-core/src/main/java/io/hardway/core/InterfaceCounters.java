package io.hardway.core;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * What a network interface has received and sent; proc_pid_net(5), {@code /proc/PID/net/dev}.
 *
 * @param name the interface's name in its namespace
 */
public record InterfaceCounters(
    String name,
    long receivedBytes,
    long receivedPackets,
    long receivedErrors,
    long receivedDropped,
    long sentBytes,
    long sentPackets,
    long sentErrors,
    long sentDropped) {
  private static final int FIGURES = 12;
  private static final int SENT = 8;

  /** The interfaces of a process's network namespace; none where the process is gone. */
  static List<InterfaceCounters> ofProcess(long pid) {
    String text;
    try {
      text = Files.readString(Path.of("/proc/" + pid + "/net/dev"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return List.of();
    }
    return parse(text);
  }

  static List<InterfaceCounters> parse(String text) {
    List<InterfaceCounters> interfaces = new ArrayList<>();
    for (String line : text.split("\n")) {
      int colon = line.lastIndexOf(':');
      if (colon < 0) {
        continue; // the headings
      }
      StringTokenizer words = new StringTokenizer(line.substring(colon + 1));
      if (words.countTokens() < FIGURES) {
        continue;
      }
      long[] figures = new long[FIGURES];
      for (int i = 0; i < FIGURES; i++) {
        figures[i] = Long.parseLong(words.nextToken());
      }
      interfaces.add(
          new InterfaceCounters(
              line.substring(0, colon).strip(),
              figures[0],
              figures[1],
              figures[2],
              figures[3],
              figures[SENT],
              figures[SENT + 1],
              figures[SENT + 2],
              figures[SENT + 3]));
    }
    return interfaces;
  }
}
