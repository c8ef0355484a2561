package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Plugin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plugins built outside of this project against {@code spi} alone, dropped into a folder. */
class PluginFolderTest extends KernelTest {
  private static final String SOURCE =
      """
      package example;

      import io.hardway.spi.*;

      public final class Quiet implements NetworkProvider {
        public String name() { return "quiet"; }
        public String description() { return "a network without anything"; }
        public Support probe(Host host) { return Support.usable(1, "always"); }
        public void contribute(NetworkRequest request, PlanBuilder plan) {
          plan.enter().hostname("set-by-quiet").label("leave a mark");
        }
      }
      """;

  private static Path jdk() {
    return Path.of(System.getProperty("java.home"), "bin");
  }

  /** Where the interfaces of plugins are, and nothing else of this product. */
  private static String spi() {
    return Path.of(
            URI.create(Plugin.class.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /** Compiles against spi alone and packs a plugin jar. */
  private Path plugin(String name, String source, String... javacFlags) throws IOException {
    Path work = Files.createDirectories(hardway.directory().resolve("plugin-" + name));
    Path file =
        Files.writeString(
            Files.createDirectories(work.resolve("src/example")).resolve("Quiet.java"), source);
    List<String> javac =
        new ArrayList<>(
            List.of(
                jdk().resolve("javac").toString(),
                "-cp",
                spi(),
                "-d",
                work.resolve("classes").toString()));
    javac.addAll(List.of(javacFlags));
    javac.add(file.toString());
    Product.Outcome compiled = Product.perform(javac, "");
    assertEquals(0, compiled.exitCode(), compiled::toString);
    Path manifest =
        Files.writeString(
            work.resolve("manifest"),
            "Hardway-Plugin-Kind: network\nHardway-Plugin-Name: quiet\nHardway-Plugin-Class: example.Quiet\n");
    Path folder = Files.createDirectories(hardway.directory().resolve("plugins"));
    Path jar = folder.resolve(name + ".jar");
    Product.Outcome packed =
        Product.perform(
            List.of(
                jdk().resolve("jar").toString(),
                "--create",
                "--file",
                jar.toString(),
                "--manifest",
                manifest.toString(),
                "-C",
                work.resolve("classes").toString(),
                "."),
            "");
    assertEquals(0, packed.exitCode(), packed::toString);
    return folder;
  }

  @Test
  void isFoundChosenShownAndUsed() throws IOException {
    Path folder = plugin("quiet", SOURCE, "--release", "21");
    Path config =
        Files.writeString(
            hardway.directory().resolve("config.toml"),
            "[plugins]\nfolders = [\"" + folder + "\"]\nnetwork = \"quiet\"\n");
    assertTrue(hardway.ok("--config", config.toString(), "plugins").contains("quiet"));
    assertTrue(hardway.run("--config", config.toString(), "doctor").out().contains("quiet"));
    assertEquals(
        "set-by-quiet",
        hardway.ok("--config", config.toString(), "run", "--rm", "--rootfs", rootfs(), "hostname"));
  }

  @Test
  void isNotTakenWithoutBeingAskedFor() throws IOException {
    Path folder = plugin("quiet", SOURCE, "--release", "21");
    assertNotEquals(
        "set-by-quiet",
        hardway.ok(
            "--plugin-dir", folder.toString(), "run", "--rm", "--rootfs", rootfs(), "hostname"));
  }

  @Test
  void aBrokenOneIsNamedAndDoesNoHarm() throws IOException {
    Path folder = plugin("newer", SOURCE, "--release", "25");
    Path classFile = hardway.directory().resolve("plugin-newer/classes/example/Quiet.class");
    byte[] code = Files.readAllBytes(classFile);
    code[7] = 99;
    Files.write(classFile, code);
    assertEquals(
        0,
        Product.perform(
                List.of(
                    jdk().resolve("jar").toString(),
                    "--update",
                    "--file",
                    folder.resolve("newer.jar").toString(),
                    "-C",
                    hardway.directory().resolve("plugin-newer/classes").toString(),
                    "."),
                "")
            .exitCode());
    Files.writeString(folder.resolve("garbage.jar"), "this is no jar");
    Product.Outcome plugins = hardway.run("--plugin-dir", folder.toString(), "plugins");
    assertEquals(0, plugins.exitCode(), plugins::toString);
    assertTrue((plugins.out() + plugins.err()).contains("garbage.jar"), plugins::toString);
    assertTrue((plugins.out() + plugins.err()).contains("newer.jar"), plugins::toString);
    assertEquals(
        "fine",
        hardway.ok(
            "--plugin-dir",
            folder.toString(),
            "run",
            "--rm",
            "--rootfs",
            rootfs(),
            "echo",
            "fine"));
    Product.Outcome forced =
        hardway.run(
            "--plugin-dir",
            folder.toString(),
            "run",
            "--rm",
            "--network",
            "quiet",
            "--rootfs",
            rootfs(),
            "true");
    assertEquals(125, forced.exitCode(), forced::toString);
    assertTrue(
        forced.err().contains("newer.jar") || forced.err().contains("quiet"), forced::toString);
    assertTrue(!forced.err().contains("\tat "), "no stack trace: " + forced);
  }

  @Test
  void aFolderOthersCanWriteToIsNotTrusted() throws IOException {
    Path folder = plugin("quiet", SOURCE, "--release", "21");
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    Product.Outcome outcome =
        hardway.run(
            "--plugin-dir",
            folder.toString(),
            "run",
            "--rm",
            "--network",
            "quiet",
            "--rootfs",
            rootfs(),
            "true");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("network quiet not found"), outcome::toString);
    assertTrue(outcome.err().contains(folder.toString()), outcome::toString);
  }

  @Test
  void anUnknownNameAndAnUnusablePluginAreClearErrors() throws IOException {
    Path config =
        Files.writeString(
            hardway.directory().resolve("config.toml"), "[plugins]\nresources = \"cgroup-v3\"\n");
    Product.Outcome unknown =
        hardway.run("--config", config.toString(), "run", "--rm", "--rootfs", rootfs(), "true");
    assertEquals(125, unknown.exitCode(), unknown::toString);
    assertTrue(
        unknown.err().contains("cgroup-v3") && unknown.err().contains("cgroup-v1"),
        unknown::toString);
    Files.writeString(config, "[plugins]\nresources = \"cgroup-v2\"\n");
    // Whatever is mounted here: that there is no version 2 can be had anywhere.
    String hide = "umount -l $(findmnt -n -o TARGET -t cgroup2); exec \"$0\" \"$@\"";
    Product.Outcome unusable =
        hardway
            .behind(List.of("unshare", "--mount", "sh", "-c", hide))
            .run(
                "--config",
                config.toString(),
                "run",
                "--rm",
                "--memory",
                "64m",
                "--rootfs",
                rootfs(),
                "true");
    assertEquals(125, unusable.exitCode(), unusable::toString);
    assertTrue(unusable.err().contains("the resources plugin cgroup-v2"), unusable::toString);
  }

  @Test
  void aMalformedConfigIsNamedByFileLineAndKey() throws IOException {
    Path config = hardway.directory().resolve("config.toml");
    Files.writeString(config, "# a comment\n[plugins]\nnetwrk = \"none\"\n");
    Product.Outcome typo = hardway.run("--config", config.toString(), "ps");
    assertEquals(125, typo.exitCode(), typo::toString);
    assertTrue(
        typo.err().contains(config.toString())
            && typo.err().contains("3")
            && typo.err().contains("netwrk")
            && typo.err().contains("network"),
        typo::toString);
    Files.writeString(config, "[plugins\n");
    Product.Outcome syntax = hardway.run("--config", config.toString(), "ps");
    assertEquals(125, syntax.exitCode(), syntax::toString);
    assertTrue(syntax.err().contains(config.toString()), syntax::toString);
    Product.Outcome missing = hardway.run("--config", "/no/such/config.toml", "ps");
    assertEquals(125, missing.exitCode(), missing::toString);
  }
}
