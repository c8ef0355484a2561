package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.cli.option.ValueParser;
import io.hardway.spi.spec.DeviceRule;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.Rlimit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {

  private static String refusal(ValueParser<?> parser, String text) {
    return assertThrows(IllegalArgumentException.class, () -> parser.parse(text), text)
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "4096,4096",
    "32b,32",
    "32B,32",
    "64m,67108864",
    "64M,67108864",
    "64mb,67108864",
    "64MiB,67108864",
    "1.5g,1610612736",
    "0.5k,512",
    "32 mb,33554432",
    "2t,2199023255552",
    "1p,1125899906842624",
    "0b,0"
  })
  void sizesHaveDockersUnits(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "-1g",
        "m",
        "much",
        "1.",
        ".5g",
        "1..5g",
        "1.2.3g",
        "12x",
        "12mm",
        "12bb",
        "1e3",
        "0x10",
        "64m ",
        " 64m",
        "NaN",
        "Infinity",
        "+5",
        "5 5",
        "\u0661"
      })
  void whatIsNoSizeIsRefusedWithAnExample(String text) {
    assertTrue(refusal(ByteSize::parse, text).contains("like 64m"), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8192p", "99999999999999999999g", "9999999.9p"})
  void aSizeBeyondTheNumbersOfTheKernelIsRefused(String text) {
    assertTrue(refusal(ByteSize::parse, text).contains("too large"));
  }

  @Test
  void swapMayBeUnlimited() {
    assertEquals(-1, ByteSize.parseOrUnlimited("-1"));
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parseOrUnlimited("-2"));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5,50000",
    "2,200000",
    "1.25,125000",
    "0,0",
    ".5,50000",
    "0.01,1000",
    "+1,100000",
    "0.333333333,33333"
  })
  void cpusAreMicrosecondsOfAPeriod(String text, long quota) {
    assertEquals(quota, CpuCount.parseQuota(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "-1",
        "0.009",
        "0.0000000001",
        "1e3",
        "1e999999999",
        "0.5.5",
        "1,5",
        "--1",
        "99999999999999999999"
      })
  void whatIsNoNumberOfCpusIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> CpuCount.parseQuota(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10s,10000",
    "1h30m,5400000",
    "1.5s,1500",
    "300ms,300",
    "-2h,-7200000",
    "0,0",
    "1m0.25s,60250"
  })
  void durationsAreGos(String text, long millis) {
    assertEquals(Duration.ofMillis(millis), TimeSpan.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "1d", "1h30", "1..5s", "-", "9999999999h", "1 s"})
  void whatIsNoDurationIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> TimeSpan.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T15:04:05Z,2026-01-02T15:04:05Z",
    "2026-01-02T15:04:05.5+01:00,2026-01-02T14:04:05.500Z",
    "2026-01-02T15:04:05,2026-01-02T15:04:05Z",
    "2026-01-02,2026-01-02T00:00:00Z",
    "1767366245,2026-01-02T15:04:05Z",
    "1767366245.25,2026-01-02T15:04:05.250Z",
    "10m,2026-01-01T23:50:00Z",
    "0s,2026-01-02T00:00:00Z"
  })
  void aMomentIsADateOrSecondsOrHowLongAgo(String text, Instant expected) {
    assertEquals(
        expected, PointInTime.parse(text, Instant.parse("2026-01-02T00:00:00Z"), ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "yesterday",
        "2026-13-01",
        "2026-01-02T25:00:00Z",
        "99999999999999999999999",
        "-"
      })
  void whatIsNoMomentIsRefused(String text) {
    assertTrue(
        refusal(t -> PointInTime.parse(t, Instant.EPOCH, ZoneOffset.UTC), text)
            .contains("is no time"));
  }

  @ParameterizedTest
  @CsvSource({
    "SIGTERM,15",
    "TERM,15",
    "term,15",
    "15,15",
    "SIGRTMIN,34",
    "RTMIN+3,37",
    "RTMAX-1,63",
    "SIGKILL,9",
    "IOT,6",
    "64,64",
    "POLL,29"
  })
  void signalsHaveNamesAndNumbers(String text, int number) {
    assertEquals(number, SignalName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "65",
        "FOO",
        "SIG",
        "RTMIN+31",
        "RTMIN-1",
        "RTMAX+1",
        "-9",
        "SIGSIGTERM",
        "9999999999",
        "RTMIN+"
      })
  void whatIsNoSignalIsRefused(String text) {
    assertTrue(refusal(SignalName::parse, text).contains("invalid signal: " + text));
  }

  @Test
  void signalsAreNamed() {
    assertEquals("SIGTERM", SignalName.of(15));
    assertEquals("SIGRTMIN+3", SignalName.of(37));
  }

  @Test
  void aUlimitHasASoftAndAHardBound() {
    Rlimit limit = Ulimit.parse("nofile=1024:2048");
    assertEquals("RLIMIT_NOFILE 1024 2048", limit.type() + " " + limit.soft() + " " + limit.hard());
    assertEquals(-1, Ulimit.parse("core=-1").hard());
    assertEquals(7, Ulimit.parse("core=7").hard());
    assertEquals(-1, Ulimit.parse("stack=5:unlimited").hard());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nofile",
        "=5",
        "nofile=",
        "nofile=a",
        "nofile=5:2",
        "nofile=-1:5",
        "nofile=-2",
        "nofiles=5",
        "nofile=1:2:3",
        "files=1"
      })
  void whatIsNoUlimitIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Ulimit.parse(text));
  }

  @Test
  void aMistypedUlimitIsAnsweredWithTheRightOne() {
    assertTrue(refusal(Ulimit::parse, "nofiles=5").contains("did you mean nofile?"));
  }

  private static String show(VolumeMount mount) {
    return mount.kind()
        + " "
        + mount.source().orElse("-")
        + " "
        + mount.destination()
        + " "
        + mount.options()
        + (mount.createSource() ? " create" : "")
        + (mount.copyUp() ? " copy" : "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a:/b|bind /a /b [rbind] create", "/a:/b:ro|bind /a /b [rbind, rro] create",
            "/a/../c/:/b//d/.|bind /c /b/d [rbind] create",
            "./x:/b|bind /home/me/x /b [rbind] create",
        ".:/b:rshared|bind /home/me /b [rbind, rshared] create", "data:/b|volume data /b [] copy",
            "data:/b:nocopy,ro|volume data /b [rro]", "/b|volume - /b [] copy",
        "/a:/b:bind,ro|bind /a /b [bind, rro] create"
      })
  void aVolumeIsADirectoryOrAName(String text, String expected) {
    assertEquals(expected, show(new VolumeFlag("/home/me").parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "/a:",
        ":/b",
        "/a:b",
        "/a:/",
        "/a:/x/..",
        "/a:/b:xx",
        "/a:/b:ro:rw",
        "/a:/b:ro,rw",
        "/a:/b:ro,ro",
        "/a:/b:rshared,slave",
        "a:/b:nocopy,exec,noexec",
        "a:/b",
        "b/c:/d",
        "~/x:/b",
        "b",
        "-a:/b",
        "/a:/b:",
        "/a:/b\0c"
      })
  void whatIsNoVolumeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new VolumeFlag("/home/me").parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=bind,src=/a,dst=/b|bind /a /b [rbind]",
        "type=bind,source=/a,target=/b,readonly|bind /a /b [rbind, rro]",
        "type=bind,source=/a,target=/b,ro=false|bind /a /b [rbind]",
        "type=bind,src=/a,dst=/b,bind-propagation=rslave,bind-recursive=disabled|bind /a /b [bind, rslave]",
        "src=data,dst=/b|volume data /b [] copy",
        "dst=/b|volume - /b [] copy",
        "type=volume,src=data,dst=/b,volume-nocopy|volume data /b []",
        "type=tmpfs,dst=/b,tmpfs-size=1m,tmpfs-mode=1770|tmpfs - /b [nosuid, nodev, noexec, size=1048576, mode=1770]",
        "TYPE=bind,SRC=/a,DST=/b,RO|bind /a /b [rbind, rro]",
        "type=bind,\"src=/a,b\",dst=/c|bind /a,b /c [rbind]",
        "type=bind,src=x,dst=/c|bind /home/me/x /c [rbind]"
      })
  void aMountIsSpelledOut(String text, String expected) {
    assertEquals(expected, show(new MountFlag("/home/me").parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo",
        "type=bind,src=/a",
        "type=foo,dst=/a",
        "type=bind,dst=/b",
        "type=bind,src=/a,dst=b",
        "type=bind,src=/a,dst=/b,readonly=xy",
        "type=bind,src=/a,dst=/b,foo=x",
        "type=bind,src=/a,dst=/b,tmpfs-size=5",
        "tmpfs-size=5,type=volume,dst=/b",
        "type=tmpfs,src=/a,dst=/b",
        "type=tmpfs,dst=/b,tmpfs-mode=9",
        "type=tmpfs,dst=/b,tmpfs-size=x",
        "type=bind,\"src=/a,dst=/b",
        "type=bind,src=/a,dst=/b,bind-recursive=readonly",
        "src=a/b,dst=/b"
      })
  void whatIsNoMountIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> new MountFlag("/home/me").parse(text));
  }

  @Test
  void aMistypedMountKeyIsAnsweredWithTheRightOne() {
    assertTrue(
        refusal(new MountFlag("/"), "type=bind,sorce=/a,dst=/b").contains("did you mean source?"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/t|tmpfs - /t [nosuid, nodev, noexec]",
        "/t:size=64m,mode=700|tmpfs - /t [nosuid, nodev, noexec, size=67108864, mode=700]",
        "/t:exec,ro|tmpfs - /t [nosuid, nodev, ro]",
        "/t:size=50%,uid=5|tmpfs - /t [nosuid, nodev, noexec, size=50%, uid=5]"
      })
  void aTmpfsHasDockersDefaults(String text, String expected) {
    assertEquals(expected, show(TmpfsFlag.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t",
        "/",
        "/t:",
        "/t:size=x",
        "/t:mode=9",
        "/t:foo",
        "/t:size=101%",
        "/t:uid=a",
        "/t:size=1m\0,dev"
      })
  void whatIsNoTmpfsIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> TmpfsFlag.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/dev/fuse|/dev/fuse /dev/fuse rwm",
        "/dev/a:/dev/b|/dev/a /dev/b rwm",
        "/dev/a:r|/dev/a /dev/a r",
        "/dev/a:/dev/b:rw|/dev/a /dev/b rw"
      })
  void aDeviceHasAPlaceAndAnAccess(String text, String expected) {
    DeviceFlag device = DeviceFlag.parse(text);
    assertEquals(expected, device.hostPath() + " " + device.path() + " " + device.access());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "fuse",
        "/dev/a:/dev/b:x",
        "/dev/a:/dev/b:rr",
        "/dev/a:b",
        "/dev/a:/dev/b:rw:x",
        "/dev/a:/dev/b:"
      })
  void whatIsNoDeviceIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> DeviceFlag.parse(text));
  }

  @Test
  void aDeviceRuleAllows() {
    DeviceRule rule = DeviceRules.parse("c 13:* rwm");
    assertTrue(rule.allow() && rule.minor().isEmpty());
    assertEquals("c 13 rwm", rule.type() + " " + rule.major().getAsLong() + " " + rule.access());
    assertThrows(IllegalArgumentException.class, () -> DeviceRules.parse("foo"));
    assertThrows(IllegalArgumentException.class, () -> DeviceRules.parse("c 13 rwm"));
    assertThrows(IllegalArgumentException.class, () -> DeviceRules.parse("bc 13:1 rwm"));
    assertThrows(IllegalArgumentException.class, () -> DeviceRules.parse("c -1:1 rwm"));
  }

  @Test
  void anIdMapHasARangeInsideAndOutside() {
    IdMapping map = IdMap.parse("0:100000:65536");
    assertEquals("0 100000 65536", map.containerId() + " " + map.hostId() + " " + map.size());
    assertEquals(1, IdMap.parse("5:6").size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "a:b:c",
        "0:0:0",
        "0:0:-1",
        "-1:0:1",
        "0:0:1:1",
        "1:0:4294967295",
        "0:4294967295:1",
        "::"
      })
  void whatIsNoIdMapIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> IdMap.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "0", "1000:1000", "alice:wheel", "4294967294", "with space"})
  void aUserIsANameOrANumber(String text) {
    assertEquals(text, UserName.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", ":wheel", "a:", "a:b:c", "4294967295", "99999999999", "a\nb"})
  void whatIsNoUserIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> UserName.parse(text));
  }

  @Test
  void anEnvironmentFileIsReadAsDockerDoes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("env");
    Files.writeString(file, "\uFEFFA=1\r\n# comment\n\n  B=x y \nHOME\nC=#no\nD=");
    assertEquals(
        List.of("A=1", "B=x y ", "HOME", "C=#no", "D="), EnvironmentFile.lines(file.toString()));
    List<String> variables = new ArrayList<>();
    for (String line : EnvironmentFile.lines(file.toString())) {
      EnvironmentFile.add(line, Map.of("HOME", "/root"), variables);
    }
    assertTrue(variables.contains("HOME=/root"));
    List<String> none = new ArrayList<>();
    EnvironmentFile.add("UNSET", Map.of(), none);
    assertEquals(List.of(), none);
  }

  @Test
  void aBadEnvironmentFileIsNamedWithItsLine(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("env");
    Files.writeString(file, "A=1\nB C=2\n");
    assertTrue(
        refusal(EnvironmentFile::lines, file.toString())
            .contains(file + ":2: variable 'B C' contains whitespaces"));
    Files.writeString(file, "=1\n");
    assertTrue(refusal(EnvironmentFile::lines, file.toString()).contains(":1:"));
    Files.write(file, "A=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(refusal(EnvironmentFile::lines, file.toString()).contains("not UTF-8"));
    assertTrue(refusal(EnvironmentFile::lines, folder.resolve("none").toString()).contains("none"));
    assertThrows(
        IllegalArgumentException.class,
        () -> EnvironmentFile.add("=", Map.of(), new ArrayList<>()));
  }

  @Test
  void labelsMayLackAValueButNotAName() {
    assertEquals(new KeyValue("a", ""), KeyValue.parse("a"));
    assertEquals(new KeyValue("a", "b=c"), KeyValue.parse("a=b=c"));
    assertThrows(IllegalArgumentException.class, () -> KeyValue.parse("=b"));
    assertThrows(IllegalArgumentException.class, () -> KeyValue.parseBoth("a"));
  }

  @Test
  void securityOptionsAreDockers() {
    assertEquals(
        new SecurityOption("no-new-privileges", "true"), SecurityOption.parse("no-new-privileges"));
    assertEquals(
        new SecurityOption("no-new-privileges", "false"),
        SecurityOption.parse("no-new-privileges:false"));
    assertEquals(
        new SecurityOption("seccomp", "/p=q.json"), SecurityOption.parse("seccomp=/p=q.json"));
    assertEquals(new SecurityOption("label", "type:t_t"), SecurityOption.parse("label=type:t_t"));
    assertTrue(
        refusal(SecurityOption::parse, "secomp=unconfined").contains("did you mean seccomp?"));
    for (String wrong :
        List.of(
            "",
            "foo=1",
            "seccomp",
            "seccomp=",
            "label=x",
            "label=type:",
            "mask=relative",
            "mask=/a:b",
            "mask=ALL",
            "unmask=/a:",
            "systempaths=x",
            "no-new-privileges=maybe")) {
      assertThrows(IllegalArgumentException.class, () -> SecurityOption.parse(wrong), wrong);
    }
  }

  @Test
  void aLogIsRotatedBySize() {
    assertEquals(LogOptions.DEFAULT, LogOptions.of(List.of()));
    assertEquals(
        new LogOptions(10 << 20, 3),
        LogOptions.of(List.of(new KeyValue("max-size", "10m"), new KeyValue("max-file", "3"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogOptions.of(List.of(new KeyValue("max-file", "3"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> LogOptions.of(List.of(new KeyValue("max-file", "0"))));
    assertThrows(
        IllegalArgumentException.class, () -> LogOptions.of(List.of(new KeyValue("tag", "x"))));
  }

  @Test
  void aNamespaceIsNewOrTheHostsOrAnothersOrAtAPath() {
    ValueParser<NamespaceMode> pid = NamespaceMode.parser("PID mode");
    assertEquals(NamespaceMode.PRIVATE, pid.parse("private"));
    assertTrue(pid.parse("host").isHost());
    assertEquals("web", pid.parse("container:web").operand());
    assertEquals("/proc/1/ns/pid", pid.parse("ns:/proc/1/ns/pid").operand());
    assertTrue(NamespaceMode.parser("network", "none").parse("none").kind().equals("none"));
    for (String wrong : List.of("", "foo", "container:", "ns:relative", "none")) {
      assertTrue(refusal(pid, wrong).startsWith("invalid PID mode '" + wrong + "'"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a:1.2.3.4,a,1.2.3.4",
    "a=1.2.3.4,a,1.2.3.4",
    "a:::1,a,::1",
    "a=[::1],a,::1",
    "a:fe80::1:2,a,fe80::1:2",
    "a=::ffff:1.2.3.4,a,::ffff:1.2.3.4",
    "a=::,a,::"
  })
  void aHostEntryHasANameAndAnAddress(String text, String name, String address) {
    assertEquals(new HostEntry(name, address), HostEntry.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo",
        "a:",
        ":1.2.3.4",
        "a:1.2.3",
        "a:1.2.3.256",
        "a b:1.2.3.4",
        "a:1.2.3.4\nb",
        "a=1::2::3",
        "a=12345::",
        "a=1:2:3:4:5:6:7",
        "a:host"
      })
  void whatIsNoHostEntryIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> HostEntry.parse(text));
  }

  @Test
  void aClockIsAheadBySecondsOrADuration() {
    assertEquals(1000, ClockOffset.parse("boottime=1000").offset().secs());
    assertEquals(-7200, ClockOffset.parse("monotonic=-2h").offset().secs());
    assertEquals(500_000_000, ClockOffset.parse("monotonic=-0.5").offset().nanosecs());
    assertEquals(-1, ClockOffset.parse("monotonic=-0.5").offset().secs());
    for (String wrong :
        List.of(
            "",
            "boottime",
            "boottime=",
            "realtime=5",
            "boottime=x",
            "boottime=99999999999999",
            "boottime=-")) {
      assertThrows(IllegalArgumentException.class, () -> ClockOffset.parse(wrong), wrong);
    }
  }

  @Test
  void processorsAreListsOfNumbersAndRanges() {
    assertEquals("0-2,7", ProcessorList.parse("0-2,7"));
    for (String wrong : List.of("", "a", "2-1", "1-", "-1", "1,,2", "999999", "0 1")) {
      assertThrows(IllegalArgumentException.class, () -> ProcessorList.parse(wrong), wrong);
    }
  }

  @Test
  void pathsDoNotLeadAboveTheRoot() {
    assertEquals("/", VolumeMount.normalize("/../.."));
    assertEquals("/b", VolumeMount.normalize("/a/../../b"));
    assertFalse(VolumeMount.normalize("//a///b/").contains("//"));
    assertEquals(Optional.of("/b"), new VolumeFlag("/a").parse("../b:/c").source());
  }
}
