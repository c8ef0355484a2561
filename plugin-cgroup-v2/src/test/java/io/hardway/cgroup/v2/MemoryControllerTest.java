package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryControllerTest {
  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
  }

  private void now(String memory, String swap) throws IOException {
    groups.write(FakeGroups.GROUP + "/memory.max", memory);
    groups.write(FakeGroups.GROUP + "/memory.swap.max", swap);
  }

  private static Resources of(MemoryResources.Builder memory) {
    return Resources.builder().memory(memory.build()).build();
  }

  private static Resources memory(Limit limit) {
    return of(MemoryResources.builder().limit(limit));
  }

  private static Resources both(Limit limit, Limit sum) {
    return of(MemoryResources.builder().limit(limit).swap(sum));
  }

  @Test
  void memoryAndSwapTogetherStayWhereMemoryAloneChanges() throws IOException {
    now("100", "50");
    assertEquals(
        List.of("memory.max=120", "memory.swap.max=30"), groups.updated(memory(Limit.of(120))));
    assertEquals(
        List.of("memory.max=80", "memory.swap.max=70"), groups.updated(memory(Limit.of(80))));
    groups.isRefused(memory(Limit.of(151)), "above the limit of memory and swap together, 150");
    groups.isRefused(memory(Limit.unlimited()), "above the limit of memory and swap together");
  }

  @Test
  void whereSwapHasNoLimitMemoryAloneChanges() throws IOException {
    now("100", "max");
    assertEquals(List.of("memory.max=120"), groups.updated(memory(Limit.of(120))));
  }

  @Test
  void aSumIsTakenWithTheLimitThereIs() throws IOException {
    now("100", "50");
    assertEquals(
        List.of("memory.swap.max=20"),
        groups.updated(of(MemoryResources.builder().swap(Limit.of(120)))));
  }

  @Test
  void aKernelWithoutSwapIsNamedWhereThatMatters() throws IOException {
    groups.group("hardway", "memory");
    groups.write("hardway/memory.max", "max");
    assertEquals(List.of("memory.max=100"), groups.updated(both(Limit.of(100), Limit.of(100))));
    assertEquals(List.of("memory.max=100"), groups.updated(both(Limit.of(100), Limit.of(200))));
    assertEquals(List.of("memory.max=100"), groups.updated(both(Limit.of(100), Limit.unlimited())));
    groups.isRefused(both(Limit.of(100), Limit.of(150)), "memory.swap.max cannot be set");
  }
}
