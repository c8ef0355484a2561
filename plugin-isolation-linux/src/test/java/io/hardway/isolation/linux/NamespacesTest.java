package io.hardway.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stdio;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.Device;
import io.hardway.spi.spec.IdMapping;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Root;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which namespaces a plan is made for, and what is refused before there is one. */
class NamespacesTest {
  @TempDir Path root;
  private FakeHost host;
  private final List<Namespace> namespaces = new ArrayList<>();
  private final Spec.Builder spec = Spec.builder();
  private final LinuxSettings.Builder linux = LinuxSettings.builder();
  private Map<String, Path> shared = Map.of();
  private boolean ownRoot;

  @BeforeEach
  void host() throws IOException {
    host = new FakeHost(root);
    process("self", 1);
    process("7", 2);
  }

  private void process(String pid, int number) throws IOException {
    Path folder = Files.createDirectories(root.resolve("proc").resolve(pid).resolve("ns"));
    for (NamespaceKind kind : NamespaceKind.values()) {
      Files.createSymbolicLink(
          folder.resolve(kind.file()), Path.of(kind.file() + ":[" + number + "]"));
    }
  }

  private NamespacesTest with(String type, String path) {
    Namespace.Builder namespace = Namespace.builder().type(type);
    namespaces.add(path.isEmpty() ? namespace.build() : namespace.path(path).build());
    return this;
  }

  private List<String> steps() {
    return plan().stream().map(step -> step.label()).toList();
  }

  private List<Step> plan() {
    PlanAssembler assembler = new PlanAssembler();
    LinuxIsolationProvider provider = new LinuxIsolationProvider();
    provider.contribute(
        IsolationRequest.builder()
            .host(host)
            .container(
                Container.builder()
                    .id("0123456789abcdef")
                    .state(Path.of("/run/hardway/containers/c"))
                    .data(Path.of("/var/lib/hardway/containers/c"))
                    .build())
            .spec(
                spec.process(ContainerProcess.builder().args(List.of("true")).cwd("/").build())
                    .linux(linux.namespaces(namespaces).build())
                    .build())
            .rootMountPoint(Path.of("/run/hardway/containers/c/merged"))
            .stdio(Stdio.inherited())
            .joined(shared)
            .ownRoot(ownRoot)
            .supervised(true)
            .store(root.resolve("store"))
            .build(),
        assembler.forPlugin(provider.name()));
    return assembler.run(java.util.Optional.empty()).steps();
  }

  private String refusal() {
    return assertThrows(PlanningException.class, this::steps).getMessage();
  }

  @ParameterizedTest
  @EnumSource(names = "MOUNT", mode = EnumSource.Mode.EXCLUDE)
  void eachIsJoinedAtItsPath(NamespaceKind kind) {
    String path = "/proc/7/ns/" + kind.file();
    assertTrue(
        with("mount", "")
            .with(kind.type(), path)
            .steps()
            .contains("open the " + kind.type() + " namespace " + path));
  }

  @ParameterizedTest
  @EnumSource
  void aPathOfAnotherKindIsRefusedByWhatItIs(NamespaceKind kind) {
    NamespaceKind other = kind == NamespaceKind.UTS ? NamespaceKind.IPC : NamespaceKind.UTS;
    String path = "/proc/7/ns/" + other.file();
    assertEquals(
        path + " is " + other.file() + ":[2], no " + kind.type() + " namespace",
        with(kind.type(), path).refusal());
  }

  @ParameterizedTest
  @EnumSource
  void aPathOfNoNamespaceIsRefused(NamespaceKind kind) throws IOException {
    Files.writeString(root.resolve("file"), "");
    assertEquals(
        "/file is no namespace: the " + kind.type() + " namespace cannot be joined",
        with(kind.type(), "/file").refusal());
    namespaces.clear();
    assertEquals(
        "/none does not exist or is hidden: the " + kind.type() + " namespace cannot be joined",
        with(kind.type(), "/none").refusal());
    namespaces.clear();
    assertEquals(
        "the " + kind.type() + " namespace ns is no absolute path",
        with(kind.type(), "ns").refusal());
  }

  @ParameterizedTest
  @EnumSource
  void aKernelWithoutItIsNamed(NamespaceKind kind) {
    host.without(kind.file());
    assertEquals(
        "the kernel has no " + kind.type() + " namespaces", with(kind.type(), "").refusal());
  }

  /** The plan over files that are another's; nothing in it may touch what is mounted. */
  private List<String> overFilesOfAnother() {
    List<Step> plan = plan();
    List<String> changing =
        List.of("mount", "bind", "propagation", "mount-attr", "pivot-root", "mask", "read-only");
    for (Step step : plan) {
      String keyword = step.operation().keyword();
      assertTrue(!changing.contains(keyword) && !keyword.startsWith("mk"), step::label);
      if (step.operation() instanceof Operation.Chdir chdir) {
        assertEquals(0, ((IntLiteral) chdir.create()).value(), "makes no directory");
      }
    }
    return plan.stream().map(step -> step.label()).toList();
  }

  @Test
  void overTheHostsFilesNothingIsMounted() {
    List<String> steps = with("uts", "").overFilesOfAnother();
    assertTrue(steps.stream().noneMatch(label -> label.startsWith("join")), steps::toString);
    assertTrue(
        steps.contains(
            "stand on the host's own files: no path is hidden or read-only, and what is written stays"),
        steps::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/proc/7/ns/mnt", ""})
  void aRootOfItsOwnIsTakenAlongToAMountNamespaceOfAnother(String path) {
    ownRoot = true;
    if (!path.isEmpty()) {
      with("mount", path);
    }
    List<Step> plan = with("uts", "").plan();
    List<String> keywords = plan.stream().map(step -> step.operation().keyword()).toList();
    assertEquals(
        List.of("clone-mount", "join", "chroot"),
        keywords.subList(keywords.indexOf("clone-mount"), keywords.indexOf("chroot") + 1));
    assertFalse(keywords.contains("pivot-root"));
    List<String> steps = plan.stream().map(Step::label).toList();
    assertTrue(
        steps.contains(
            "open the mount namespace" + (path.isEmpty() ? ", which it shares" : " " + path)),
        steps::toString);
    assertTrue(
        steps.contains("make the container's process, with new namespaces: mount, uts"),
        steps::toString);
  }

  @Test
  void aMountNamespaceIsJoinedLastAndUsersAreLookedUpInIt() throws IOException {
    List<String> byPath =
        with("mount", "/proc/7/ns/mnt").with("uts", "/proc/7/ns/uts").overFilesOfAnother();
    assertTrue(byPath.contains("open the mount namespace /proc/7/ns/mnt"), byPath::toString);
    namespaces.clear();
    Path identity = Files.writeString(root.resolve("identity"), "7 1\n");
    shared = Map.of("mount", identity, "uts", identity);
    for (List<String> steps : List.of(byPath, overFilesOfAnother())) {
      int joined = steps.indexOf("join the mount namespace");
      assertTrue(joined > steps.indexOf("join the uts namespace"), steps::toString);
      assertTrue(joined > steps.indexOf("make the container's process"), steps::toString);
      assertTrue(joined < steps.indexOf("look up user 0"), steps::toString);
    }
  }

  @Test
  void whatWouldBeMountedAmongTheFilesOfAnotherIsRefusedByName() {
    with("mount", "/proc/7/ns/mnt");
    String reason = " cannot be had: it would be made in a mount namespace that is another's";
    linux.readonlyPaths(List.of("/proc/sys"));
    assertEquals("the read-only path /proc/sys" + reason, refusal());
    linux.maskedPaths(List.of("/proc/kcore"));
    assertEquals("the masked path /proc/kcore" + reason, refusal());
    linux.sysctl(Map.of("net.ipv4.ip_forward", "1"));
    assertEquals("sysctl net.ipv4.ip_forward" + reason, refusal());
    linux.devices(List.of(Device.builder().type("c").path("/dev/x").major(1).minor(3).build()));
    assertEquals("the device /dev/x" + reason, refusal());
    spec.mounts(List.of(Mount.builder().destination("/proc").type("proc").source("proc").build()));
    assertEquals("the mount on /proc" + reason, refusal());
  }

  @Test
  void aReadOnlyRootCannotBeAnothers() {
    spec.root(Root.builder().path("merged").readonly(true).build());
    assertTrue(with("uts", "").refusal().startsWith("a read-only root cannot be had"));
  }

  @Test
  void oneKindIsSaidOnce() throws IOException {
    with("mount", "").with("pid", "").with("pid", "/proc/7/ns/pid");
    assertEquals("the pid namespace is said twice", refusal());
    namespaces.clear();
    Path identity = Files.writeString(root.resolve("identity"), "7 1\n");
    shared = Map.of("pid", identity);
    assertEquals("the pid namespace is said twice", with("pid", "").refusal());
  }

  @Test
  void whatBelongsToOthersCannotBeJoinedFromANewUserNamespace() {
    linux
        .uidMappings(List.of(IdMapping.builder().containerId(0).hostId(1000).size(1).build()))
        .gidMappings(List.of(IdMapping.builder().containerId(0).hostId(1000).size(1).build()));
    with("mount", "").with("user", "").with("network", "/proc/7/ns/net");
    assertEquals(
        "the network namespace cannot be joined from a new user namespace, which has no rights in it",
        refusal());
  }

  @Test
  void theUserNamespaceWeAreInIsNotEntered() {
    List<String> steps = with("mount", "").with("user", "/proc/self/ns/user").steps();
    assertTrue(
        steps.stream().noneMatch(label -> label.contains("user namespace")), steps::toString);
  }

  @Test
  void rangesOfIdsAreCheckedAsTheKernelDoes() {
    List<IdMapping> good = List.of(range(0, 100, 10), range(10, 200, 10));
    IdMaps.require("user", good);
    assertEquals(
        "the user id ranges 0:100:10 and 9:200:10 overlap",
        refusal(List.of(range(0, 100, 10), range(9, 200, 10))));
    assertEquals(
        "the user id ranges 0:100:10 and 10:109:10 overlap",
        refusal(List.of(range(0, 100, 10), range(10, 109, 10))));
    assertTrue(
        refusal(List.of(range(1, 100, 10))).startsWith("no range of user ids begins with 0"));
    List<IdMapping> many = new ArrayList<>();
    for (int i = 0; i < 341; i++) {
      many.add(range(i, 1000 + 2 * i, 1));
    }
    assertEquals("the kernel takes no more than 340 ranges of user ids", refusal(many));
  }

  private static String refusal(List<IdMapping> ranges) {
    return assertThrows(PlanningException.class, () -> IdMaps.require("user", ranges)).getMessage();
  }

  private static IdMapping range(long inside, long outside, long size) {
    return IdMapping.builder().containerId(inside).hostId(outside).size(size).build();
  }
}
