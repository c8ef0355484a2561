package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Hierarchy;
import io.hardway.spi.MountPoint;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalMountsTest {
  private static final long PID = 7;

  @TempDir private Path directory;

  private static Mount bind(String destination, String source, String option) {
    return Mount.builder()
        .destination(destination)
        .type("bind")
        .source(source)
        .options(List.of(option))
        .build();
  }

  private static Spec spec(Mount... mounts) {
    return Spec.builder()
        .mounts(List.of(mounts))
        .linux(LinuxSettings.builder().maskedPaths(List.of("/proc/kcore")).build())
        .build();
  }

  private Path root() throws IOException {
    return Files.createDirectories(directory.resolve("proc/" + PID + "/root"));
  }

  private List<String> mounted(Spec spec, List<Hierarchy> hierarchies, String mountinfo)
      throws IOException {
    root();
    Files.writeString(directory.resolve("proc/" + PID + "/mountinfo"), mountinfo);
    return new ExternalMounts(new FakeHost(directory), spec, hierarchies).mounted(PID);
  }

  @Test
  void whatIsBoundHasTheKeyThatTheBundleSays() throws IOException {
    Files.createDirectories(root().resolve("real"));
    Files.createSymbolicLink(root().resolve("linked"), Path.of("/real"));
    assertEquals(
        List.of(
            "mnt[/real/a b]:/linked/a b",
            "mnt[/real/a b/below]:/linked/a b/below",
            "mnt[/proc/kcore]:/proc/kcore"),
        mounted(
            spec(bind("/linked/a b", "/a", "rbind")),
            List.of(),
            """
            40 30 254:0 /r / rw - ext4 /dev/vda rw
            41 40 0:27 / /proc rw shared:7 - proc proc rw
            42 40 254:0 /a /real/a\\040b rw - ext4 /dev/vda rw
            43 42 0:9 / /real/a\\040b/below rw - tmpfs tmpfs rw
            44 40 0:9 / /real/a rw - tmpfs tmpfs rw
            45 41 0:5 /null /proc/kcore ro - devtmpfs none rw
            46 40 0:8 / /sys/fs/cgroup ro - cgroup2 cgroup rw
            """));
  }

  @Test
  void groupsThatAreBoundOneByOneAreTheHosts() throws IOException {
    Hierarchy memory =
        Hierarchy.builder()
            .name("memory")
            .controllers(List.of("memory"))
            .directory(Path.of("/sys/fs/cgroup/memory/hardway/one"))
            .build();
    Mount groups =
        Mount.builder().destination("/sys/fs/cgroup").type("cgroup").source("cgroup").build();
    assertEquals(
        List.of("mnt[/sys/fs/cgroup/memory]:/sys/fs/cgroup/memory"),
        mounted(
            spec(groups),
            List.of(memory),
            "46 40 0:8 /hardway/one /sys/fs/cgroup/memory ro - cgroup cgroup rw\n"));
    assertTrue(
        new ExternalMounts(new FakeHost(directory), spec(groups), List.of(memory))
            .sources()
            .contains("mnt[/sys/fs/cgroup/memory]:/sys/fs/cgroup/memory/hardway/one"));
  }

  @Test
  void whatIsMountedBelowASourceComesAlongWithAllOfItOnly() throws IOException {
    Path source = Files.createDirectories(directory.resolve("source")).toRealPath();
    FakeHost host =
        new FakeHost(directory)
            .mount(new MountPoint("/", source + "/below", "rw", "tmpfs", "tmpfs", "rw"))
            .mount(new MountPoint("/", source + "-beside", "rw", "tmpfs", "tmpfs", "rw"));
    List<String> all =
        new ExternalMounts(host, spec(bind("/a", source.toString(), "rbind")), List.of()).sources();
    assertTrue(all.contains("mnt[/a]:" + source), all::toString);
    assertTrue(all.contains("mnt[/a/below]:" + source + "/below"), all::toString);
    assertFalse(all.toString().contains("-beside"), all::toString);
    assertTrue(all.contains("mnt[/proc/kcore]:/dev/null"), all::toString);
    List<String> one =
        new ExternalMounts(host, spec(bind("/a", source.toString(), "bind")), List.of()).sources();
    assertFalse(one.toString().contains("below"), one::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b, /a/b",
    "/a//b/./c/, /a/b/c",
    "/../../x, /x",
    "/up/x, /x",
    "/absolute/x, /target/x",
    "/relative/x, /target/x",
    "/deep/x, /target/x",
    "/loop/x, /loop/x",
  })
  void linksLeadNowhereElse(String path, String wanted) throws IOException {
    Path root = root();
    Files.createSymbolicLink(root.resolve("up"), Path.of("../../.."));
    Files.createSymbolicLink(root.resolve("absolute"), Path.of("/target"));
    Files.createSymbolicLink(root.resolve("relative"), Path.of("target"));
    Files.createSymbolicLink(root.resolve("deep"), Path.of("./relative/../absolute"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    assertEquals(wanted, ExternalMounts.inside(root, path));
  }
}
