package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.ValueParser;
import io.hardway.cli.value.DeviceLimit;
import io.hardway.cli.value.WholeNumber;
import io.hardway.spi.spec.BlockIoDevice;
import io.hardway.spi.spec.BlockIoResources;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The limits of block input and output that the flags ask for. */
final class BlockIoFlags {
  private BlockIoFlags() {}

  /** What is asked for; the rest is absent. */
  static BlockIoResources read(Arguments arguments) {
    BlockIoResources.Builder blockIo = BlockIoResources.builder();
    arguments
        .value("blkio-weight", WholeNumber.between(10, 1000))
        .ifPresent(value -> blockIo.weight((int) (long) value));
    return blockIo
        .weightDevices(devices(arguments, "blkio-weight-device", DeviceLimit::parseWeight))
        .throttleReadBps(devices(arguments, "device-read-bps", DeviceLimit::parseBytes))
        .throttleWriteBps(devices(arguments, "device-write-bps", DeviceLimit::parseBytes))
        .throttleReadIops(devices(arguments, "device-read-iops", DeviceLimit::parseOperations))
        .throttleWriteIops(devices(arguments, "device-write-iops", DeviceLimit::parseOperations))
        .build();
  }

  /** Of two figures for the same device, the later counts. */
  private static List<BlockIoDevice> devices(
      Arguments arguments, String flag, ValueParser<DeviceLimit> parser) {
    if (!arguments.has(flag)) {
      return List.of();
    }
    Map<String, BlockIoDevice> figures = new LinkedHashMap<>();
    for (BlockIoDevice one : arguments.values(flag, text -> parser.parse(text).resolve())) {
      figures.put(one.major() + ":" + one.minor(), one);
    }
    return List.copyOf(figures.values());
  }
}
