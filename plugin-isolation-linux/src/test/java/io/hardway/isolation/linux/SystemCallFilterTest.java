package io.hardway.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IsolationPreparation;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stdio;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompRule;
import io.hardway.spi.spec.Spec;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.FilterProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where in a plan filters and labels are, and what of them is kept. */
class SystemCallFilterTest {
  private static final List<String> USUAL = List.of("CAP_CHOWN", "CAP_SYS_CHROOT");

  @TempDir Path directory;
  private final LinuxIsolationProvider provider = new LinuxIsolationProvider();
  private boolean init;

  private static ContainerProcess.Builder process(List<String> capabilities) {
    return ContainerProcess.builder()
        .args(List.of("true"))
        .cwd("/")
        .capabilities(
            CapabilitySets.builder()
                .bounding(capabilities)
                .effective(capabilities)
                .permitted(capabilities)
                .build());
  }

  private static Spec.Builder spec(ContainerProcess.Builder process) {
    return Spec.builder()
        .process(process.build())
        .linux(linux().build())
        .annotations(Map.of(SystemCallFilter.ANNOTATION, "default"));
  }

  private static LinuxSettings.Builder linux() {
    return LinuxSettings.builder()
        .namespaces(
            List.of(
                Namespace.builder().type("mount").build(),
                Namespace.builder().type("pid").build()));
  }

  private static Seccomp own(String... denied) {
    return Seccomp.builder()
        .defaultAction("SCMP_ACT_ALLOW")
        .flags(List.of("SECCOMP_FILTER_FLAG_LOG"))
        .syscalls(
            List.of(
                SeccompRule.builder()
                    .names(List.of(denied))
                    .action("SCMP_ACT_ERRNO")
                    .errnoRet(28)
                    .build()))
        .build();
  }

  private Path store() {
    return directory.resolve("data/store");
  }

  private List<Step> steps(Spec spec) {
    PlanAssembler assembler = new PlanAssembler();
    provider.contribute(
        IsolationRequest.builder()
            .host(new FakeHost(directory))
            .container(
                Container.builder()
                    .id("0123456789abcdef")
                    .state(Path.of("/run/hardway/containers/c"))
                    .data(Path.of("/var/lib/hardway/containers/c"))
                    .build())
            .spec(spec)
            .rootMountPoint(Path.of("/run/hardway/containers/c/merged"))
            .stdio(Stdio.inherited())
            .initProcess(init)
            .supervised(true)
            .store(store())
            .build(),
        assembler.forPlugin(provider.name()));
    return assembler.run(Optional.empty()).steps();
  }

  private static List<String> tail(List<Step> steps) {
    List<String> names = steps.stream().map(step -> step.operation().keyword()).toList();
    return names.subList(names.lastIndexOf("chdir") + 1, names.indexOf("exec") + 1);
  }

  private static Operation.Seccomp installed(List<Step> steps) {
    return steps.stream()
        .map(Step::operation)
        .filter(Operation.Seccomp.class::isInstance)
        .map(Operation.Seccomp.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFilterIsTheLastThingBeforeCapabilitiesThatItNeedsAreGivenUp() {
    assertEquals(
        List.of(
            "parent-death-signal",
            "reset-signals",
            "close-others",
            "seccomp",
            "capabilities",
            "exec"),
        tail(steps(spec(process(USUAL)).build())));
  }

  @Test
  void withoutNewPrivilegesItIsTheLastThingOfAll() {
    assertEquals(
        List.of(
            "capabilities",
            "parent-death-signal",
            "reset-signals",
            "close-others",
            "seccomp",
            "exec"),
        tail(steps(spec(process(USUAL).noNewPrivileges(true)).build())));
  }

  @Test
  void anInitHasItToo() {
    init = true;
    assertEquals(
        List.of(
            "seccomp",
            "capabilities",
            "init",
            "parent-death-signal",
            "reset-signals",
            "close-others",
            "exec"),
        tail(steps(spec(process(USUAL)).build())));
  }

  @Test
  void noneIsInstalledWhereNoneIsAskedFor() {
    assertFalse(
        tail(steps(spec(process(USUAL)).annotations(Map.of()).build())).contains("seccomp"));
  }

  @Test
  void theDefaultIsShippedForUsualCapabilitiesAndMadeForOthers() {
    List<Step> usual = steps(spec(process(USUAL)).build());
    assertArrayEquals(
        DefaultFilter.shipped(new FakeHost(directory), USUAL).orElseThrow(),
        installed(usual).filter().pieces().get(0).bytes());
    List<String> rare = List.of("CAP_SYS_BOOT", "CAP_SYS_MODULE");
    assertEquals(Optional.empty(), DefaultFilter.shipped(new FakeHost(directory), rare));
    FilterProgram made =
        FilterProgram.of(
            installed(steps(spec(process(rare)).build())).filter().pieces().get(0).bytes());
    assertEquals(FilterProgram.ALLOW, made.run(0xc000_003e, 169), "reboot");
    assertEquals(FilterProgram.errno(1), made.run(0xc000_003e, 165), "mount");
  }

  @Test
  void theLabelTellsPeopleWhichItIs() {
    String label =
        steps(spec(process(USUAL)).build()).stream()
            .filter(step -> step.operation() instanceof Operation.Seccomp)
            .findFirst()
            .orElseThrow()
            .label();
    assertTrue(
        label.matches("install the system call filter \\(default, \\d+ instructions\\)"), label);
  }

  @Test
  void aProfileOfOnesOwnIsKeptByItsContentAndPlanningWritesNothing() throws IOException {
    Spec spec = spec(process(USUAL)).linux(linux().seccomp(own("mkdir")).build()).build();
    Operation.Seccomp planned = installed(steps(spec));
    assertTrue(Files.notExists(store()), "planning writes");
    assertEquals(2, ((IntLiteral) planned.flags()).value(), "the flags");

    provider.prepare(preparation(spec));
    assertEquals(1, kept().size());
    byte[] program = Files.readAllBytes(kept().get(0));
    assertArrayEquals(planned.filter().pieces().get(0).bytes(), program);
    assertEquals(FilterProgram.errno(28), FilterProgram.of(program).run(0xc000_003e, 83));
    assertEquals("rwx------", mode(store()));

    // What is kept is what is used.
    Files.write(kept().get(0), new byte[16]);
    assertEquals(16, installed(steps(spec)).filter().pieces().get(0).bytes().length);
    Files.write(kept().get(0), new byte[15]);
    assertArrayEquals(program, installed(steps(spec)).filter().pieces().get(0).bytes(), "cut off");

    Spec other = spec(process(USUAL)).linux(linux().seccomp(own("rmdir")).build()).build();
    provider.prepare(preparation(other));
    assertEquals(2, kept().size());
    assertEquals(2, provider.prune(store()).size());
    assertEquals(List.of(), kept());
    assertArrayEquals(program, installed(steps(spec)).filter().pieces().get(0).bytes());
  }

  @Test
  void nothingIsKeptOfTheShipped() {
    provider.prepare(preparation(spec(process(USUAL)).build()));
    assertTrue(Files.notExists(store()));
  }

  private IsolationPreparation preparation(Spec spec) {
    return IsolationPreparation.builder()
        .host(new FakeHost(directory))
        .spec(spec)
        .store(store())
        .build();
  }

  private List<Path> kept() throws IOException {
    try (var files = Files.list(store().resolve("isolation-linux"))) {
      return files.toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path));
  }

  @Test
  void labelsAreRefusedWhereTheKernelHasNoModuleForThem() {
    assertEquals(
        "AppArmor profile p cannot be applied: this kernel runs without AppArmor",
        refusal(spec(process(USUAL).apparmorProfile("p")).build()));
    assertEquals(
        "SELinux label a:b:c:s0 cannot be applied: this kernel runs without SELinux",
        refusal(spec(process(USUAL).selinuxLabel("a:b:c:s0")).build()));
    assertEquals(
        "SELinux mount label a:b:c:s0 cannot be applied: this kernel runs without SELinux",
        refusal(labelledMount()));
  }

  private String refusal(Spec spec) {
    return assertThrows(PlanningException.class, () -> steps(spec)).getMessage();
  }

  private static Spec labelledMount() {
    return spec(process(USUAL))
        .mounts(
            List.of(
                Mount.builder().destination("/proc").type("proc").source("proc").build(),
                Mount.builder()
                    .destination("/tmp")
                    .type("tmpfs")
                    .source("tmpfs")
                    .options(List.of("mode=1777"))
                    .build()))
        .linux(linux().mountLabel("a:b:c:s0").build())
        .build();
  }

  @Test
  void appArmorIsToldThroughAFileThatIsOpenedBeforeTheRootChanges() throws IOException {
    write("sys/module/apparmor/parameters/enabled", "Y\n");
    assertEquals("/proc/self/attr/exec", opened(spec(process(USUAL).apparmorProfile("p")).build()));
    write("proc/self/attr/apparmor/exec", "");
    List<Step> steps = steps(spec(process(USUAL).apparmorProfile("p")).build());
    assertEquals("/proc/self/attr/apparmor/exec", opened(steps));
    assertEquals("exec p", written(steps));
    write("sys/module/apparmor/parameters/enabled", "N\n");
    assertTrue(refusal(spec(process(USUAL).apparmorProfile("p")).build()).contains("AppArmor"));
  }

  @Test
  void selinuxIsToldTheLabelAndMountsHaveTheirs() throws IOException {
    write("sys/fs/selinux/enforce", "1");
    List<Step> steps = steps(spec(process(USUAL).selinuxLabel("a:b:c:s0")).build());
    assertEquals("/proc/self/attr/exec", opened(steps));
    assertEquals("a:b:c:s0", written(steps));
    List<String> options =
        steps(labelledMount()).stream()
            .map(Step::operation)
            .filter(Operation.Mount.class::isInstance)
            .map(operation -> ((Operation.Mount) operation).data().toString())
            .toList();
    assertEquals(List.of("", "mode=1777,context=\"a:b:c:s0\""), options);
  }

  private String opened(Spec spec) {
    return opened(steps(spec));
  }

  private static String opened(List<Step> steps) {
    int pivot =
        steps.stream().map(step -> step.operation().keyword()).toList().indexOf("pivot-root");
    return steps.subList(0, pivot).stream()
        .map(Step::operation)
        .filter(Operation.Open.class::isInstance)
        .map(operation -> ((Operation.Open) operation).path().toString())
        .filter(path -> path.startsWith("/proc/self/attr/"))
        .findFirst()
        .orElseThrow();
  }

  private static String written(List<Step> steps) {
    return steps.stream()
        .map(Step::operation)
        .filter(Operation.WriteFd.class::isInstance)
        .map(operation -> ((Operation.WriteFd) operation).data().toString())
        .findFirst()
        .orElseThrow();
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(directory.resolve(file).getParent());
    Files.writeString(directory.resolve(file), text);
  }
}
