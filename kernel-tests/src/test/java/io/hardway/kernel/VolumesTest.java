package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Volumes, binds and tmpfs: what they hold, who may write, and how long they stay. */
class VolumesTest extends KernelTest {

  private static void tool(String... command) {
    Product.Outcome outcome = Product.perform(List.of(command), "");
    assertEquals(0, outcome.exitCode(), outcome::toString);
  }

  /** A directory of the root with files of other users. */
  private void fill() throws IOException {
    Path data = Files.createDirectories(Path.of(rootfs(), "data/sub"));
    Files.writeString(data.resolve("file"), "content");
    Files.createSymbolicLink(data.resolveSibling("link"), Path.of("sub/file"));
    tool("chown", "-R", "1000:10", data.toString());
    tool("chmod", "4751", data.resolve("file").toString());
    tool("chown", "5:6", data.getParent().toString());
    tool("chmod", "750", data.getParent().toString());
  }

  private static final String LOOK =
      "stat -c '%u:%g %a' /data /data/sub /data/sub/file; cat /data/link";

  private static final String FILLED = "5:6 750\n1000:10 755\n1000:10 4751\ncontent";

  @Test
  void anEmptyVolumeIsFilledOnce() throws IOException {
    fill();
    assertEquals(FILLED, printed(List.of("-v", "vol:/data"), LOOK + "; echo more > /data/mine"));
    assertEquals(
        "mine",
        printed(List.of("-v", "vol:/data"), "rm -r /data/sub; ls /data/mine | sed s,/data/,,"));
    assertEquals(
        "link\nmine", printed(List.of("-v", "vol:/data"), "ls /data"), "not a second time");
    assertEquals(
        FILLED, printed(List.of("--userns", "auto", "-v", "theirs:/data"), LOOK), "with a map");
    assertEquals(FILLED, printed(List.of("-v", "/data"), LOOK), "without a name");
  }

  /** What root inside makes setuid must not make anybody root of the host. */
  @Test
  void noOtherUserOfTheHostGetsIntoAVolume() throws IOException {
    hardway.ok("volume", "create", "made");
    for (String map : List.of("host", "auto")) {
      for (String volume : List.of("made", "vol-" + map)) {
        String flag = volume + ":/v";
        String program = "/v/" + map;
        String setuid =
            "chmod 777 /v; cp /bin/busybox $1; chmod 4755 $1; stat -c %a /v $1"
                .replace("$1", program);
        assertEquals("777\n4755", printed(List.of("--userns", map, "-v", flag), setuid));
        Path file = hardway.data().resolve("volumes/" + volume + "/_data/" + map);
        assertTrue(Files.exists(file));
        Product.Outcome other =
            Product.perform(
                List.of(
                    "setpriv",
                    "--reuid=nobody",
                    "--clear-groups",
                    "--regid=nogroup",
                    "env",
                    file.toString()),
                "");
        assertNotEquals(0, other.exitCode(), other::toString);
        assertTrue(other.err().contains("Permission denied"), other::toString);
      }
    }
    hardway.ok(
        "create",
        "--name",
        "again",
        "--userns",
        "auto",
        "-v",
        "made:/v",
        "--rootfs",
        rootfs(),
        "ls",
        "/v");
    assertEquals("auto\nhost", printed(List.of("--userns", "auto", "-v", "made:/v"), "ls /v"));
    assertEquals("auto\nhost", hardway.ok("start", "-a", "again"), "whose ids are others");
  }

  @Test
  void noNodeIsMadeInTheHostsOwnDev() throws IOException {
    for (String flag : List.of("--privileged", "--device=/dev/full")) {
      assertEquals(
          "there", printed(List.of(flag, "-v", "/dev:/dev"), "[ -c /dev/full ] && echo there"));
    }
    Product.Outcome outcome =
        shell(List.of("--device=/dev/full:/dev/hardway-full", "-v", "/dev:/dev"), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("/dev/hardway-full cannot be made"), outcome::toString);
    assertTrue(Files.notExists(Path.of("/dev/hardway-full")));
  }

  @Test
  void nocopyLeavesAVolumeEmpty() throws IOException {
    fill();
    assertEquals("", printed(List.of("-v", "vol:/data:nocopy"), "ls /data"));
    assertEquals(
        "",
        printed(List.of("--mount", "type=volume,src=other,dst=/data,volume-nocopy"), "ls /data"));
  }

  @Test
  void aReadOnlyVolumeIsFilledToo() throws IOException {
    fill();
    assertEquals(
        FILLED + "\nread-only",
        printed(List.of("-v", "vol:/data:ro"), LOOK + "; echo x > /data/x || echo; echo read-only")
            .replace("\n\n", "\n"));
    assertNotEquals(0, shell(List.of("-v", "vol:/data:ro"), "touch /data/x").exitCode());
  }

  @Test
  void aTmpfsBeginsWithWhatTheRootHasWhereThatIsWanted() throws IOException {
    fill();
    assertEquals("", printed(List.of("--tmpfs", "/data"), "ls /data"));
    assertEquals(FILLED, printed(List.of("--tmpfs", "/data:tmpcopyup"), LOOK));
    assertEquals(
        "711", printed(List.of("--tmpfs", "/data:tmpcopyup,mode=711"), "stat -c %a /data"));
    assertEquals(
        "2048\n1700",
        printed(
            List.of("--mount", "type=tmpfs,dst=/t,tmpfs-size=2m,tmpfs-mode=1700"),
            "df -k /t | awk 'END {print $2}'; stat -c %a /t"));
  }

  @Test
  void aVolumeWithoutANameEndsWithItsContainer() throws IOException {
    printed(List.of("-v", "/v"), "touch /v/x");
    assertEquals("", hardway.ok("volume", "ls", "-q"));
    hardway.ok("run", "--name", "c", "-v", "/v", "--rootfs", rootfs(), "true");
    assertNotEquals("", hardway.ok("volume", "ls", "-q"));
    hardway.ok("rm", "-v", "c");
    assertEquals("", hardway.ok("volume", "ls", "-q"));
  }

  @Test
  void aMissingSourceIsMadeForVolumeFlagsAlone() throws IOException {
    Path source = hardway.directory().resolve("made/by/flag");
    printed(List.of("-v", source + ":/v"), "touch /v/x");
    assertTrue(Files.exists(source.resolve("x")));
    Path missing = hardway.directory().resolve("missing");
    Product.Outcome outcome =
        shell(List.of("--mount", "type=bind,src=" + missing + ",dst=/v"), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains(missing.toString()), outcome::toString);
    assertTrue(Files.notExists(missing));
  }

  @Test
  void optionsThatAreUnknownAreRefusedByName() throws IOException {
    Product.Outcome outcome = shell(List.of("-v", "vol:/v:ro,fast"), "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("fast"), outcome::toString);
    outcome = shell(List.of("--mount", "type=bind,src=/tmp,dst=/v,speed=1"), "true");
    assertTrue(outcome.err().contains("speed"), outcome::toString);
  }

  @Test
  void readOnlyBindsAreSoBelowTooUnlessItIsSaidOtherwise() throws IOException {
    Path source = Files.createDirectories(hardway.directory().resolve("source/below"));
    tool("mount", "-t", "tmpfs", "tmpfs", source.toString());
    try {
      String bind = "type=bind,src=" + source.getParent() + ",dst=/v";
      String write =
          "touch /v/x 2>/dev/null && echo above; touch /v/below/x 2>/dev/null && echo below; true";
      assertEquals("", printed(List.of("-v", source.getParent() + ":/v:ro"), write));
      assertEquals("", printed(List.of("--mount", bind + ",ro"), write));
      assertEquals(
          "below", printed(List.of("--mount", bind + ",ro,bind-recursive=writable"), write));
      Files.delete(source.resolve("x"));
      printed(
          List.of("--mount", bind + ",bind-recursive=disabled"),
          "test -d /v/below && touch /v/below/y");
      assertTrue(Files.notExists(source.resolve("y")), "what is mounted below came along");
      printed(List.of("--mount", bind + ",bind-nonrecursive"), "touch /v/below/y");
      assertTrue(Files.notExists(source.resolve("y")), "what is mounted below came along");
    } finally {
      tool("umount", source.toString());
    }
  }

  @Test
  void aPartOfAVolumeIsInsideIt() throws IOException {
    printed(
        List.of("-v", "vol:/v"),
        "mkdir -p /v/part/deep; echo in > /v/part/file; ln -s / /v/up; ln -s /etc /v/etc");
    assertEquals(
        "in",
        printed(
            List.of("--mount", "type=volume,src=vol,dst=/p,volume-subpath=part"), "cat /p/file"));
    assertEquals(
        "etc\npart\nup",
        printed(List.of("--mount", "type=volume,src=vol,dst=/p,volume-subpath=up"), "ls /p"),
        "a link to / is the volume itself");
    Product.Outcome outcome =
        shell(List.of("--mount", "type=volume,src=vol,dst=/p,volume-subpath=etc"), "ls /p");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    outcome = shell(List.of("--mount", "type=volume,src=vol,dst=/p,volume-subpath=../.."), "ls /p");
    assertEquals(125, outcome.exitCode(), outcome::toString);
  }

  @Test
  void mountsPropagateAsIsSaid() throws Exception {
    Path source = Files.createDirectories(hardway.directory().resolve("source"));
    tool("mount", "--bind", source.toString(), source.toString());
    tool("mount", "--make-shared", source.toString());
    try {
      Files.createDirectories(source.resolve("host"));
      for (String how : List.of("rprivate", "rslave", "rshared")) {
        hardway.ok(
            "run",
            "-d",
            "--name",
            how,
            "--cap-add",
            "SYS_ADMIN",
            "-v",
            source + ":/v:" + how,
            "--rootfs",
            rootfs(),
            "sleep",
            "1000");
      }
      tool("mount", "-t", "tmpfs", "tmpfs", source.resolve("host").toString());
      Files.createFile(source.resolve("host/seen"));
      assertEquals("", hardway.ok("exec", "rprivate", "ls", "/v/host"));
      assertEquals("seen", hardway.ok("exec", "rslave", "ls", "/v/host"));
      assertEquals("seen", hardway.ok("exec", "rshared", "ls", "/v/host"));
      for (String how : List.of("rslave", "rshared")) {
        hardway.ok("exec", how, "mkdir", "/v/" + how);
        hardway.ok("exec", "--privileged", how, "mount", "-t", "tmpfs", "tmpfs", "/v/" + how);
        hardway.ok("exec", how, "touch", "/v/" + how + "/inside");
      }
      assertTrue(Files.notExists(source.resolve("rslave/inside")));
      assertTrue(Files.exists(source.resolve("rshared/inside")));
      tool("umount", source.resolve("rshared").toString());
      tool("umount", source.resolve("host").toString());
      hardway.ok("rm", "-f", "rprivate", "rslave", "rshared");
    } finally {
      tool("umount", "-R", source.toString());
    }
  }
}
