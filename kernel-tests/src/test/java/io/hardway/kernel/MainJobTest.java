package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainJobTest extends KernelTest {

  @Test
  void theHostsOwnFilesMakeAContainerWithOnlyItsOwnProcesses() throws IOException {
    Product.Outcome outcome =
        hardway.run(
            "run", "--rm", "--rootfs", "/", "--", "sh", "-c", "echo pid $$ on $(hostname); ps ax");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    String[] lines = outcome.out().strip().split("\n");
    assertTrue(lines[0].startsWith("pid 1 on "), outcome.out());
    assertNotEquals(
        Files.readString(Path.of("/proc/sys/kernel/hostname")).strip(),
        lines[0].substring("pid 1 on ".length()));
    assertTrue(lines.length <= 4, "only its own processes: " + outcome.out());
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void whatIsWrittenOverTheHostsFilesIsThrownAway() throws IOException {
    assertEquals(
        0,
        hardway
            .run(
                "run",
                "--rm",
                "--rootfs",
                "/",
                "--",
                "sh",
                "-c",
                "echo x > /etc/written-in-a-container")
            .exitCode());
    assertTrue(Files.notExists(Path.of("/etc/written-in-a-container")));
  }

  @Test
  void exitCodesAreDockers() throws IOException {
    assertEquals(7, shell(List.of(), "exit 7").exitCode());
    assertEquals(137, shell(List.of("--init"), "kill -9 $$").exitCode());
    assertEquals(143, shell(List.of("--init"), "kill -TERM $$").exitCode());
    assertEquals(
        127, hardway.run("run", "--rm", "--rootfs", rootfs(), "no-such-program").exitCode());
    assertEquals(126, hardway.run("run", "--rm", "--rootfs", rootfs(), "/etc/passwd").exitCode());
    assertEquals(
        125, hardway.run("run", "--rm", "--rootfs", "/no/such/directory", "true").exitCode());
    assertEquals(
        125, hardway.run("run", "--memry", "64m", "--rootfs", rootfs(), "true").exitCode());
    assertEquals(List.of(), hardway.remains());
  }

  @Test
  void aMissingProgramIsNamed() throws IOException {
    Product.Outcome outcome = hardway.run("run", "--rm", "--rootfs", rootfs(), "no-such-program");
    assertTrue(outcome.err().contains("no-such-program"), outcome::toString);
  }

  @Test
  void aTypoIsAnsweredWithTheRightFlag() throws IOException {
    Product.Outcome outcome = hardway.run("run", "--memry", "64m", "--rootfs", rootfs(), "true");
    assertTrue(outcome.err().contains("--memory"), outcome::toString);
  }

  @Test
  void standardStreamsPassThroughInFull() throws IOException {
    String megabyte = "0123456789abcdef".repeat(65_536);
    Product.Outcome outcome =
        Product.finish(hardway.start("run", "--rm", "-i", "--rootfs", rootfs(), "cat"), megabyte);
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertEquals(megabyte.length(), outcome.out().length());
    assertEquals(megabyte, outcome.out());
    Product.Outcome both = shell(List.of(), "echo out; echo err >&2");
    assertEquals("out\n", both.out());
    assertEquals("err\n", both.err());
  }

  @Test
  void environmentUserAndDirectoryAreAsAsked() throws IOException {
    assertEquals(
        "1000:10 /tmp v /home/alice",
        printed(
            List.of("-u", "alice:wheel", "-w", "/tmp", "-e", "A=v"),
            "echo $(id -u):$(id -g) $PWD $A $HOME"));
    assertEquals("0027", printed(List.of("--umask", "0027"), "umask"));
    assertEquals("there", printed(List.of("-h", "there"), "hostname"));
  }

  /**
   * Under cron, for instance, there is no locale; and what the JVM obeys is the container's all the
   * same.
   */
  @Test
  void wordsAndVariablesPassThroughAsTheyAreWhateverTheLocale() throws IOException {
    String word = "$(printf '\\303\\251\\342\\202\\254')";
    for (String locale : List.of("LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=C.UTF-8", "LANG=")) {
      String script =
          "export JAVA_TOOL_OPTIONS=-Dx=\""
              + word
              + "\"; unset LC_ALL; export "
              + locale
              + "; exec \"$@\" -e JAVA_TOOL_OPTIONS -e LC_ALL"
              + " -v \"$0/"
              + word
              + ":/"
              + word
              + "\" sh -c 'printf \"$1$JAVA_TOOL_OPTIONS$LC_ALL\"; [ -d /\"$1\" ] && echo \" bound\"' x \""
              + word
              + "\"";
      List<String> command =
          new ArrayList<>(List.of("sh", "-c", script, hardway.directory().toString()));
      command.addAll(hardway.command("run", "--rm", "--rootfs", rootfs()));
      Product.Outcome outcome = Product.perform(command, "");
      String said = locale.startsWith("LC_ALL=") ? locale.substring(7) : "";
      assertEquals("é€-Dx=é€" + said + " bound\n", outcome.out(), outcome::toString);
    }
  }

  @Test
  void whatIsNoTextIsRefusedAndNotReplaced() throws IOException {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "exec \"$@\" \"$(printf '\\377')\"", "sh"));
    command.addAll(hardway.command("run", "--rm", "--rootfs", rootfs(), "echo"));
    Product.Outcome outcome = Product.perform(command, "");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("is not UTF-8"), outcome::toString);
  }

  @Test
  void aDirectoryThatIsGoneIsNoPlaceToStartFrom() throws IOException {
    String gone = hardway.directory().resolve("gone").toString();
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "mkdir \"$0\"; cd \"$0\"; rmdir \"$0\"; exec \"$@\"", gone));
    command.addAll(hardway.command("version"));
    Product.Outcome outcome = Product.perform(command, "");
    assertEquals(125, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().startsWith("hardway: the current directory: "), outcome::toString);
  }

  @Test
  void whatIsNoTerminalCannotBeConnectedToOne() throws IOException {
    Product.Outcome outcome = hardway.run("run", "--rm", "-it", "--rootfs", rootfs(), "true");
    assertEquals(1, outcome.exitCode(), outcome::toString);
    assertTrue(outcome.err().contains("the input device is not a TTY"), outcome::toString);
    assertEquals(List.of(), hardway.remains());
    assertEquals("a terminal", printed(List.of("-t"), "[ -t 0 ] && echo a terminal"));
  }
}
