package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardway.spi.PlanningException;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockDeviceTest {
  @TempDir Path root;

  private BlockDevice device(long minor) {
    return BlockDevice.of(new FakeHost(root), 8, minor);
  }

  /** A disk with one partition, as sysfs shows them. */
  private void attachDisk() throws IOException {
    Path disk = Files.createDirectories(root.resolve("sys/devices/pci/sda"));
    Path partition = Files.createDirectories(disk.resolve("sda1"));
    Files.writeString(disk.resolve("uevent"), "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n");
    Files.createDirectories(disk.resolve("queue"));
    Files.writeString(disk.resolve("queue/scheduler"), "none mq-deadline [bfq]\n");
    Files.writeString(partition.resolve("uevent"), "MAJOR=8\nMINOR=1\nDEVNAME=sda1\n");
    Files.writeString(partition.resolve("partition"), "1\n");
    Path known = Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(known.resolve("8:0"), disk);
    Files.createSymbolicLink(known.resolve("8:1"), partition);
  }

  @Test
  void aDiskIsKnownByItsNumbers() throws IOException {
    attachDisk();
    assertEquals("8:0", device(0).numbers());
    assertEquals(Optional.of(Path.of("/dev/sda")), device(0).node());
    assertEquals("bfq", device(0).scheduler());
    assertDoesNotThrow(() -> device(0).requireWholeDisk());
  }

  @Test
  void aPartitionIsRefusedWithItsDisk() throws IOException {
    attachDisk();
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> device(1).requireWholeDisk());
    assertEquals(
        "block input and output of /dev/sda1 cannot be limited: it is a partition, and the kernel"
            + " counts whole disks",
        refusal.getMessage());
    assertEquals("name the disk, /dev/sda", refusal.remedy());
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() throws IOException {
    attachDisk();
    assertThrows(PlanningException.class, () -> device(2).requireWholeDisk());
  }

  @Test
  void whereTheKernelTellsNothingItIsAsked() {
    assertEquals(Optional.empty(), device(0).node());
    assertEquals("", device(0).scheduler());
    assertDoesNotThrow(() -> device(0).requireWholeDisk());
  }
}
