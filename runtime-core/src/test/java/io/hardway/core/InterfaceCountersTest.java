package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterfaceCountersTest {
  @Test
  void isReadAsTheKernelWritesIt() {
    String text =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
        eth0.1:12345678901 22   33   44    5     6          7         8       99     10   11   12   13    14      15         16
        """;
    assertEquals(
        List.of(
            new InterfaceCounters("lo", 0, 0, 0, 0, 0, 0, 0, 0),
            new InterfaceCounters("eth0.1", 12_345_678_901L, 22, 33, 44, 99, 10, 11, 12)),
        InterfaceCounters.parse(text));
  }

  @Test
  void aProcessThatIsGoneHasNone() {
    assertEquals(List.of(), InterfaceCounters.ofProcess(0));
    assertFalse(InterfaceCounters.ofProcess(ProcessHandle.current().pid()).isEmpty());
  }
}
