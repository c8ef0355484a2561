package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Checkpoints where criu is not there or does not work: the refusal says so, and the container goes
 * on. What criu does where it works, {@code vm/checks-checkpoint} sees.
 */
class OciCheckpointTest extends KernelTest {
  private OciBundle bundle;
  private Path images;

  @BeforeEach
  void run() throws Exception {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    images = hardway.directory().resolve("images");
    bundle.program("sleep", "1000");
    assertEquals(0, bundle.create("one").exitCode());
    assertEquals(0, bundle.run("start", "one").exitCode());
  }

  @AfterEach
  void end() {
    bundle.run("delete", "--force", "one");
  }

  private Path criu(String script) throws Exception {
    Path file = Files.writeString(hardway.directory().resolve("criu"), "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A refusal of a checkpoint, behind which all is as it was. */
  private void refused(String criu, String... messages) {
    Product.Outcome outcome =
        bundle.run("--criu", criu, "checkpoint", "--image-path", images.toString(), "one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    for (String message : messages) {
      assertTrue(outcome.err().contains(message), outcome::toString);
    }
    assertTrue(bundle.run("state", "one").out().contains("\"status\": \"running\""));
    assertFalse(Files.exists(images));
  }

  @Test
  void noCriuIsRefusedWithTheRemedy() {
    refused("no-such-criu", "criu is not there", "install it, or name it with --criu");
  }

  @Test
  void aCriuThatDoesNotWorkHereIsRefusedInItsWords() throws Exception {
    refused(
        criu("echo 'Error (criu/vdso.c:1): no vdso that is known'; exit 1").toString(),
        "does not work on this host: `criu check` says: Error (criu/vdso.c:1): no vdso that is known",
        "use a criu that knows this kernel");
  }

  @Test
  void aRestoreWithoutCriuLeavesNothing() throws Exception {
    Files.createDirectories(images);
    Files.writeString(images.resolve("descriptors.json"), "[\"\",\"\",\"\"]");
    Product.Outcome outcome =
        bundle.run(
            "--criu",
            "no-such-criu",
            "restore",
            "--bundle",
            bundle.directory().toString(),
            "--image-path",
            images.toString(),
            "two");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("criu is not there"), outcome::toString);
    assertFalse(Files.exists(bundle.root().resolve("two")));
  }

  /** One that says that it works, and then does not do it. */
  @Test
  void aCriuThatFailsLeavesTheContainerRunning() throws Exception {
    Product.Outcome outcome =
        bundle.run(
            "--criu",
            criu("[ \"$1\" = check ]").toString(),
            "checkpoint",
            "--image-path",
            images.toString(),
            "one");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("criu has failed"), outcome::toString);
    assertTrue(bundle.run("state", "one").out().contains("\"status\": \"running\""));
    outcome =
        bundle.run(
            "--criu",
            hardway.directory().resolve("criu").toString(),
            "restore",
            "--bundle",
            bundle.directory().toString(),
            "--image-path",
            images.toString(),
            "two");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("criu has failed"), outcome::toString);
    assertTrue(bundle.run("state", "two").err().contains("does not exist"));
    assertFalse(Files.exists(bundle.root().resolve("two")));
  }

  /** Of the host's own criu, whether it works here or not. */
  @Test
  void featuresSayWhetherTheHostsCriuWorks() throws Exception {
    Conditions.program("/usr/sbin/criu");
    boolean works = new ProcessBuilder("/usr/sbin/criu", "check").start().waitFor() == 0;
    assertTrue(
        bundle
            .run("--criu", "/usr/sbin/criu", "features")
            .out()
            .contains("\"org.opencontainers.runc.checkpoint.enabled\":\"" + works + "\""));
    if (!works) {
      refused("/usr/sbin/criu", "/usr/sbin/criu does not work on this host: `criu check` says: ");
    }
  }
}
