package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormerValueTest {
  @TempDir private Path group;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(group.resolve(name), content.replace("|", "\n") + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "pids.max, max, 32, max",
    "memory.limit_in_bytes, 9223372036854771712, 67108864, 9223372036854771712",
    "cpu.max, max 100000, 50000 100000, max 100000",
    "cpu.max, 20000 50000, max 50000, 20000 50000",
    "cpuset.cpus, '0-1', 0, '0-1'",
    "memory.oom_control, oom_kill_disable 0|under_oom 0|oom_kill 7, 1, 0",
    "io.weight, default 100|8:0 50, 200, 100",
    "io.weight, default 100|8:0 50, default 200, default 100",
    "io.weight, default 100|8:0 50, 8:0 200, 8:0 50",
    "io.weight, default 100|8:0 50, 8:16 200, 8:16 default",
    "io.max, 8:0 rbps=max wbps=9 riops=max wiops=max, 8:0 wbps=5, 8:0 rbps=max wbps=9 riops=max wiops=max",
    "io.max, '', 8:0 wbps=5, 8:0 rbps=max wbps=max riops=max wiops=max",
    "io.latency, '', 8:0 target=5, 8:0 target=0",
    "blkio.throttle.read_bps_device, 8:16 7, 8:0 5, 8:0 0",
    "blkio.throttle.read_bps_device, 8:16 7, 8:16 5, 8:16 7",
    "rdma.max, mlx4_0 hca_handle=max hca_object=9, mlx4_0 hca_object=1, mlx4_0 hca_handle=max hca_object=9",
    "net_prio.ifpriomap, lo 0|eth0 3, eth0 5, eth0 3"
  })
  void isWhatTheFileSays(String name, String content, String written, String former)
      throws IOException {
    assertEquals(Optional.of(former), FormerValue.of(file(name, content), written));
  }

  /** cgroup-v2.rst, "Cpuset": an empty list is that of the group above. */
  @Test
  void ofAnEmptyListItIsWhatIsInEffect() throws IOException {
    file("cpuset.cpus.effective", "0-3");
    assertEquals(Optional.of("0-3"), FormerValue.of(file("cpuset.cpus", ""), "0"));
  }

  @Test
  void thereIsNoneOfAFileThatIsNotThere() {
    assertEquals(Optional.empty(), FormerValue.of(group.resolve("pids.max"), "32"));
  }

  @Test
  void thereIsNoneWhereNothingIsKnownToTakeALineBack() throws IOException {
    assertEquals(Optional.empty(), FormerValue.of(file("rdma.max", ""), "mlx4_0 hca_object=1"));
  }
}
