package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.linux.LiveHost;
import io.hardway.spi.Container;
import io.hardway.spi.PlanningException;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPathTest {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");
  private static final Path DELEGATED = MOUNT.resolve("user.slice/of-7");

  private static ResourceRequest.Builder request() {
    return ResourceRequest.builder()
        .host(LiveHost.current())
        .container(
            Container.builder().id("c").state(Path.of("/state")).data(Path.of("/data")).build())
        .resources(Resources.builder().build());
  }

  private static String path(String asked, Path top) {
    return GroupPath.of(request().cgroupsPath(asked).build(), MOUNT, top).directory().toString();
  }

  @Test
  void withoutAPathItIsTheContainersIdBelowOurGroup() {
    assertEquals(
        MOUNT.resolve("hardway/c"), GroupPath.of(request().build(), MOUNT, MOUNT).directory());
    assertEquals(
        DELEGATED.resolve("hardway/c"),
        GroupPath.of(request().build(), MOUNT, DELEGATED).directory());
  }

  @ParameterizedTest
  @CsvSource({
    "batch/c,/sys/fs/cgroup/hardway/batch/c",
    "/system.slice/c,/sys/fs/cgroup/system.slice/c",
    "/c,/sys/fs/cgroup/c"
  })
  void aRelativePathIsBelowOursAnAbsoluteOneFromTheMount(String asked, String path) {
    assertEquals(path, path(asked, MOUNT));
  }

  @Test
  void anOrdinaryUserStaysBelowWhatWasDelegated() {
    assertEquals(DELEGATED.resolve("hardway/batch/c").toString(), path("batch/c", DELEGATED));
    assertEquals(DELEGATED.resolve("x/c").toString(), path("/user.slice/of-7/x/c", DELEGATED));
    for (String outside : new String[] {"/c", "/user.slice/c", "/user.slice/of-7"}) {
      PlanningException refusal =
          assertThrows(PlanningException.class, () -> path(outside, DELEGATED));
      assertTrue(refusal.getMessage().contains("is not below " + DELEGATED));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", ".", "..", "../c", "/../c", "a/../c", "a//c", "a/./c", "a/"})
  void aPathThatIsNotPlainIsRefused(String asked) {
    assertThrows(PlanningException.class, () -> path(asked, MOUNT));
  }

  @Test
  void oursIsWhatIsBelowOurGroupOrNotThereYet(@TempDir Path top) throws IOException {
    Path theirs = Files.createDirectories(top.resolve("theirs"));
    Path ours = Files.createDirectories(top.resolve("hardway/batch"));
    GroupPath path = GroupPath.of(request().cgroupsPath("/theirs/new/c").build(), top, top);
    assertFalse(path.isOurs(top));
    assertFalse(path.isOurs(theirs));
    assertTrue(path.isOurs(theirs.resolve("new")));
    assertTrue(path.isOurs(ours));
    assertTrue(path.isOurs(path.directory()));
    assertTrue(GroupPath.of(request().build(), top, top).isOurs(top));
    assertTrue(GroupPath.of(request().cgroupsPath("/c").build(), top, top).isOurs(top));
  }
}
