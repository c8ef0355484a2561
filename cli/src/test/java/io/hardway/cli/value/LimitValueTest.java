package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.cli.option.ValueParser;
import io.hardway.spi.spec.HugepageLimit;
import io.hardway.spi.spec.RdmaLimit;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What flags about limits take, at the edges. */
class LimitValueTest {
  private static final Map<String, ValueParser<?>> PARSERS =
      Map.of(
          "weight", DeviceLimit::parseWeight,
          "bytes", DeviceLimit::parseBytes,
          "operations", DeviceLimit::parseOperations,
          "hugetlb", HugetlbFlag::parse,
          "rdma", RdmaFlag::parse,
          "class", NetworkClass::parse,
          "priority", InterfacePriority::parse,
          "group", GroupSetting::parse);

  @ParameterizedTest
  @CsvSource({
    "weight, /dev/sda:10, /dev/sda, 10",
    "weight, /dev/sda:1000, /dev/sda, 1000",
    "weight, /dev/sda:0, /dev/sda, 0",
    "bytes, /dev/sda:1, /dev/sda, 1",
    "bytes, /dev/sda:1.5kb, /dev/sda, 1536",
    "bytes, /dev/sda:8589934592g, /dev/sda, -1",
    "bytes, /dev/disk/by-path/pci-0000:00:1f.2-ata-1:1mb, /dev/disk/by-path/pci-0000:00:1f.2-ata-1, 1048576",
    "operations, /dev/sda:0, /dev/sda, 0",
    "operations, /dev/sda:4294967295, /dev/sda, 4294967295",
  })
  void aFigureForADeviceIsBehindTheLastColon(String kind, String text, String path, long value) {
    if (value < 0) {
      assertThrows(IllegalArgumentException.class, () -> PARSERS.get(kind).parse(text));
    } else {
      assertEquals(new DeviceLimit(path, value), PARSERS.get(kind).parse(text));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "weight, /dev/sda, bad format: /dev/sda",
    "weight, :10, bad format: :10",
    "weight, sda:10, bad format for device path: sda:10",
    "weight, /dev/sda:9, invalid weight for device: /dev/sda:9",
    "weight, /dev/sda:1001, invalid weight for device: /dev/sda:1001",
    "weight, /dev/sda:-10, invalid weight for device: /dev/sda:-10",
    "weight, /dev/sda:10m, invalid weight for device: /dev/sda:10m",
    "weight, /dev/sda:99999999999, invalid weight for device: /dev/sda:99999999999",
    "bytes, /dev/sda:, invalid rate for device: /dev/sda:. The correct format is <device-path>:<number>[<unit>]",
    "bytes, /dev/sda:-1, invalid rate for device: /dev/sda:-1. The correct format is <device-path>:<number>[<unit>]",
    "bytes, /dev/sda:fast, Unit is optional",
    "operations, /dev/sda:1k, invalid rate for device: /dev/sda:1k. The correct format is <device-path>:<number>.",
    "operations, /dev/sda:-1, invalid rate for device: /dev/sda:-1",
    "operations, /dev/sda:4294967296, the most are 4294967295 a second",
    "hugetlb, 2MB, has no limit",
    "hugetlb, :1m, has no limit",
    "hugetlb, 3MB:1m, no size of a page",
    "hugetlb, 512:1m, no size of a page",
    "hugetlb, 2MB:x, invalid size",
    "hugetlb, 2MB:-2, invalid size",
    "rdma, mlx5_0, write it like",
    "rdma, mlx5_0:, NAME=VALUE",
    "rdma, mlx5_0:hca_handle, NAME=VALUE",
    "rdma, mlx5_0:handles=1, write it like",
    "rdma, mlx5_0:hca_handle=-2, write it like",
    "rdma, mlx5_0:hca_handle=2147483648, write it like",
    "rdma, a b:hca_handle=1, write it like",
    "class, '', no network class",
    "class, -1, no network class",
    "class, 4294967296, no network class",
    "class, 0x100000000, no network class",
    "class, 10:, no network class",
    "class, :1, no network class",
    "class, 10000:1, no network class",
    "priority, eth0, no priority",
    "priority, :1, no priority",
    "priority, eth0:x, no priority",
    "priority, eth0:-1, no priority",
    "priority, eth0:4294967296, no priority",
    "priority, a/b:1, no priority",
    "priority, anameofsixteench:1, no priority",
    "group, memory.high, must be NAME=VALUE",
    "group, high=1, no file of a cgroup",
    "group, ../memory.high=1, no file of a cgroup",
  })
  void whatIsWrongIsSaid(String kind, String text, String said) {
    ValueParser<?> parser = PARSERS.get(kind);
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> parser.parse(text)).getMessage();
    assertTrue(refusal.contains(said), refusal);
  }

  @Test
  void onlyABlockDeviceHasRates() {
    DeviceLimit none = new DeviceLimit("/dev/none-such", 1);
    assertEquals(
        "stat /dev/none-such: no such file or directory",
        assertThrows(IllegalArgumentException.class, none::resolve).getMessage());
    DeviceLimit character = new DeviceLimit("/dev/null", 1);
    assertEquals(
        "/dev/null is not a block device",
        assertThrows(IllegalArgumentException.class, character::resolve).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "2MB:64m, 2MB, 67108864",
    "2m:0, 2MB, 0",
    "2048k:1, 2MB, 1",
    "1g:1g, 1GB, 1073741824",
    "64KiB:-1, 64KB, 9223372036854775807",
  })
  void aSizeOfPagesIsNamedAsFilesOfTheKernelAre(String text, String size, long bytes) {
    HugepageLimit limit = HugetlbFlag.parse(text);
    assertEquals(size, limit.pageSize());
    assertEquals(bytes, limit.limit());
  }

  @Test
  void handlesAndObjectsOfRdmaMayBeLeftOut() {
    RdmaLimit limit = RdmaFlag.parse("mlx5_0:hca_object=max");
    assertEquals("mlx5_0", limit.device());
    assertEquals(OptionalLong.empty(), limit.hcaHandles());
    assertEquals(OptionalLong.of(Integer.MAX_VALUE), limit.hcaObjects());
    assertEquals(
        OptionalLong.of(Integer.MAX_VALUE), RdmaFlag.parse("mlx5_0:hca_handle=-1").hcaHandles());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4294967295, 4294967295",
    "0x100001, 1048577",
    "10:1, 1048577",
    "ffff:ffff, 4294967295"
  })
  void aNetworkClassIsANumberOrAsTcWritesIt(String text, long number) {
    assertEquals(number, NetworkClass.parse(text));
  }

  @Test
  void anInterfaceHasOnePriority() {
    assertEquals(new InterfacePriority("eth0.5", 0), InterfacePriority.parse("eth0.5:0"));
    assertEquals(
        new InterfacePriority("lo", 4294967295L), InterfacePriority.parse("lo:4294967295"));
  }

  @Test
  void aSettingOfAGroupMayHaveEqualsSigns() {
    assertEquals(new KeyValue("io.max", "8:0 rbps=1"), GroupSetting.parse("io.max=8:0 rbps=1"));
  }
}
