package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.core.BundleUsage;
import io.hardway.core.InterfaceCounters;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class OciStatsJsonTest {
  private static String json(BundleUsage usage) {
    JsonWriter json = new JsonWriter();
    OciStatsJson.write(json, usage);
    return json.toString();
  }

  private static String lines(String... lines) {
    return String.join("", lines);
  }

  @Test
  void everyFigureHasItsPlace() {
    Usage usage =
        Usage.builder()
            .cpu(
                CpuUsage.builder()
                    .nanos(1)
                    .systemNanos(2)
                    .userNanos(3)
                    .periods(4)
                    .throttledPeriods(5)
                    .throttledNanos(6)
                    .build())
            .cpuPressure(
                Pressure.builder()
                    .some(Pressure.Stall.builder().average10(0.5).totalNanos(7000).build())
                    .build())
            .memory(
                MemoryUsage.builder()
                    .limit(Limit.of(100))
                    .bytes(8)
                    .peakBytes(9)
                    .limitHits(10)
                    .swapLimit(Limit.of(50))
                    .swapBytes(11)
                    .kernelBytes(12)
                    .socketBytes(13)
                    .anonBytes(14)
                    .fileBytes(15)
                    .build())
            .pids(16)
            .pidsLimit(Limit.of(17))
            .blockDevices(
                List.of(
                    BlockDeviceUsage.builder()
                        .major(8)
                        .minor(1)
                        .readBytes(18)
                        .writtenBytes(19)
                        .discardedBytes(20)
                        .reads(21)
                        .writes(22)
                        .discards(23)
                        .build()))
            .hugepages(
                List.of(HugepageUsage.builder().pageSize("2MB").bytes(24).limitHits(25).build()))
            .build();
    assertEquals(
        lines(
            "{\"cpu\":{\"usage\":{\"total\":1,\"kernel\":2,\"user\":3},",
            "\"throttling\":{\"periods\":4,\"throttledPeriods\":5,\"throttledTime\":6},",
            "\"psi\":{\"some\":{\"avg10\":0.5,\"avg60\":0.0,\"avg300\":0.0,\"total\":7}}},",
            "\"memory\":{\"cache\":15,",
            "\"usage\":{\"limit\":100,\"usage\":8,\"max\":9,\"failcnt\":10},",
            "\"swap\":{\"limit\":150,\"usage\":19},",
            "\"kernel\":{\"limit\":9223372036854771712,\"usage\":12},",
            "\"kernelTCP\":{\"limit\":9223372036854771712,\"usage\":13},",
            "\"raw\":{\"anon\":14,\"file\":15,\"sock\":13}},",
            "\"pids\":{\"current\":16,\"limit\":17},",
            "\"blkio\":{\"ioServiceBytesRecursive\":[",
            "{\"major\":8,\"minor\":1,\"op\":\"Read\",\"value\":18},",
            "{\"major\":8,\"minor\":1,\"op\":\"Write\",\"value\":19},",
            "{\"major\":8,\"minor\":1,\"op\":\"Discard\",\"value\":20}],",
            "\"ioServicedRecursive\":[",
            "{\"major\":8,\"minor\":1,\"op\":\"Read\",\"value\":21},",
            "{\"major\":8,\"minor\":1,\"op\":\"Write\",\"value\":22},",
            "{\"major\":8,\"minor\":1,\"op\":\"Discard\",\"value\":23}]},",
            "\"hugetlb\":{\"2MB\":{\"usage\":24,\"failcnt\":25}},",
            "\"network_interfaces\":[{\"Name\":\"eth0\",\"RxBytes\":1,\"RxPackets\":2,",
            "\"RxErrors\":3,\"RxDropped\":4,\"TxBytes\":5,\"TxPackets\":6,\"TxErrors\":7,",
            "\"TxDropped\":8}]}"),
        json(
            new BundleUsage(
                usage, 2, List.of(new InterfaceCounters("eth0", 1, 2, 3, 4, 5, 6, 7, 8)))));
  }

  @Test
  void whatIsNotKnownIsLeftOutAndNoLimitIsTheLargestNumberOrNone() {
    Usage usage =
        Usage.builder()
            .memory(MemoryUsage.builder().limit(Limit.unlimited()).anonBytes(1).build())
            .pidsLimit(Limit.unlimited())
            .build();
    assertEquals(
        lines(
            "{\"cpu\":{\"usage\":{},\"throttling\":{}},",
            "\"memory\":{\"usage\":{\"limit\":9223372036854771712},",
            "\"swap\":{\"limit\":9223372036854771712},\"raw\":{\"total_rss\":1}},",
            "\"pids\":{},\"blkio\":{},\"hugetlb\":{},\"network_interfaces\":[]}"),
        json(new BundleUsage(usage, 1, List.of())));
  }
}
