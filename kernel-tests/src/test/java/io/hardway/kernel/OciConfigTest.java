package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a container sees of what its {@code config.json} says; config.md, config-linux.md. */
class OciConfigTest extends KernelTest {
  private OciBundle bundle;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
  }

  /** What it prints. */
  private String output() throws Exception {
    Path output = bundle.output("one");
    Product.Outcome outcome =
        bundle.runInto(output, "run", "--bundle", bundle.directory().toString(), "one");
    assertEquals(0, outcome.exitCode(), outcome::toString);
    return Files.readString(output);
  }

  @Test
  void aFilterNeedNotLetPassWhatOnlyTheRuntimeUses() throws Exception {
    bundle
        .process(", \"noNewPrivileges\": true")
        .linux(
            """
            , "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["close_range", "capset", "setgroups", "setresuid", "accept4"],
               "action": "SCMP_ACT_KILL_PROCESS"}]}""")
        .script("grep Seccomp: /proc/self/status");
    assertEquals("Seccomp:\t2\n", output());
  }
}
