package io.hardway.cli;

import io.hardway.core.ContainerConfig;
import io.hardway.core.InterfaceCounters;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.Usage;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A container and what it uses at one moment.
 *
 * @param isAlive whether it runs, or is paused
 * @param startedAt RFC 3339; empty where that is not known
 * @param usage without any figures where it does not run
 * @param interfaces of its own network namespace; none where it shares one
 * @param cpuShare processor time over the time since the sample before, 1 being one processor whole
 */
record StatsSample(
    ContainerConfig config,
    boolean isAlive,
    String startedAt,
    Usage usage,
    List<InterfaceCounters> interfaces,
    OptionalDouble cpuShare) {
  private static final String LOOPBACK = "lo";

  /** Whether there are figures: it runs, and has a group. */
  boolean isMeasured() {
    return usage.cpu().nanos().isPresent() || usage.memory().bytes().isPresent();
  }

  long blockReadBytes() {
    long sum = 0;
    for (BlockDeviceUsage device : usage.blockDevices()) {
      sum += device.readBytes();
    }
    return sum;
  }

  long blockWrittenBytes() {
    long sum = 0;
    for (BlockDeviceUsage device : usage.blockDevices()) {
      sum += device.writtenBytes();
    }
    return sum;
  }

  /** What came from others: loopback is left out, here and below. */
  long receivedBytes() {
    long sum = 0;
    for (InterfaceCounters each : interfaces) {
      sum += each.name().equals(LOOPBACK) ? 0 : each.receivedBytes();
    }
    return sum;
  }

  long sentBytes() {
    long sum = 0;
    for (InterfaceCounters each : interfaces) {
      sum += each.name().equals(LOOPBACK) ? 0 : each.sentBytes();
    }
    return sum;
  }
}
