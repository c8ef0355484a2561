package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two controllers that mark packets, mounted together and each alone. */
class NetworkControllersTest {
  @TempDir Path root;

  private static Resources classAndPriorities() {
    Map<String, Long> priorities = new LinkedHashMap<>();
    priorities.put("lo", 4294967295L);
    priorities.put("eth0", 0L);
    return Resources.builder().networkClassId(0x100001).networkPriorities(priorities).build();
  }

  private static void addInterfaces(FakeHierarchies hierarchies) throws IOException {
    hierarchies.file("sys/class/net/lo/ifindex", "1");
    hierarchies.file("sys/class/net/eth0/ifindex", "2");
  }

  @Test
  void bothAreInOneGroupWhereTheyAreMountedTogether() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "net_cls,net_prio");
    addInterfaces(hierarchies);
    assertEquals(
        List.of(
            "net_cls,net_prio/hardway/c/net_cls.classid=1048577",
            "net_cls,net_prio/hardway/c/net_prio.ifpriomap=lo 4294967295",
            "net_cls,net_prio/hardway/c/net_prio.ifpriomap=eth0 0"),
        hierarchies.made(classAndPriorities()));
  }

  @Test
  void eachIsInItsOwnWhereTheyAreMountedAlone() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "net_prio", "net_cls");
    addInterfaces(hierarchies);
    assertEquals(
        List.of(
            "net_cls/hardway/c/net_cls.classid=1048577",
            "net_prio/hardway/c/net_prio.ifpriomap=lo 4294967295",
            "net_prio/hardway/c/net_prio.ifpriomap=eth0 0"),
        hierarchies.made(classAndPriorities()));
  }

  @Test
  void anInterfaceThatIsNotThereIsRefused() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "net_cls,net_prio");
    hierarchies.file("sys/class/net/lo/ifindex", "1");
    hierarchies.isRefused(classAndPriorities(), "packets through eth0");
  }

  @Test
  void eachIsRefusedByItsNameWhereItIsNotMounted() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "memory");
    hierarchies.isRefused(
        Resources.builder().networkClassId(1).build(), "controller net_cls is not mounted");
    hierarchies.isRefused(
        Resources.builder().networkPriorities(Map.of("lo", 1L)).build(),
        "controller net_prio is not mounted");
  }
}
