package io.hardway.cli;

import io.hardway.core.ContainerConfig;
import io.hardway.core.InterfaceCounters;
import io.hardway.spi.BlockDeviceUsage;
import io.hardway.spi.CpuUsage;
import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.MemoryUsage;
import io.hardway.spi.Pressure;
import io.hardway.spi.Usage;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * What containers use in the text format that Prometheus reads, version 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats): base units, names of counters end in
 * {@code _total}. A figure that the kernel does not give, and a limit that is none, is left out.
 */
final class PrometheusText {
  private static final String PREFIX = "hardway_container_";
  private static final int NANO_DIGITS = 9;

  private final List<StatsSample> samples;
  private final StringBuilder text = new StringBuilder(4096);

  private PrometheusText(List<StatsSample> samples) {
    this.samples = samples;
  }

  /** The page. */
  static String of(List<StatsSample> samples) {
    PrometheusText page = new PrometheusText(samples);
    page.containers();
    page.cpu();
    page.memory();
    page.tasks();
    page.blockDevices();
    page.hugepages();
    page.pressure("cpu", Usage::cpuPressure);
    page.pressure("memory", Usage::memoryPressure);
    page.pressure("io", Usage::ioPressure);
    page.interfaces();
    return page.text.toString();
  }

  private void containers() {
    Family info = gauge("info", "What the container is called, and what it stands on.");
    for (StatsSample sample : samples) {
      info.add(sample, "1", "image", sample.config().sourceText());
    }
    Family running =
        gauge("running", "Whether the container runs: 1, also while it is paused, or 0.");
    Family started = gauge("start_time_seconds", "When it was started, in seconds of Unix time.");
    for (StatsSample sample : samples) {
      running.add(sample, sample.isAlive() ? "1" : "0");
    }
    for (StatsSample sample : samples) {
      startTime(sample).ifPresent(time -> started.add(sample, time));
    }
  }

  private static Optional<String> startTime(StatsSample sample) {
    if (!sample.isAlive()) {
      return Optional.empty();
    }
    try {
      Instant time = Instant.parse(sample.startedAt());
      return Optional.of(
          BigDecimal.valueOf(time.getEpochSecond())
              .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS))
              .stripTrailingZeros()
              .toPlainString());
    } catch (DateTimeException starting) {
      return Optional.empty();
    }
  }

  private void cpu() {
    seconds("cpu_usage_seconds_total", "Processor time used.", cpu(CpuUsage::nanos));
    seconds("cpu_user_seconds_total", "Of it in user mode.", cpu(CpuUsage::userNanos));
    seconds("cpu_system_seconds_total", "Of it in the kernel.", cpu(CpuUsage::systemNanos));
    counter("cpu_periods_total", "Periods of the processor limit.", cpu(CpuUsage::periods));
    counter(
        "cpu_throttled_periods_total",
        "Of them those in which the limit was reached.",
        cpu(CpuUsage::throttledPeriods));
    seconds(
        "cpu_throttled_seconds_total",
        "How long tasks stood still for the processor limit.",
        cpu(CpuUsage::throttledNanos));
    counter(
        "cpu_burst_periods_total",
        "Periods in which saved processor time was used.",
        cpu(CpuUsage::burstPeriods));
    seconds("cpu_burst_seconds_total", "Saved processor time used.", cpu(CpuUsage::burstNanos));
  }

  private static Function<Usage, OptionalLong> cpu(Function<CpuUsage, OptionalLong> figure) {
    return usage -> figure.apply(usage.cpu());
  }

  private void memory() {
    bytes("memory_usage_bytes", "Memory held, with cache of files.", MemoryUsage::bytes);
    bytes(
        "memory_working_set_bytes",
        "Memory held, without cache that goes first.",
        MemoryUsage::usedBytes);
    bytes("memory_peak_bytes", "The most memory held so far.", MemoryUsage::peakBytes);
    bytes("memory_anon_bytes", "Memory of programs.", MemoryUsage::anonBytes);
    bytes("memory_file_bytes", "Cache of files.", MemoryUsage::fileBytes);
    bytes("memory_mapped_bytes", "Mapped files.", MemoryUsage::mappedBytes);
    bytes("memory_shared_bytes", "Tmpfs and shared memory.", MemoryUsage::sharedBytes);
    bytes("memory_kernel_bytes", "Memory of the kernel.", MemoryUsage::kernelBytes);
    bytes("memory_slab_bytes", "Small objects of the kernel.", MemoryUsage::slabBytes);
    bytes("memory_socket_bytes", "Buffers of sockets.", MemoryUsage::socketBytes);
    bytes("memory_swap_bytes", "Bytes in swap.", MemoryUsage::swapBytes);
    limit("memory_limit_bytes", "The limit of memory.", usage -> usage.memory().limit());
    limit("memory_high_bytes", "Where tasks are slowed down.", usage -> usage.memory().high());
    limit("memory_low_bytes", "What is kept if possible.", usage -> usage.memory().low());
    limit("memory_min_bytes", "What is kept in any case.", usage -> usage.memory().min());
    limit("memory_swap_limit_bytes", "The limit of swap.", usage -> usage.memory().swapLimit());
    events("memory_limit_hits_total", "How often the limit was reached.", MemoryUsage::limitHits);
    events("memory_high_hits_total", "How often high was passed.", MemoryUsage::highHits);
    events("oom_events_total", "How often memory was out.", MemoryUsage::oomEvents);
    events("oom_kills_total", "Processes killed for lack of memory.", MemoryUsage::oomKills);
    events("memory_page_faults_total", "Page faults.", MemoryUsage::pageFaults);
    events(
        "memory_major_page_faults_total",
        "Page faults that read from a disk.",
        MemoryUsage::majorPageFaults);
  }

  private void bytes(String name, String help, Function<MemoryUsage, OptionalLong> figure) {
    family("gauge", name, help, usage -> figure.apply(usage.memory()), Long::toString);
  }

  private void events(String name, String help, Function<MemoryUsage, OptionalLong> figure) {
    counter(name, help, usage -> figure.apply(usage.memory()));
  }

  private void tasks() {
    family("gauge", "pids", "Tasks, threads among them.", Usage::pids, Long::toString);
    limit("pids_limit", "The limit of tasks.", Usage::pidsLimit);
    counter("pids_limit_hits_total", "How often a task was refused.", Usage::pidsLimitHits);
  }

  private void blockDevices() {
    device("block_read_bytes_total", "Bytes read.", BlockDeviceUsage::readBytes);
    device("block_written_bytes_total", "Bytes written.", BlockDeviceUsage::writtenBytes);
    device("block_discarded_bytes_total", "Bytes discarded.", BlockDeviceUsage::discardedBytes);
    device("block_reads_total", "Reads.", BlockDeviceUsage::reads);
    device("block_writes_total", "Writes.", BlockDeviceUsage::writes);
    device("block_discards_total", "Discards.", BlockDeviceUsage::discards);
  }

  private void device(String name, String help, ToLongFunction<BlockDeviceUsage> figure) {
    Family family = new Family("counter", name, help);
    for (StatsSample sample : samples) {
      for (BlockDeviceUsage device : sample.usage().blockDevices()) {
        family.add(
            sample,
            Long.toString(figure.applyAsLong(device)),
            "device",
            BlockDeviceNames.of(device),
            "major",
            Long.toString(device.major()),
            "minor",
            Long.toString(device.minor()));
      }
    }
  }

  private void hugepages() {
    Family used = gauge("hugetlb_usage_bytes", "Huge pages held.");
    hugepages(used, pages -> OptionalLong.of(pages.bytes()));
    hugepages(
        gauge("hugetlb_peak_bytes", "The most huge pages held so far."), HugepageUsage::peakBytes);
    hugepages(
        gauge("hugetlb_limit_bytes", "The limit of huge pages."), pages -> bound(pages.limit()));
    hugepages(
        new Family("counter", "hugetlb_limit_hits_total", "How often a huge page was refused."),
        HugepageUsage::limitHits);
  }

  private void hugepages(Family family, Function<HugepageUsage, OptionalLong> figure) {
    for (StatsSample sample : samples) {
      for (HugepageUsage pages : sample.usage().hugepages()) {
        figure
            .apply(pages)
            .ifPresent(
                value -> family.add(sample, Long.toString(value), "page_size", pages.pageSize()));
      }
    }
  }

  private void pressure(String resource, Function<Usage, Optional<Pressure>> figure) {
    seconds(
        "pressure_" + resource + "_waiting_seconds_total",
        "How long at least one task waited.",
        usage -> total(figure.apply(usage).map(Pressure::some)));
    seconds(
        "pressure_" + resource + "_stalled_seconds_total",
        "How long all tasks waited.",
        usage -> total(figure.apply(usage).flatMap(Pressure::full)));
  }

  private static OptionalLong total(Optional<Pressure.Stall> stall) {
    return stall.isPresent() ? OptionalLong.of(stall.get().totalNanos()) : OptionalLong.empty();
  }

  private void interfaces() {
    traffic("receive_bytes_total", "Bytes received.", InterfaceCounters::receivedBytes);
    traffic("receive_packets_total", "Packets received.", InterfaceCounters::receivedPackets);
    traffic("receive_errors_total", "Errors in receiving.", InterfaceCounters::receivedErrors);
    traffic("receive_dropped_total", "Received and dropped.", InterfaceCounters::receivedDropped);
    traffic("transmit_bytes_total", "Bytes sent.", InterfaceCounters::sentBytes);
    traffic("transmit_packets_total", "Packets sent.", InterfaceCounters::sentPackets);
    traffic("transmit_errors_total", "Errors in sending.", InterfaceCounters::sentErrors);
    traffic("transmit_dropped_total", "To be sent and dropped.", InterfaceCounters::sentDropped);
  }

  private void traffic(String name, String help, ToLongFunction<InterfaceCounters> figure) {
    Family family = new Family("counter", "network_" + name, help);
    for (StatsSample sample : samples) {
      for (InterfaceCounters counters : sample.interfaces()) {
        family.add(
            sample, Long.toString(figure.applyAsLong(counters)), "interface", counters.name());
      }
    }
  }

  private void counter(String name, String help, Function<Usage, OptionalLong> figure) {
    family("counter", name, help, figure, Long::toString);
  }

  private void seconds(String name, String help, Function<Usage, OptionalLong> nanos) {
    family(
        "counter",
        name,
        help,
        nanos,
        value -> BigDecimal.valueOf(value, NANO_DIGITS).stripTrailingZeros().toPlainString());
  }

  private void limit(String name, String help, Function<Usage, Optional<Limit>> figure) {
    family("gauge", name, help, usage -> bound(figure.apply(usage)), Long::toString);
  }

  private static OptionalLong bound(Optional<Limit> limit) {
    return limit.isPresent() && !limit.get().isUnlimited()
        ? OptionalLong.of(limit.get().value())
        : OptionalLong.empty();
  }

  private void family(
      String type,
      String name,
      String help,
      Function<Usage, OptionalLong> figure,
      LongFunction<String> shown) {
    Family family = new Family(type, name, help);
    for (StatsSample sample : samples) {
      figure.apply(sample.usage()).ifPresent(value -> family.add(sample, shown.apply(value)));
    }
  }

  private Family gauge(String name, String help) {
    return new Family("gauge", name, help);
  }

  /** The samples of one name, which stand together below what it means; without any, nothing. */
  private final class Family {
    private final String type;
    private final String name;
    private final String help;
    private boolean begun;

    Family(String type, String name, String help) {
      this.type = type;
      this.name = PREFIX + name;
      this.help = help;
    }

    /** Adds a sample, with labels beside the container's, each a name and a value. */
    void add(StatsSample sample, String value, String... labels) {
      if (!begun) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        begun = true;
      }
      ContainerConfig config = sample.config();
      text.append(name).append('{');
      label("id", config.id());
      text.append(',');
      label("name", config.name());
      for (int i = 0; i < labels.length; i += 2) {
        text.append(',');
        label(labels[i], labels[i + 1]);
      }
      text.append("} ").append(value).append('\n');
    }

    private void label(String label, String value) {
      text.append(label)
          .append("=\"")
          .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
          .append('"');
    }
  }
}
