package io.hardway.cli;

import io.hardway.core.ContainerRecord;
import io.hardway.core.Containers;
import io.hardway.core.Engine;
import io.hardway.spi.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Looks at containers again and again: at those that were named, as long as they are there, or at
 * all that there are at the time.
 */
final class StatsSampler {
  private final Engine engine;
  private final List<String> named = new ArrayList<>();
  private final boolean all;
  private Map<String, Moment> before = new HashMap<>();

  /** Processor time that had been used at a time. */
  private record Moment(long at, long cpuNanos) {}

  /**
   * A sampler.
   *
   * @param references the containers that were named; none: all
   * @param all also those that do not run, where none is named
   * @throws io.hardway.core.HardwayException where one that is named is not there
   */
  StatsSampler(Engine engine, List<String> references, boolean all) {
    this.engine = engine;
    this.all = all || !references.isEmpty();
    for (String reference : references) {
      named.add(engine.containers().find(reference).config().id());
    }
  }

  /** What they use now; a container that has gone meanwhile is left out from then on. */
  List<StatsSample> sample() {
    List<StatsSample> samples = new ArrayList<>();
    Map<String, Moment> now = new HashMap<>();
    for (ContainerRecord container : containers()) {
      if (all || container.status().isAlive()) {
        samples.add(sample(container, now));
      }
    }
    before = now;
    return samples;
  }

  private List<ContainerRecord> containers() {
    Containers containers = engine.containers();
    if (named.isEmpty()) {
      return containers.all();
    }
    List<ContainerRecord> found = new ArrayList<>();
    for (String id : named) {
      Optional<ContainerRecord> container = containers.withId(id);
      container.ifPresent(found::add);
    }
    return found;
  }

  private StatsSample sample(ContainerRecord container, Map<String, Moment> now) {
    if (!container.status().isAlive()) {
      return new StatsSample(
          container.config(),
          false,
          "",
          Usage.builder().build(),
          List.of(),
          OptionalDouble.empty());
    }
    Usage usage = engine.usage(container.config()).orElseGet(() -> Usage.builder().build());
    long at = System.nanoTime();
    OptionalDouble share = OptionalDouble.empty();
    OptionalLong cpu = usage.cpu().nanos();
    if (cpu.isPresent()) {
      String id = container.config().id();
      share = share(before.get(id), at, cpu.getAsLong());
      now.put(id, new Moment(at, cpu.getAsLong()));
    }
    return new StatsSample(
        container.config(),
        true,
        container.startedAt(),
        usage,
        engine.interfaces(container),
        share);
  }

  /** One that was started again meanwhile has used less than before. */
  private static OptionalDouble share(Moment last, long at, long cpuNanos) {
    return last == null || at <= last.at() || cpuNanos < last.cpuNanos()
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) (cpuNanos - last.cpuNanos()) / (at - last.at()));
  }
}
