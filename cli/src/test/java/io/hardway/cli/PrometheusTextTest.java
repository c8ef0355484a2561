package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.InterfaceCounters;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the text format 0.0.4, as prometheus.io/docs/instrumenting writes them. */
class PrometheusTextTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+)\\} (-?[0-9]+(?:\\.[0-9]+)?)");

  private static Usage usage() {
    Pressure.Stall stall = Pressure.Stall.builder().totalNanos(1_500_000_000).build();
    return Usage.builder()
        .cpu(CpuUsage.builder().nanos(2_000_000_001).throttledPeriods(4).build())
        .memory(
            MemoryUsage.builder()
                .bytes(4096)
                .inactiveFileBytes(1096)
                .limit(Limit.of(8192))
                .high(Limit.unlimited())
                .oomKills(1)
                .build())
        .pids(3)
        .pidsLimit(Limit.of(32))
        .blockDevices(
            List.of(
                BlockDeviceUsage.builder().major(4000).minor(1).readBytes(10).writes(2).build(),
                BlockDeviceUsage.builder().major(4000).minor(2).readBytes(20).build()))
        .hugepages(List.of(HugepageUsage.builder().pageSize("2MB").bytes(2 << 20).build()))
        .ioPressure(Pressure.builder().some(stall).build())
        .build();
  }

  private static String page(String image) {
    List<InterfaceCounters> interfaces =
        List.of(new InterfaceCounters("eth0", 1, 2, 3, 4, 5, 6, 7, 8));
    return PrometheusText.of(
        List.of(
            StatsSamples.running("web", image, usage(), interfaces),
            StatsSamples.running("shop", image, usage(), interfaces)));
  }

  @Test
  void everyLineIsASampleOrToldBefore() {
    Set<String> families = new HashSet<>();
    Set<String> series = new HashSet<>();
    String family = "";
    String type = "";
    String page = page("/srv/root");
    assertTrue(page.endsWith("\n"), page);
    for (String line : page.split("\n")) {
      if (line.startsWith("# HELP ")) {
        family = line.split(" ")[2];
        assertTrue(families.add(family), "the samples of " + family + " stand together");
        assertTrue(line.length() > "# HELP ".length() + family.length() + 1, line);
      } else if (line.startsWith("# TYPE ")) {
        assertEquals(family, line.split(" ")[2]);
        type = line.split(" ")[3];
        assertTrue(Set.of("counter", "gauge").contains(type), line);
        assertEquals(type.equals("counter"), family.endsWith("_total"), line);
      } else {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        assertEquals(family, sample.group(1));
        assertTrue(series.add(sample.group(1) + sample.group(2)), line);
      }
    }
  }

  @Test
  void unitsAreSecondsAndBytes() {
    String page = page("/srv/root");
    String web = "{id=\"" + StatsSamples.ID + "\",name=\"web\"";
    for (String sample :
        List.of(
            "cpu_usage_seconds_total" + web + "} 2.000000001",
            "cpu_throttled_periods_total" + web + "} 4",
            "memory_usage_bytes" + web + "} 4096",
            "memory_working_set_bytes" + web + "} 3000",
            "memory_limit_bytes" + web + "} 8192",
            "oom_kills_total" + web + "} 1",
            "pids" + web + "} 3",
            "pids_limit" + web + "} 32",
            "block_read_bytes_total" + web + ",device=\"4000:2\",major=\"4000\",minor=\"2\"} 20",
            "block_writes_total" + web + ",device=\"4000:1\",major=\"4000\",minor=\"1\"} 2",
            "hugetlb_usage_bytes" + web + ",page_size=\"2MB\"} 2097152",
            "pressure_io_waiting_seconds_total" + web + "} 1.5",
            "network_receive_bytes_total" + web + ",interface=\"eth0\"} 1",
            "network_transmit_dropped_total" + web + ",interface=\"eth0\"} 8",
            "running" + web + "} 1",
            "start_time_seconds" + web + "} 1767225600.5")) {
      assertTrue(page.contains("\nhardway_container_" + sample + "\n"), sample + " in\n" + page);
    }
  }

  @Test
  void whatIsNotKnownAndALimitThatIsNoneAreLeftOut() {
    String page = page("/srv/root");
    for (String absent : List.of("memory_high_bytes", "oom_events_total", "pressure_cpu")) {
      assertFalse(page.contains(absent), page);
    }
    assertEquals("", PrometheusText.of(new ArrayList<>()));
  }

  @Test
  void labelsAreEscaped() {
    String page = page("a\\b\"c\nd");
    assertTrue(page.contains(",image=\"a\\\\b\\\"c\\nd\"} 1\n"), page);
  }
}
