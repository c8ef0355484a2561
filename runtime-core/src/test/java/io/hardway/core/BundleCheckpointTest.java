package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.CheckpointOptions.Allowance;
import io.hardway.init.PlanCodec;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plans of checkpoint and restore; what criu makes of them the kernel tests see. */
class BundleCheckpointTest {
  private static final BundleOptions NONE =
      new BundleOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0);

  @TempDir private Path directory;
  private Path bundle;
  private Path images;
  private BundleEngine engine;
  private BundleConfig config;

  @BeforeEach
  void makeEngine() throws IOException {
    bundle = Files.createDirectories(directory.resolve("bundle"));
    images = Files.createDirectories(directory.resolve("images"));
    Files.createDirectories(bundle.resolve("rootfs"));
    Files.writeString(images.resolve("descriptors.json"), "[\"\",\"pipe:[5]\",\"\"]");
    Path host = Files.createDirectories(directory.resolve("host"));
    Path process = Files.createDirectories(host.resolve("proc/7"));
    Files.createDirectories(process.resolve("root"));
    Files.createDirectories(process.resolve("ns"));
    Files.writeString(process.resolve("ns/net"), "");
    Files.writeString(process.resolve("mountinfo"), "40 30 254:0 /r / rw - ext4 /dev/vda rw\n");
    write("");
    engine =
        new BundleEngine(
            new BundleDirectories(directory.resolve("state")),
            new FakeHost(host),
            new PlannedEngine(directory).engine().plugins(),
            warning -> {});
  }

  private void write(String namespace) throws IOException {
    Files.writeString(
        bundle.resolve("config.json"),
        """
        {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
         "process": {"user": {"uid": 0, "gid": 0}, "args": ["true"], "cwd": "/"},
         "hooks": {"prestart": [{"path": "/hook"}]},
         "mounts": [
           {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"},
           {"destination": "/dev/shm", "type": "tmpfs", "source": "shm"},
           {"destination": "/a", "type": "bind", "source": "/", "options": ["bind", "ro", "nosuid"]},
           {"destination": "/a/file", "type": "bind", "source": "/etc/passwd", "options": ["bind"]}],
         "linux": {"namespaces": [{"type": "mount"}, {"type": "network"NETWORK}]}}
        """
            .replace("NETWORK", namespace));
  }

  private CheckpointOptions options(Allowance... allowances) {
    return new CheckpointOptions(
        Path.of("/usr/sbin/criu"),
        List.of("PATH=/bin"),
        images,
        Optional.of(directory.resolve("work")),
        Optional.empty(),
        Set.of(allowances),
        CheckpointOptions.Groups.SOFT,
        Optional.empty(),
        Optional.empty());
  }

  private PlannedCommand restore(BundleOptions.Until until) {
    return engine.restore("one", bundle, NONE, until, options());
  }

  /** A container of the bundle in this state. */
  private BundleRecord container(String status) throws IOException {
    config =
        BundleConfig.builder()
            .id("one")
            .bundle(bundle)
            .created("2026-01-01T00:00:00Z")
            .spec(Bundle.read(bundle))
            .isolation("namespaces")
            .build();
    return new BundleRecord(config, status, 7);
  }

  private static Operation.Criu asked(Plan plan) {
    return plan.steps().stream()
        .map(Step::operation)
        .filter(Operation.Criu.class::isInstance)
        .map(Operation.Criu.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static String said(Operation.Criu criu) {
    return new String(criu.options().pieces().get(0).bytes(), StandardCharsets.ISO_8859_1);
  }

  private static List<String> inside(Text plan) {
    return PlannedEngine.texts(PlanCodec.decode(plan.pieces().get(0).bytes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"created", "stopped", "creating"})
  void onlyWhatRunsIsCheckpointed(String status) throws IOException {
    BundleRecord container = container(status);
    String message =
        assertThrows(HardwayException.class, () -> engine.checkpoint(container, options()))
            .getMessage();
    assertTrue(message.contains("it is " + status + ", not running"), message);
  }

  @Test
  void whatIsCheckpointedIsDeletedWhereItIsNotLeftRunning() throws IOException {
    String delete = "core perform: delete what is left of it";
    List<String> ends = PlannedEngine.texts(engine.checkpoint(container("running"), options()));
    assertEquals(delete, ends.get(ends.size() - 1));
    assertFalse(
        PlannedEngine.texts(
                engine.checkpoint(container("running"), options(Allowance.LEAVE_RUNNING)))
            .contains(delete));
    assertFalse(
        PlannedEngine.texts(engine.preDump(container("running"), options())).contains(delete));
  }

  @Test
  void criuIsToldOfTheProcessAndWhatIsOutside() throws IOException {
    write(", \"path\": \"/proc/9/ns/net\"");
    Operation.Criu criu = asked(engine.checkpoint(container("running"), options()));
    assertEquals(1, ((IntLiteral) criu.type()).value());
    assertTrue(said(criu).startsWith("\u0048\u0004\u0052\u0008dump.log"), said(criu));
    assertTrue(said(criu).contains("\u0010\u0007"), said(criu)); // pid
    assertTrue(said(criu).matches("(?s).*net\\[[0-9]+\\]:extRootNetNS.*"), said(criu));
    assertEquals(directory.resolve("work/dump.log").toString(), criu.log().toString());
  }

  @Test
  void theUndoOfARestoreIsStoredBeforeItsEffects() {
    for (Step step : restore(BundleOptions.Until.STARTED).plan().steps()) {
      if (step.operation() instanceof Operation.Replace replace) {
        assertEquals(
            directory.resolve("state/one/undo.plan").toString(), replace.path().toString());
        return;
      }
      assertFalse(step.operation() instanceof Operation.Spawn, step.label());
    }
  }

  @Test
  void whatIsRestoredCanDoAsWhatWasCreated() {
    PlannedCommand created = engine.create("one", bundle, NONE, BundleOptions.Until.CREATED);
    PlannedCommand restored = restore(BundleOptions.Until.STARTED);
    assertEquals(created.stored().keySet(), restored.stored().keySet());
    for (Path file : created.stored().keySet()) {
      assertEquals(
          PlannedEngine.texts(created.stored().get(file)),
          PlannedEngine.texts(restored.stored().get(file)),
          file::toString);
    }
  }

  @Test
  void aRestoreWithAGroupOfSystemdIsRefused() {
    BundleOptions bySystemd =
        new BundleOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), 0, BundleOptions.Groups.SYSTEMD);
    HardwayException refusal =
        assertThrows(
            HardwayException.class,
            () -> engine.restore("one", bundle, bySystemd, BundleOptions.Until.STARTED, options()));
    assertTrue(refusal.getMessage().contains("--systemd-cgroup"), refusal.getMessage());
  }

  @Test
  void whatHasItsNamespacesGetsLoopbackAndHooks() {
    List<String> then = inside(asked(restore(BundleOptions.Until.STARTED).plan()).plan());
    assertTrue(
        then.indexOf("core netlink: bring the loopback interface up")
            < then.indexOf("core run: run the prestart hook /hook"),
        then::toString);
    assertTrue(then.contains("core netlink: bring the loopback interface up"), then::toString);
  }

  @Test
  void bindsGetTheirAttributesAgain() {
    Plan last =
        PlanCodec.decode(
            asked(restore(BundleOptions.Until.STARTED).plan()).last().pieces().get(0).bytes());
    List<String> set = new ArrayList<>();
    for (Step step : last.steps()) {
      if (step.operation() instanceof Operation.MountAttr attributes) {
        set.add(attributes.target() + " " + ((IntLiteral) attributes.set()).value());
      }
    }
    assertEquals(List.of("/a 3"), set);
  }

  @Test
  void placesForMountsAreMadeWhereCriuMakesNone() {
    List<String> steps = PlannedEngine.texts(restore(BundleOptions.Until.STARTED).plan());
    assertTrue(
        steps.contains("core mkdirs: make the place for the mount on /dev"), steps::toString);
    assertFalse(
        steps.contains("core mkdirs: make the place for the mount on /dev/shm"), steps::toString);
    assertTrue(
        steps.contains("core write: make the file for the mount on /a/file"), steps::toString);
  }

  @Test
  void standardStreamsAndNamespacesAreInherited() throws IOException {
    write(", \"path\": \"/proc/9/ns/net\"");
    Plan plan = restore(BundleOptions.Until.ENDED).plan();
    List<String> inherited = asked(plan).descriptors().stream().map(Object::toString).toList();
    assertEquals(List.of("1 pipe:[5]", "${network namespace} extRootNetNS"), inherited);
    assertTrue(
        PlannedEngine.texts(plan).contains("core keep-open: leave criu the network namespace"));
    assertFalse(
        inside(asked(plan).plan()).contains("core netlink: bring the loopback interface up"));
  }

  @Test
  void aDirectoryWithoutACheckpointIsRefused() throws IOException {
    Files.delete(images.resolve("descriptors.json"));
    String message =
        assertThrows(HardwayException.class, () -> restore(BundleOptions.Until.STARTED))
            .getMessage();
    assertTrue(message.contains(images + " has no checkpoint"), message);
  }
}
