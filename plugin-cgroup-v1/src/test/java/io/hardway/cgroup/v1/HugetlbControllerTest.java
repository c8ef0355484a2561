package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Limit;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugetlbControllerTest {
  @TempDir Path root;

  private static Resources pages(String size, long limit) {
    return Resources.builder()
        .hugepageLimits(List.of(HugepageLimit.builder().pageSize(size).limit(limit).build()))
        .build();
  }

  @Test
  void everySizeHasItsFile() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "hugetlb");
    hierarchies.write("hugetlb/hugetlb.2MB.limit_in_bytes", "0");
    hierarchies.write("hugetlb/hugetlb.1GB.limit_in_bytes", "0");
    assertEquals(
        List.of("hugetlb/hardway/c/hugetlb.1GB.limit_in_bytes=1073741824"),
        hierarchies.made(pages("1GB", 1 << 30)));
    hierarchies.isRefused(
        pages("64KB", 9), "huge pages of 64KB cannot be limited", "it has 1GB, 2MB");
  }

  @Test
  void reservationsAreLimitedWhereTheKernelCountsThem() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "hugetlb");
    hierarchies.write("hugetlb/hugetlb.2MB.limit_in_bytes", "0");
    hierarchies.write("hugetlb/hugetlb.2MB.rsvd.limit_in_bytes", "0");
    hierarchies.start("hugetlb");
    assertEquals(
        List.of("hugetlb.2MB.limit_in_bytes=0", "hugetlb.2MB.rsvd.limit_in_bytes=0"),
        hierarchies.updated(pages("2MB", 0)));
    assertEquals(
        List.of("hugetlb.2MB.limit_in_bytes=-1", "hugetlb.2MB.rsvd.limit_in_bytes=-1"),
        hierarchies.updated(pages("2MB", -1)));
  }

  @Test
  void everySizeIsCountedByItself() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "hugetlb");
    hierarchies.start("hugetlb");
    String pages = "hugetlb/hardway/c/hugetlb.";
    hierarchies.write(pages + "2MB.limit_in_bytes", "4194304");
    hierarchies.write(pages + "2MB.rsvd.limit_in_bytes", "9223372036852678656");
    hierarchies.write(pages + "2MB.usage_in_bytes", "2097152");
    hierarchies.write(pages + "2MB.max_usage_in_bytes", "4194304");
    hierarchies.write(pages + "2MB.failcnt", "3");
    hierarchies.write(pages + "1GB.limit_in_bytes", "9223372036317904896");
    hierarchies.write(pages + "1GB.usage_in_bytes", "0");
    List<HugepageUsage> used = hierarchies.usage().hugepages();
    assertEquals(List.of("1GB", "2MB"), used.stream().map(HugepageUsage::pageSize).toList());
    assertTrue(used.get(0).limit().orElseThrow().isUnlimited());
    assertEquals(Limit.of(4194304), used.get(1).limit().orElseThrow());
    assertEquals(2097152, used.get(1).bytes());
    assertEquals(OptionalLong.of(4194304), used.get(1).peakBytes());
    assertEquals(OptionalLong.of(3), used.get(1).limitHits());
  }

  @Test
  void whereItIsNotMountedTheRemedyIsTold() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "memory");
    hierarchies.file("proc/cgroups", "#subsys_name\thierarchy\nmemory\t1\nhugetlb\t0");
    hierarchies.isRefused(
        pages("2MB", 9),
        "hugetlb.2MB.limit_in_bytes cannot be set: the cgroup controller hugetlb is not mounted",
        "mount -t cgroup -o hugetlb cgroup /sys/fs/cgroup/hugetlb");
  }
}
