package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.spec.BlockIoResources;
import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Limits by the controller that gives them: none is in two, and none is in no one. */
class ResourcesByControllerTest {
  private static final String WHICH = ".controllers";

  private static Resources everything() throws ReflectiveOperationException {
    return new ValueSamples(true)
        .of(Resources.class).toBuilder()
            .unified(Map.of("memory.high", "1", "hugetlb.2MB.max", "2"))
            .build();
  }

  /** What is said that an empty value does not say. */
  private static Map<String, String> said(Object value, Object empty)
      throws ReflectiveOperationException {
    Map<String, String> said = new TreeMap<>(ValueSamples.flattened(value));
    ValueSamples.flattened(empty).forEach(said::remove);
    said.remove(WHICH);
    return said;
  }

  @Test
  void everyLimitBelongsToOneController() throws ReflectiveOperationException {
    Resources nothing = Resources.builder().build();
    Resources everything = everything();
    assertEquals(Set.of(), nothing.controllers());
    Map<String, String> together = new TreeMap<>();
    for (String controller : everything.controllers()) {
      Resources share = everything.only(controller::equals);
      assertEquals(Set.of(controller), share.controllers());
      said(share, nothing)
          .forEach(
              (place, text) -> {
                boolean isOfAMap = place.equals(".unified.keys");
                assertTrue(together.put(place, text) == null || isOfAMap, place);
              });
    }
    Map<String, String> wanted = said(everything, nothing);
    wanted.remove(".unified.keys");
    together.remove(".unified.keys");
    assertEquals(wanted, together);
  }

  @Test
  void theNamesAreThoseOfTheKernel() throws ReflectiveOperationException {
    assertEquals(
        Set.of(
            "devices",
            "memory",
            "cpu",
            "cpuset",
            "pids",
            "io",
            "hugetlb",
            "net_cls",
            "net_prio",
            "rdma",
            "unified/memory",
            "unified/hugetlb"),
        everything().controllers());
  }

  @Test
  void oneLimitAloneIsNotNothing() throws ReflectiveOperationException {
    for (Object builder : new ValueSamples(true).withOneEach(MemoryResources.class)) {
      MemoryResources memory = ((MemoryResources.Builder) builder).build();
      isOf("memory", Resources.builder().memory(memory));
    }
    for (Object builder : new ValueSamples(true).withOneEach(CpuResources.class)) {
      CpuResources cpu = ((CpuResources.Builder) builder).build();
      isOf(
          cpu.cpus().isPresent() || cpu.mems().isPresent() ? "cpuset" : "cpu",
          Resources.builder().cpu(cpu));
    }
    for (Object builder : new ValueSamples(true).withOneEach(BlockIoResources.class)) {
      isOf("io", Resources.builder().blockIo(((BlockIoResources.Builder) builder).build()));
    }
  }

  private static void isOf(String controller, Resources.Builder resources) {
    assertEquals(Set.of(controller), resources.build().controllers());
  }

  @Test
  void processorsAndProcessorTimeAreApart() {
    CpuResources cpu = CpuResources.builder().cpus("0").quota(5).build();
    Resources both = Resources.builder().cpu(cpu).build();
    assertEquals(List.of("cpu", "cpuset"), List.copyOf(both.controllers()));
    Resources time = both.only("cpu"::equals);
    assertEquals(5, time.cpu().quota().getAsLong());
    assertTrue(time.cpu().cpus().isEmpty());
  }
}
