package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryControllerTest {
  @TempDir Path root;
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountMemory() throws IOException {
    hierarchies = new FakeHierarchies(root, "memory");
    hierarchies.write("memory/memory.memsw.limit_in_bytes", "9223372036854771712");
    hierarchies.start("memory");
  }

  private static Resources memory(long limit) {
    return Resources.builder()
        .memory(MemoryResources.builder().limit(Limit.of(limit)).build())
        .build();
  }

  private static Resources sum(long sum) {
    return Resources.builder()
        .memory(MemoryResources.builder().swap(Limit.of(sum)).build())
        .build();
  }

  private static Resources both(Limit limit, Limit sum) {
    return Resources.builder()
        .memory(MemoryResources.builder().limit(limit).swap(sum).build())
        .build();
  }

  private void has(long limit, long sum) throws IOException {
    hierarchies.write("memory/hardway/c/memory.limit_in_bytes", "" + limit);
    hierarchies.write("memory/hardway/c/memory.memsw.limit_in_bytes", "" + sum);
  }

  @Test
  void theSumOfMemoryAndSwapGrowsFirst() throws IOException {
    has(4096, 4096);
    assertEquals(
        List.of("memory.memsw.limit_in_bytes=16384", "memory.limit_in_bytes=8192"),
        hierarchies.updated(both(Limit.of(8192), Limit.of(16384))));
  }

  @Test
  void memoryShrinksFirst() throws IOException {
    has(8192, 16384);
    assertEquals(
        List.of("memory.limit_in_bytes=4096", "memory.memsw.limit_in_bytes=8192"),
        hierarchies.updated(both(Limit.of(4096), Limit.of(8192))));
  }

  @Test
  void noLimitIsMinusOneAndTheSumGoesFirst() throws IOException {
    has(8192, 16384);
    assertEquals(
        List.of("memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=-1"),
        hierarchies.updated(both(Limit.unlimited(), Limit.unlimited())));
  }

  @Test
  void memoryAloneDoesNotGrowAboveTheSum() throws IOException {
    has(4096, 4096);
    hierarchies.isRefused(memory(8192), "memory and swap together, 4096");
  }

  @Test
  void theSumAloneDoesNotShrinkBelowMemory() throws IOException {
    has(8192, 16384);
    hierarchies.isRefused(sum(4096), "below the limit of memory, 8192");
    assertEquals(List.of("memory.memsw.limit_in_bytes=8192"), hierarchies.updated(sum(8192)));
  }

  @Test
  void aSumBelowMemoryIsRefused() {
    hierarchies.isRefused(both(Limit.of(8192), Limit.of(4096)), "together");
  }

  @Test
  void aKernelWithoutSwapAccountingIsNamed() throws IOException {
    Files.delete(root.resolve("sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"));
    hierarchies.isRefused(both(Limit.of(4096), Limit.of(5000)), "account swap", "swapaccount=1");
  }

  @Test
  void aKernelWithoutTcpAccountingIsNamed() {
    hierarchies.isRefused(
        Resources.builder()
            .memory(MemoryResources.builder().kernelTcp(Limit.of(4096)).build())
            .build(),
        "memory.kmem.tcp.limit_in_bytes cannot be set: this kernel was built without it");
  }
}
