package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What containers stand on: archives, directories with other ids, and what diff says of them. */
class RootfsTest extends KernelTest {

  private static void tool(String... command) {
    Product.Outcome outcome = Product.perform(List.of(command), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  /** The busybox root as an archive, with owners, modes, devices and capabilities in it. */
  private String archive(String name, String... flags) throws IOException {
    Path root = Path.of(rootfs());
    if (Files.notExists(root.resolve("home/alice"))) {
      Files.createDirectories(root.resolve("home/alice"));
      tool("chown", "1000:1000", root.resolve("home/alice").toString());
      tool("cp", root.resolve("bin/busybox").toString(), root.resolve("bin/suid").toString());
      tool("chown", "1000:10", root.resolve("bin/suid").toString());
      tool("chmod", "6755", root.resolve("bin/suid").toString());
      tool("mknod", root.resolve("null").toString(), "c", "1", "3");
      tool("ln", root.resolve("etc/passwd").toString(), root.resolve("etc/passwd2").toString());
      tool("truncate", "-s", "1G", root.resolve("sparse").toString());
    }
    String file = hardway.directory().resolve(name).toString();
    List<String> command =
        new ArrayList<>(List.of("tar", "-S", "-C", root.toString(), "-cf", file));
    command.addAll(List.of(flags));
    command.add(".");
    tool(command.toArray(String[]::new));
    return file;
  }

  private static final String LOOK =
      "stat -c '%u:%g %a %n' /home/alice /bin/suid /bin/busybox /tmp /; stat -c '%h %t,%T' /etc/passwd2 /null; du -m /sparse; stat -c %s /sparse";

  private static final String SEEN =
      "1000:1000 755 /home/alice\n1000:10 6755 /bin/suid\n0:0 755 /bin/busybox\n0:0 777 /tmp\n0:0 755 /\n"
          + "2 0,0\n1 1,3\n0\t/sparse\n1073741824";

  private String over(String archive, String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--rm", "--rootfs", archive));
    arguments.addAll(List.of(more));
    return hardway.ok(arguments.toArray(String[]::new));
  }

  private List<Path> trees() throws IOException {
    try (var files = Files.list(hardway.data().resolve("store/fs-overlay/trees"))) {
      return files.toList();
    }
  }

  @Test
  void runsOverArchivesOfEveryFormat() throws IOException {
    assertEquals(SEEN, over(archive("a", "--format=pax"), "sh", "-c", LOOK));
    assertEquals(SEEN, over(archive("b", "--format=gnu"), "sh", "-c", LOOK));
    assertEquals(SEEN, over(archive("c", "-z"), "sh", "-c", LOOK));
    Conditions.program("/usr/bin/zstd");
    assertEquals(SEEN, over(archive("d", "--zstd"), "sh", "-c", LOOK));
  }

  @Test
  void fileCapabilitiesAreKept() throws IOException {
    Conditions.program("/usr/sbin/setcap");
    Path root = Path.of(rootfs());
    tool("cp", "/bin/busybox", root.resolve("bin/pinger").toString());
    tool("setcap", "cap_net_raw,cap_syslog+ep", root.resolve("bin/pinger").toString());
    String archive = archive("a.tar", "--xattrs", "--xattrs-include=*");
    over(archive, "true");
    Product.Outcome outcome =
        Product.perform(
            List.of("/usr/sbin/getcap", trees().get(0).resolve("bin/pinger").toString()), "");
    assertTrue(outcome.out().contains("cap_net_raw,cap_syslog=ep"), outcome::toString);
  }

  @Test
  void anArchiveIsUnpackedOnceAndPrunedWhenNoContainerIsMadeOfIt() throws IOException {
    String archive = archive("a.tar");
    hardway.ok("run", "--name", "c", "--rootfs", archive, "touch", "/mine");
    Path tree = trees().get(0);
    over(archive, "sh", "-c", "test ! -e /mine");
    hardway.ok("system", "prune", "--force");
    // The stopped container was removed, and what it was made of with it.
    assertEquals(List.of(), trees());
    hardway.ok("run", "-d", "--name", "c", "--rootfs", archive, "sleep", "1000");
    hardway.ok("prune", "--force");
    assertEquals(List.of(tree), trees());
    Files.delete(Path.of(archive));
    hardway.ok("stop", "-t", "0", "c");
    hardway.ok("start", "c");
    assertEquals("", hardway.ok("exec", "c", "ls", "/home/alice"));
    hardway.ok("rm", "-f", "c");
    hardway.ok("prune", "--force");
    assertEquals(List.of(), trees());
  }

  @Test
  void manyCommandsUnpackTheSameArchiveAtOnce() throws Exception {
    String archive = archive("a.tar");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      processes.add(
          hardway.start("run", "--rm", "--rootfs", archive, "stat", "-c", "%u", "/home/alice"));
    }
    for (Process process : processes) {
      assertEquals(new Product.Outcome(0, "1000\n", ""), Product.finish(process, ""));
    }
    assertEquals(1, trees().size());
  }

  @Test
  void anArchiveThatIsCutOffLeavesNothing() throws IOException {
    Path archive = Path.of(archive("a.tar.gz", "-z"));
    byte[] content = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(content, content.length / 2));
    Product.Outcome outcome = hardway.run("run", "--rm", "--rootfs", archive.toString(), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(
        outcome.err().contains(archive + " cannot be unpacked: it is cut off"), outcome::toString);
    assertEquals(List.of(), trees());
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void aFullDiskIsSaidAndLeavesNothing() throws IOException {
    String archive = archive("a.tar");
    Path disk = Files.createDirectory(hardway.directory().resolve("small"));
    tool("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString());
    try {
      List<String> command =
          List.of(
              hardway.home().resolve("bin/hardway").toString(),
              "--state",
              hardway.state().toString(),
              "--root",
              disk.toString(),
              "run",
              "--rm",
              "--rootfs",
              archive,
              "true");
      Product.Outcome outcome = Product.perform(command, "");
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains("No space left on device"), outcome::toString);
      assertTrue(outcome.err().contains("--root"), outcome::toString);
      try (var files = Files.list(disk.resolve("store/fs-overlay/trees"))) {
        assertEquals(List.of(), files.toList());
      }
    } finally {
      tool("umount", disk.toString());
    }
  }

  @Test
  void aFullDiskIsTheContainersErrorAndTheUndoWorks() throws IOException {
    Path disk = Files.createDirectory(hardway.directory().resolve("small"));
    tool("mount", "-t", "tmpfs", "-o", "size=3m,mode=755", "tmpfs", disk.toString());
    try {
      List<String> base =
          List.of(
              hardway.home().resolve("bin/hardway").toString(),
              "--state",
              hardway.state().toString(),
              "--root",
              disk.resolve("data").toString());
      List<String> run = new ArrayList<>(base);
      run.addAll(
          List.of(
              "run",
              "--network",
              "none",
              "--name",
              "c",
              "--rootfs",
              rootfs(),
              "sh",
              "-c",
              "cat /dev/zero > /big"));
      Product.Outcome outcome = Product.perform(run, "");
      assertEquals(1, outcome.exitCode(), outcome::toString);
      assertTrue(
          outcome.err().contains("cat: write error: No space left on device"), outcome::toString);
      // The disk stays full: nothing can be written down about another container.
      run.set(run.indexOf("c"), "d");
      outcome = Product.perform(run, "");
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains("No space left on device"), outcome::toString);
      List<String> names = new ArrayList<>(base);
      names.addAll(List.of("ps", "-a", "--format", "{{.Names}}"));
      assertEquals("c\n", Product.perform(names, "").out());
      List<String> removal = new ArrayList<>(base);
      removal.addAll(List.of("rm", "-f", "c"));
      outcome = Product.perform(removal, "");
      for (String folder : List.of("data/containers", "data/names")) {
        try (var files = Files.list(disk.resolve(folder))) {
          assertEquals(List.of(), files.toList(), folder + " " + outcome);
        }
      }
      assertEquals(List.of(), hardway.remains());
      run.set(run.indexOf("d"), "e");
      run.set(run.size() - 1, "true");
      assertEquals(0, Product.perform(run, "").exitCode(), "there is room again");
      Product.perform(
          List.of(base.get(0), "--state", base.get(2), "--root", base.get(4), "rm", "-f", "e"), "");
    } finally {
      tool("umount", disk.toString());
    }
  }

  @Test
  void anUnpackingThatWasKilledIsCleanedUp() throws Exception {
    Path root = Path.of(rootfs());
    tool("dd", "if=/dev/urandom", "of=" + root.resolve("big"), "bs=1M", "count=60");
    String archive = archive("a.tar.gz", "-z");
    for (int delay : new int[] {300, 600, 900}) {
      Process process = hardway.start("run", "--rm", "--rootfs", archive, "true");
      Thread.sleep(delay);
      process.destroyForcibly().waitFor();
    }
    assertEquals("0", over(archive, "id", "-u"));
    assertEquals(1, trees().size(), trees().toString());
    hardway.ok("prune", "--force");
    assertEquals(List.of(), trees());
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void explainUnpacksNothing() throws IOException {
    String archive = archive("a.tar");
    String plan = hardway.ok("explain", "run", "--rootfs", archive, "true");
    assertTrue(plan.contains("store/fs-overlay/trees/"), plan);
    assertTrue(Files.notExists(hardway.data().resolve("store")));
  }

  @Test
  void whatIsNoRootIsRefusedByName() throws IOException {
    Path file = Files.writeString(hardway.directory().resolve("file"), "no archive");
    Path none = hardway.directory().resolve("none");
    for (String[] attempt :
        new String[][] {
          {file.toString(), file + " is no tar archive"},
          {none.toString(), none + " does not exist"},
          {"/dev/null", "/dev/null is neither a directory nor a tar archive"},
          {file + ":" + rootfs(), file + " is no directory"},
        }) {
      Product.Outcome outcome = hardway.run("run", "--rm", "--rootfs", attempt[0], "true");
      assertEquals(125, outcome.exitCode(), outcome::toString);
      assertTrue(outcome.err().contains(attempt[1]), outcome::toString);
    }
  }

  @Test
  void rootInAUserNamespaceOwnsItsRoot() throws IOException {
    archive("a.tar");
    String script =
        LOOK + "; echo x >> /etc/passwd && touch /bin/new && stat -c %u:%g /etc/passwd /bin/new";
    String expected = SEEN + "\n0:0\n0:0";
    String id = hardway.ok("create", "--userns", "auto", "--rootfs", rootfs(), "sh", "-c", script);
    hardway.ok("start", id);
    hardway.ok("wait", id);
    assertEquals(expected, hardway.ok("logs", id));
    assertEquals("C /bin\nA /bin/new\nC /etc\nC /etc/passwd", hardway.ok("diff", id));
    Path upper = hardway.data().resolve("containers").resolve(id).resolve("layer/upper");
    assertTrue(
        ((Number) Files.getAttribute(upper.resolve("bin/new"), "unix:uid")).longValue() >= 65536,
        "what is written must not belong to the host's root");
    hardway.ok("rm", id);
  }

  @Test
  void rootInAUserNamespaceOwnsArchivesAndTheHostsFiles() throws IOException {
    assertEquals(
        SEEN, over(archive("a.tar"), "--uidmap", "0:300000:65536", "--", "sh", "-c", LOOK));
    assertEquals(
        "0:0\n0:0\nx",
        over(
            "/",
            "--userns",
            "auto",
            "--",
            "sh",
            "-c",
            "stat -c %u:%g / /etc/passwd; echo x > /etc/of-the-container; cat /etc/of-the-container"));
    assertTrue(Files.notExists(Path.of("/etc/of-the-container")));
  }

  @Test
  void rootInAUserNamespaceCannotTouchTheHostsFilesThroughABind() throws IOException {
    Path source = Files.createDirectory(hardway.directory().resolve("source"));
    Path secret = Files.writeString(source.resolve("secret"), "secret");
    tool("chmod", "600", secret.toString());
    Product.Outcome outcome =
        shell(
            List.of("--userns", "auto", "--cap-add", "ALL", "-v", source + ":/v"),
            "cat /v/secret; echo x > /v/secret; echo x > /v/new; rm -f /v/secret; chmod 777 /v /v/secret; chown 0 /v/secret; mknod /v/dev c 1 1; true");
    assertFalse(outcome.out().contains("secret"), outcome::toString);
    assertEquals("secret", Files.readString(secret));
    assertEquals(0100600, Files.getAttribute(secret, "unix:mode"));
    try (var files = Files.list(source)) {
      assertEquals(List.of(secret), files.toList());
    }
  }

  @Test
  void aBindWithMappedIdsIsTheContainersOwn() throws IOException {
    Path source = Files.createDirectory(hardway.directory().resolve("source"));
    Files.writeString(source.resolve("file"), "mine");
    tool("chmod", "600", source.resolve("file").toString());
    assertEquals(
        "0 mine",
        printed(
            List.of("--userns", "auto", "-v", source + ":/v:idmap"),
            "echo $(stat -c %u /v/file) $(cat /v/file); echo y > /v/new"));
    assertEquals(0, Files.getAttribute(source.resolve("new"), "unix:uid"));
    assertNotEquals(
        0, shell(List.of("-v", source + ":/v:idmap"), "true").exitCode(), "without a namespace");
  }

  @Test
  void diffTellsModesRemovalsAndReplacedDirectories() throws IOException {
    Path root = Path.of(rootfs());
    for (String name : List.of("d/old", "moved/file", "kept/file")) {
      Files.createDirectories(root.resolve(name).getParent());
      Files.writeString(root.resolve(name), "x");
    }
    for (String mode : List.of("host", "auto")) {
      hardway.ok(
          "run",
          "--name",
          "c",
          "--userns",
          mode,
          "--rootfs",
          rootfs(),
          "sh",
          "-c",
          "chmod 600 /etc/group; rm /etc/passwd; rm -r /d; mkdir /d; touch /d/new; cp -a /moved /renamed; rm -r /moved; cat /kept/file");
      assertEquals(
          """
          C /d
          A /d/new
          D /d/old
          C /etc
          C /etc/group
          D /etc/passwd
          D /moved
          A /renamed
          A /renamed/file
          """
              .strip(),
          hardway.ok("diff", "c"),
          mode);
      hardway.ok("rm", "c");
    }
  }

  @Test
  void directoriesWithDifficultNamesAreStacked() throws IOException {
    Path strange = hardway.directory().resolve("a b,c\\d");
    Files.createDirectory(strange);
    Files.writeString(strange.resolve("upper"), "from above");
    assertEquals("from above", over(strange + ":" + rootfs(), "cat", "/upper"));
    Path alone = BusyboxRootfs.at(hardway.directory().resolve("x:y,z"));
    assertEquals("0", over(alone.toString(), "id", "-u"));
    assertEquals("0", over(alone.toString(), "--userns", "auto", "--", "id", "-u"));
  }

  @Test
  void hundredsOfDirectoriesAreStackedAndMoreAreRefused() throws IOException {
    StringBuilder stack = new StringBuilder();
    Path layers = Files.createDirectory(hardway.directory().resolve("layers"));
    for (int i = 0; i < 400; i++) {
      Path layer = Files.createDirectory(layers.resolve("layer-with-a-long-name-" + i));
      Files.writeString(layer.resolve("of-" + i), "");
      stack.append(layer).append(':');
    }
    assertEquals("400", over(stack + rootfs(), "sh", "-c", "ls / | grep -c ^of-"), "all are there");
    for (int i = 400; i < 520; i++) {
      stack.append(Files.createDirectory(layers.resolve("more-" + i))).append(':');
    }
    Product.Outcome outcome = hardway.run("run", "--rm", "--rootfs", stack + rootfs(), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("521 directories"), outcome::toString);
    assertEquals(List.of(), hardway.remains());
  }
}
