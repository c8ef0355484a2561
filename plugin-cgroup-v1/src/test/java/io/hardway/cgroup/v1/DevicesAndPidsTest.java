package io.hardway.cgroup.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesAndPidsTest {
  @TempDir Path root;

  private static DeviceRule.Builder rule(boolean allow, String type) {
    return DeviceRule.builder().allow(allow).type(type).access("rwm");
  }

  @Test
  void rulesGoOneByOneInTheirOrder() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "devices");
    assertEquals(
        List.of(
            "devices/hardway/c/devices.deny=a *:* rwm",
            "devices/hardway/c/devices.allow=c 1:3 r",
            "devices/hardway/c/devices.allow=b 8:* rwm",
            "devices/hardway/c/devices.deny=c *:5 rwm"),
        hierarchies.made(
            Resources.builder()
                .devices(
                    List.of(
                        rule(false, "a").build(),
                        rule(true, "c").major(1).minor(3).access("r").build(),
                        rule(true, "b").major(8).build(),
                        rule(false, "c").minor(5).build()))
                .build()));
  }

  @Test
  void noLimitOfTasksIsTheWordMax() throws IOException {
    FakeHierarchies hierarchies = new FakeHierarchies(root, "pids");
    assertEquals(
        List.of("pids.max=0"), hierarchies.updated(Resources.builder().pids(Limit.of(0)).build()));
    assertEquals(
        List.of("pids.max=max"),
        hierarchies.updated(Resources.builder().pids(Limit.unlimited()).build()));
  }
}
