package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.RdmaLimit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RdmaControllerTest {
  @TempDir Path root;
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountRdma() throws IOException {
    hierarchies = new FakeHierarchies(root, "rdma");
    hierarchies.file("sys/class/infiniband/mlx5_0/node_type", "1: CA");
    hierarchies.file("sys/class/infiniband/mlx5_1/node_type", "1: CA");
  }

  private static Resources rdma(RdmaLimit.Builder... limits) {
    return Resources.builder()
        .rdma(List.of(limits).stream().map(RdmaLimit.Builder::build).toList())
        .build();
  }

  private static RdmaLimit.Builder device(String name) {
    return RdmaLimit.builder().device(name);
  }

  @Test
  void everyDeviceIsAWriteOfItsOwn() {
    assertEquals(
        List.of("rdma.max=mlx5_0 hca_handle=2 hca_object=2000", "rdma.max=mlx5_1 hca_object=max"),
        hierarchies.updated(
            rdma(
                device("mlx5_0").hcaHandles(2).hcaObjects(2000), device("mlx5_1").hcaObjects(-1))));
  }

  @Test
  void aDeviceThatIsNotThereAndALimitThatSaysNothingAreRefused() {
    hierarchies.isRefused(rdma(device("mlx5_9").hcaHandles(2)), "the RDMA device mlx5_9");
    hierarchies.isRefused(rdma(device("mlx5_0")), "says nothing");
  }

  @Test
  void aKernelWithoutRdmaIsNamed() throws IOException {
    hierarchies = new FakeHierarchies(root.resolve("other"), "memory");
    hierarchies.file("proc/cgroups", "#subsys_name\thierarchy\nmemory\t1");
    hierarchies.isRefused(
        rdma(device("mlx5_0").hcaHandles(2)),
        "rdma.max cannot be set: this kernel was built without the cgroup controller rdma");
  }
}
