package io.hardway.fs.overlay.archive;

import static io.hardway.fs.overlay.archive.TarBuilder.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.StepRunner;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.testkit.FakeHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveStoreTest {
  @TempDir Path directory;
  private Path store;
  private ArchiveStore archives;

  @BeforeEach
  void open() {
    store = directory.resolve("data/store");
    archives = new ArchiveStore(store);
  }

  /** Removes trees as the native program does. */
  private final StepRunner runner =
      steps -> {
        PlanAssembler assembler = new PlanAssembler();
        steps.accept(assembler.forPlugin("fs-overlay"));
        for (Step step : assembler.run(Optional.empty()).steps()) {
          delete(Path.of(((Operation.RemoveTree) step.operation()).path().toString()));
        }
      };

  private static void delete(Path tree) {
    if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path archive(byte[] content) throws IOException {
    return Files.write(directory.resolve("rootfs.tar"), content);
  }

  /** An ordinary user with one id: what the one who runs the tests can do, whoever that is. */
  private RootfsPreparation request(Path archive) {
    return RootfsPreparation.builder()
        .host(new FakeHost(directory).user(1000))
        .source(RootfsSource.archive(archive))
        .store(store)
        .runner(runner)
        .build();
  }

  private Path prepare(Path archive) {
    RootfsSource source = archives.prepare(request(archive));
    assertEquals("prepared", source.kind());
    return source.paths().get(0);
  }

  private Path prepare(byte[] archive) throws IOException {
    return prepare(archive(archive));
  }

  private List<String> inStore() throws IOException {
    if (Files.notExists(store.resolve("fs-overlay/trees"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(store.resolve("fs-overlay/trees"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void refused(byte[] archive, String... why) throws IOException {
    Path file = archive(archive);
    PlanningException e = assertThrows(PlanningException.class, () -> prepare(file));
    for (String part : why) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertEquals(List.of(), inStore());
  }

  @Test
  void unpacksFilesDirectoriesAndLinks() throws IOException {
    Path tree =
        prepare(
            new TarBuilder()
                .add(entry('5', "./").mode(0711))
                .add(entry('5', "bin/").mode(0500))
                .add(entry('0', "bin/sh").mode(0755).data(new byte[] {1, 2, 3}))
                .link("lib", "usr/lib")
                .hardLink("bin/again", "./bin/sh")
                .file("missing/parents/file", "text")
                .end());
    assertEquals(0711, (int) Files.getAttribute(tree, "unix:mode") & 07777);
    assertEquals(0500, (int) Files.getAttribute(tree.resolve("bin"), "unix:mode") & 07777);
    assertEquals(0755, (int) Files.getAttribute(tree.resolve("bin/sh"), "unix:mode") & 07777);
    assertEquals(0755, (int) Files.getAttribute(tree.resolve("missing"), "unix:mode") & 07777);
    assertEquals(2, Files.getAttribute(tree.resolve("bin/again"), "unix:nlink"));
    assertEquals(Path.of("usr/lib"), Files.readSymbolicLink(tree.resolve("lib")));
    assertEquals(
        FileTime.from(java.time.Instant.ofEpochSecond(1_000_000_000)),
        Files.getLastModifiedTime(tree.resolve("bin")));
    assertEquals("text", Files.readString(tree.resolve("missing/parents/file")));
  }

  @Test
  void absoluteNamesAreInside() throws IOException {
    Path tree = prepare(new TarBuilder().file("//etc/./passwd", "x").end());
    assertEquals("x", Files.readString(tree.resolve("etc/passwd")));
  }

  @Test
  void namesThatLeadUpwardsAreRefused() throws IOException {
    refused(new TarBuilder().file("ok", "").file("a/../../evil", "x").end(), "a/../../evil");
    refused(new TarBuilder().hardLink("passwd", "../../../etc/passwd").end(), "..");
    assertTrue(Files.notExists(directory.resolve("evil")));
  }

  @Test
  void linksInTheWayAreFollowedInsideOnly() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Path tree =
        prepare(
            new TarBuilder()
                .directory("usr/lib")
                .link("lib", "/usr/lib")
                .file("lib/so", "x")
                .directory(outside.toString().substring(1))
                .link("out", outside.toString())
                .link("climb", "../../../../../../../../../.." + outside)
                .file("out/written", "x")
                .file("climb/too", "x")
                .end());
    assertEquals("x", Files.readString(tree.resolve("usr/lib/so")));
    try (Stream<Path> files = Files.list(outside)) {
      assertEquals(List.of(), files.toList());
    }
    assertTrue(Files.exists(tree.resolve(outside.toString().substring(1)).resolve("too")));
  }

  @Test
  void aFileReplacesALinkAndIsNotWrittenThroughIt() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "mine");
    Path tree =
        prepare(
            new TarBuilder()
                .link("etc/passwd", secret.toString())
                .file("etc/passwd", "new")
                .link("etc/group", secret.toString())
                .hardLink("linked", "etc/group")
                .file("linked", "new")
                .end());
    assertEquals("new", Files.readString(tree.resolve("etc/passwd")));
    assertEquals("new", Files.readString(tree.resolve("linked")));
    assertEquals("mine", Files.readString(secret));
  }

  @Test
  void hardLinksDoNotReachOutside() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "mine");
    refused(new TarBuilder().hardLink("a", secret.toString()).end(), "a is a link to");
    refused(
        new TarBuilder().link("d", directory.toString()).hardLink("a", "d/secret").end(),
        "a is a link to");
    assertEquals(1, Files.getAttribute(secret, "unix:nlink"));
  }

  @Test
  void theLastOfSeveralEntriesCounts() throws IOException {
    Path tree =
        prepare(
            new TarBuilder()
                .file("f", "long text")
                .file("f", "x")
                .directory("d")
                .file("d", "now a file")
                .link("l", "nowhere")
                .directory("l")
                .file("l/f", "y")
                .end());
    assertEquals("x", Files.readString(tree.resolve("f")));
    assertEquals("now a file", Files.readString(tree.resolve("d")));
    assertEquals("y", Files.readString(tree.resolve("l/f")));
  }

  @Test
  void sparseFilesStaySparse() throws IOException {
    TarBuilder.Header header = entry('S', "s").data("tail".getBytes(StandardCharsets.UTF_8));
    header.octal(386, 12, 1L << 32).octal(398, 12, 4).octal(483, 12, (1L << 32) + 4);
    Path file = prepare(new TarBuilder().add(header).end()).resolve("s");
    assertEquals((1L << 32) + 4, Files.size(file));
    try (var channel = Files.newByteChannel(file)) {
      channel.position(1L << 32);
      var buffer = java.nio.ByteBuffer.allocate(10);
      channel.read(buffer);
      assertEquals("tail", new String(buffer.array(), 0, 4, StandardCharsets.UTF_8));
    }
  }

  @Test
  void devicesAreLeftOutForOrdinaryUsers() throws IOException {
    Path tree =
        prepare(
            new TarBuilder()
                .add(entry('3', "dev/mem").device(1, 1).mode(0666))
                .add(entry('6', "fifo").mode(0600))
                .end());
    assertTrue(Files.notExists(tree.resolve("dev/mem")));
    assertTrue(Files.exists(tree.resolve("fifo")));
  }

  @Test
  void attributesOfTheOverlayAreLeftOut() throws IOException {
    Path tree =
        prepare(
            new TarBuilder()
                .pax(
                    "SCHILY.xattr.user.overlay.opaque=y",
                    "SCHILY.xattr.trusted.overlay.redirect=/x",
                    "SCHILY.xattr.user.kept=v")
                .directory("d")
                .end());
    var view =
        Files.getFileAttributeView(
            tree.resolve("d"), java.nio.file.attribute.UserDefinedFileAttributeView.class);
    assertEquals(List.of("kept"), view.list());
  }

  @Test
  void compressedArchivesAreKnownByTheirContent() throws IOException {
    byte[] plain = new TarBuilder().file("f", "x").end();
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    assertEquals("x", Files.readString(prepare(gzip.toByteArray()).resolve("f")));
    byte[] zstd = com.github.luben.zstd.Zstd.compress(plain);
    assertEquals("x", Files.readString(prepare(zstd).resolve("f")));
  }

  @Test
  void whatIsCutOffIsRefusedAndLeavesNothing() throws IOException {
    byte[] random = new byte[100_000];
    new java.util.Random(1).nextBytes(random);
    byte[] plain = new TarBuilder().add(entry('0', "a").data(random)).file("b", "x").end();
    refused(Arrays.copyOf(plain, 5000), "cut off");
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(plain);
    }
    refused(Arrays.copyOf(gzip.toByteArray(), gzip.size() - 4), "cut off");
    byte[] zstd = com.github.luben.zstd.Zstd.compress(plain);
    refused(Arrays.copyOf(zstd, zstd.length / 2), "cannot be unpacked");
  }

  @Test
  void whatIsNoArchiveIsRefused() throws IOException {
    refused("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "is no tar archive");
    refused(new byte[0], "is no tar archive");
    refused(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 1}, "xz");
  }

  @Test
  void anArchiveIsReadOnce() throws IOException {
    Path archive = archive(new TarBuilder().file("f", "x").end());
    Path digest = index(archive);
    Path tree = prepare(archive);
    Path other = Files.createDirectory(tree.resolveSibling("0".repeat(64) + "-u-g"));
    String line = Files.readString(digest);
    Files.writeString(
        digest, line.replace(tree.getFileName().toString().substring(0, 64), "0".repeat(64)));
    assertEquals(other, prepare(archive), "the digest was not taken from the index");
    Files.setLastModifiedTime(archive, FileTime.fromMillis(5000));
    assertEquals(tree, prepare(archive), "a changed archive was taken for the old one");
  }

  /** Waits until the archive is old enough to be remembered, and gives the place where it is. */
  private Path index(Path archive) throws IOException {
    long inode = ((Number) Files.getAttribute(archive, "unix:ino")).longValue();
    long device = ((Number) Files.getAttribute(archive, "unix:dev")).longValue();
    Path entry =
        store.resolve(
            "fs-overlay/index/" + Long.toHexString(device) + "-" + Long.toHexString(inode));
    while (Files.notExists(entry)) {
      prepare(archive);
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return entry;
  }

  @Test
  void aPreviewWritesNothing() throws IOException {
    Path archive = archive(new TarBuilder().file("f", "x").end());
    Path shown = archives.preview(request(archive)).paths().get(0);
    assertTrue(Files.notExists(store));
    assertEquals(shown, prepare(archive));
  }

  @Test
  void manyAtOnceUnpackOneTree() throws Exception {
    byte[] content = new byte[3_000_000];
    Path archive =
        archive(new TarBuilder().add(entry('0', "big").data(content)).file("f", "x").end());
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Path>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> prepare(archive));
      }
      for (Future<Path> tree : threads.invokeAll(tasks)) {
        assertEquals("x", Files.readString(tree.get().resolve("f")));
      }
    }
    assertEquals(1, inStore().size(), inStore().toString());
  }

  @Test
  void whatWasInterruptedIsDoneAgain() throws IOException {
    Path archive = archive(new TarBuilder().file("f", "x").end());
    Path tree = archives.preview(request(archive)).paths().get(0);
    Files.createDirectories(tree.resolveSibling(tree.getFileName() + ".new/half"));
    Files.createDirectories(tree.resolveSibling("other.new/half"));
    assertEquals("x", Files.readString(prepare(archive).resolve("f")));
    assertEquals(List.of(tree.getFileName().toString()), inStore());
  }

  @Test
  void pruneDeletesWhatNoContainerUses() throws IOException {
    Path used = prepare(new TarBuilder().file("f", "used").end());
    Path unused = prepare(new TarBuilder().file("f", "unused").end());
    Files.createDirectories(used.resolveSibling("half.new/x"));
    Files.createDirectories(used.resolveSibling("stray"));
    List<String> deleted =
        archives.prune(new FakeHost(directory).user(1000), () -> List.of(used), runner);
    assertEquals(2, deleted.size());
    assertTrue(deleted.get(0).contains(unused.getFileName().toString().substring(0, 12)));
    assertEquals(List.of(used.getFileName().toString()), inStore());
  }

  @Test
  void pruneGivesBackWhatAContainerTookMeanwhile() throws IOException {
    Path tree = prepare(new TarBuilder().file("f", "x").end());
    List<List<Path>> answers = new ArrayList<>(List.of(List.of(), List.of(tree)));
    assertEquals(
        List.of(),
        archives.prune(new FakeHost(directory).user(1000), () -> answers.remove(0), runner));
    assertEquals("x", Files.readString(tree.resolve("f")));
    assertFalse(Files.exists(tree.resolveSibling(tree.getFileName() + ".old")));
  }
}
