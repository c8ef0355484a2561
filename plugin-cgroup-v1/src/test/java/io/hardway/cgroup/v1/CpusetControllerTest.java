package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.CpuResources;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpusetControllerTest {
  @TempDir Path root;
  private FakeHierarchies hierarchies;

  @BeforeEach
  void mountCpuset() throws IOException {
    hierarchies = new FakeHierarchies(root, "cpuset");
    hierarchies.write("cpuset/cpuset.cpus", "0-1");
    hierarchies.write("cpuset/cpuset.mems", "0");
  }

  private static Resources cpuset(String cpus, String mems) {
    return Resources.builder().cpu(CpuResources.builder().cpus(cpus).mems(mems).build()).build();
  }

  @Test
  void aGroupGetsAllBeforeItGetsWhatIsAskedFor() {
    List<String> written = hierarchies.made(cpuset("1", "0"));
    assertEquals("cpuset/hardway/c/cpuset.cpus=1", written.get(4));
    assertEquals("cpuset/hardway/c/cpuset.mems=0", written.get(5));
    assertEquals(6, written.size());
  }

  @Test
  void processorsThatAreNotThereAreRefused() {
    hierarchies.isRefused(cpuset("0-7", "0"), "requested 0-7, available 0-1");
    hierarchies.isRefused(cpuset("0", "3"), "requested 3, available 0");
  }
}
