package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.HugepageUsage;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HugetlbControllerTest {
  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
    groups.host("sys/kernel/mm/hugepages/hugepages-64kB/nr_hugepages", "0");
    groups.host("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "0");
    groups.host("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "0");
  }

  private static Resources pages(String size, long limit) {
    return Resources.builder()
        .hugepageLimits(List.of(HugepageLimit.builder().pageSize(size).limit(limit).build()))
        .build();
  }

  @Test
  void whatIsMappedAndWhatIsReservedAreLimited() {
    for (String size : List.of("64KB", "2MB", "1GB")) {
      assertEquals(
          List.of("hugetlb." + size + ".max=0", "hugetlb." + size + ".rsvd.max=0"),
          groups.updated(pages(size, 0)));
    }
  }

  @Test
  void aKernelWithoutReservationsLimitsWhatIsMapped() throws IOException {
    groups.group("hardway", "hugetlb");
    groups.write("hardway/hugetlb.2MB.max", "max");
    assertEquals(List.of("hugetlb.2MB.max=max"), groups.updated(pages("2MB", -1)));
  }

  @Test
  void sizesThatAreNotThereAreNamed() {
    groups.isRefused(pages("3MB", 0), "huge pages of 3MB cannot be limited");
    groups.isRefused(pages("2mb", 0), "huge pages of 2mb cannot be limited");
  }

  @Test
  void whatIsUsedIsToldBySize() throws IOException {
    groups.group("g", "hugetlb");
    groups.write("g/hugetlb.2MB.current", "4194304");
    groups.write("g/hugetlb.2MB.rsvd.current", "6291456");
    groups.write("g/hugetlb.2MB.max", "8388608");
    groups.write("g/hugetlb.2MB.events", "max 3");
    groups.write("g/hugetlb.1GB.current", "0");
    groups.write("g/hugetlb.1GB.max", "max");
    groups.write("g/hugetlb.64KB.current", "0");
    groups.write("g/hugetlb.64KB.max", "9223372036854771712");
    Usage.Builder usage = Usage.builder();
    new HugetlbController().usage(root.resolve("sys/fs/cgroup/g"), usage);
    List<HugepageUsage> used = usage.build().hugepages();
    assertEquals(
        List.of("1GB", "2MB", "64KB"), used.stream().map(HugepageUsage::pageSize).toList());
    assertTrue(used.get(0).limit().get().isUnlimited());
    assertTrue(used.get(2).limit().get().isUnlimited());
    assertEquals(4_194_304, used.get(1).bytes());
    assertEquals(8_388_608, used.get(1).limit().get().value());
    assertEquals(3, used.get(1).limitHits().getAsLong());
  }

  @Test
  void noLimitIsMax() {
    assertEquals(
        List.of("hugetlb.2MB.max=max", "hugetlb.2MB.rsvd.max=max"),
        groups.updated(pages("2MB", Long.MAX_VALUE)));
  }

  @Test
  void rdmaIsLimitedByDevice() throws IOException {
    groups.host("sys/class/infiniband/mlx5_0/node_type", "1: CA");
    groups.host("sys/class/infiniband/mlx5_1/node_type", "1: CA");
    RdmaLimit first = RdmaLimit.builder().device("mlx5_0").hcaHandles(3).hcaObjects(-1).build();
    RdmaLimit second = RdmaLimit.builder().device("mlx5_1").hcaObjects(7).build();
    assertEquals(
        List.of("rdma.max=mlx5_0 hca_handle=3 hca_object=max", "rdma.max=mlx5_1 hca_object=7"),
        groups.updated(Resources.builder().rdma(List.of(first, second)).build()));
  }

  @Test
  void rdmaDevicesThatAreNotThereAreNamed() {
    RdmaLimit limit = RdmaLimit.builder().device("mlx5_9").hcaHandles(3).build();
    groups.isRefused(
        Resources.builder().rdma(List.of(limit)).build(), "device mlx5_9 cannot be limited");
    RdmaLimit nothing = RdmaLimit.builder().device("mlx5_9").build();
    groups.isRefused(Resources.builder().rdma(List.of(nothing)).build(), "says nothing");
  }
}
