package io.hardway.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bundles that somebody else wrote, through the whole of the runtime: each ends in a sentence that
 * names what is wrong, on standard error and in the log, and leaves nothing.
 */
class OciHostileBundleTest extends KernelTest {
  private static final String LONG = "x".repeat(1 << 20);

  private OciBundle bundle;
  private Path outside;
  private String config;

  @BeforeEach
  void makeBundle() throws IOException {
    bundle = new OciBundle(hardway, hardway.directory().resolve("bundle"));
    bundle.linux(", \"cgroupsPath\": \"/hardway/hostile\"").script("echo ran");
    config = Files.readString(bundle.directory().resolve("config.json"));
    outside = Files.createDirectories(hardway.directory().resolve("outside"));
    Files.createDirectory(outside.resolve("folder"));
    Files.writeString(outside.resolve("secret"), "secret");
    Path rootfs = bundle.directory().resolve("rootfs");
    Files.createSymbolicLink(rootfs.resolve("out"), outside);
    Files.createSymbolicLink(rootfs.resolve("up"), Path.of("../../outside"));
    Files.createSymbolicLink(rootfs.resolve("leak"), outside.resolve("secret"));
    Files.createSymbolicLink(rootfs.resolve("loop"), Path.of("loop"));
  }

  private static String instead(String text, String of, String by) {
    assertTrue(text.contains(of), of);
    return text.replace(of, by);
  }

  private String with(String of, String by) {
    return instead(config, of, by);
  }

  /** With these members of {@code linux} too. */
  private String linux(String members) {
    return with("\"linux\": {", "\"linux\": {" + members + ", ");
  }

  private String process(String members) {
    return with("\"process\": {", "\"process\": {" + members + ", ");
  }

  private String resources(String members) {
    return linux("\"resources\": {" + members + "}");
  }

  private String mounts(String items) {
    return with("\"mounts\": [", "\"mounts\": [" + items + ", ");
  }

  private String bind(String destination) {
    return "{\"destination\": \""
        + destination
        + "\", \"type\": \"bind\", \"source\": \""
        + outside
        + "/folder\", \"options\": [\"bind\"]}";
  }

  private static String tmpfs(String destination) {
    return "{\"destination\": \"" + destination + "\", \"type\": \"tmpfs\", \"source\": \"tmpfs\"}";
  }

  private static String deep(String open, String close) {
    return open.repeat(10_000) + close.repeat(10_000);
  }

  /** What there is outside of the bundle that a container could have changed or left. */
  private Map<String, String> surroundings() throws IOException {
    Map<String, String> found = new TreeMap<>(Product.traces());
    for (Path top : List.of(outside, bundle.root())) {
      if (Files.exists(top)) {
        try (Stream<Path> files = Files.walk(top)) {
          files
              .filter(file -> !file.startsWith(bundle.root().resolve(".store")))
              .filter(file -> !file.equals(bundle.root()) && !file.endsWith(".owners"))
              .forEach(file -> found.put(file.toString(), ""));
        }
      }
    }
    found.put("secret", Files.readString(outside.resolve("secret")));
    return found;
  }

  private List<String> words(Path log, String id) {
    return List.of(
        "--log", log.toString(), "run", "--bundle", bundle.directory().toString(), "--", id);
  }

  /** Adds a sentence where the end is not as it must be. */
  private void refuse(String name, String id, String sentence, List<String> complaints)
      throws IOException {
    Path log = outside.getParent().resolve("log");
    Files.deleteIfExists(log);
    Map<String, String> before = surroundings();
    Product.Outcome outcome = bundle.run(words(log, id).toArray(String[]::new));
    String logged = Files.exists(log) ? Files.readString(log) : "";
    Map<String, String> after = surroundings();
    String what =
        outcome.exitCode() != 1
            ? "is not refused"
            : !outcome.err().contains(sentence)
                ? "is refused otherwise"
                : outcome.err().contains("Exception") || outcome.err().length() > 4096
                    ? "is refused in no words"
                    : !logged.contains(sentence.replace("\"", "\\\"")) ? "is not logged" : "";
    if (!what.isEmpty()) {
      complaints.add(name + " " + what + ": " + shortened(outcome.toString()) + shortened(logged));
    }
    if (!before.equals(after)) {
      after.keySet().removeAll(before.keySet());
      complaints.add(name + " leaves " + after.keySet());
    }
  }

  private static String shortened(String text) {
    return text.length() < 500 ? text : text.substring(0, 500) + "…";
  }

  private void refuseAll(Map<String, String[]> cases) throws IOException {
    List<String> complaints = new ArrayList<>();
    for (Map.Entry<String, String[]> each : cases.entrySet()) {
      bundle.config(each.getValue()[0]);
      refuse(each.getKey(), "hostile", each.getValue()[1], complaints);
    }
    assertEquals("", String.join("\n", complaints));
  }

  @Test
  void whatTheyAreMadeOfRuns() throws IOException {
    Product.Outcome outcome =
        bundle.run(words(outside.resolve("log"), "fine").toArray(String[]::new));
    assertEquals("ran\n", outcome.out(), outcome::toString);
  }

  @Test
  void whatIsNoSpecificationIsRefused() throws IOException {
    Map<String, String[]> cases = new TreeMap<>();
    cases.put("nothing", new String[] {"", "config.json: not a JSON object"});
    cases.put("cut off", new String[] {config.substring(0, 200), "config.json:"});
    cases.put("a comma too many", new String[] {"{\"a\": 1,}", "config.json:1: Expected name"});
    cases.put("something behind", new String[] {config + "{", "config.json:"});
    cases.put("a list", new String[] {"[]", "config.json: not a JSON object"});
    cases.put(
        "twice", new String[] {with("\"root\"", "\"root\": {}, \"root\""), "root is there twice"});
    cases.put("deep lists", new String[] {deep("[", "]"), "config.json: not a JSON object"});
    cases.put(
        "deep lists inside",
        new String[] {
          with("{\"ociVersion\"", "{\"x\": " + deep("[", "]") + ", \"ociVersion\""), "Nesting limit"
        });
    cases.put("deep objects", new String[] {deep("{\"a\":", "1}"), "Nesting limit"});
    cases.put(
        "a long name",
        new String[] {
          with("\"root\"", "\"" + LONG + "\": 1, \"root\""), "a text of 1048576 characters"
        });
    cases.put(
        "huge",
        new String[] {
          with("\"root\"", "\"annotations\": {\"a\": \"" + LONG.repeat(17) + "\"}, \"root\""),
          "config.json: is larger than 16 MiB"
        });
    for (String member : List.of("ociVersion", "root", "process", "mounts", "hooks", "linux")) {
      String known = member.equals("hooks") ? with("\"root\"", "\"hooks\": {}, \"root\"") : config;
      for (String value : List.of("7", "true", "[1]", "\"x\"")) {
        if (!member.equals("ociVersion") || !value.startsWith("\"")) {
          cases.put(
              member + " as " + value,
              new String[] {
                instead(
                    known, "\"" + member + "\":", "\"" + member + "\": " + value + ", \"was\":"),
                "config.json: " + member + " must be "
              });
        }
      }
      if (List.of("ociVersion", "root").contains(member)) {
        cases.put(
            "no " + member,
            new String[] {
              with("\"" + member + "\"", "\"was\""), "config.json: " + member + " is missing"
            });
      }
    }
    cases.put(
        "another version",
        new String[] {with("1.0.2", "2.0.0"), "config.json: ociVersion: \"2.0.0\" is no version"});
    cases.put(
        "no path of the root",
        new String[] {with("\"path\": \"rootfs\"", ""), "config.json.root: path is missing"});
    cases.put(
        "no directory as root",
        new String[] {with("\"rootfs\"", "\"config.json\""), "config.json: root.path: "});
    cases.put(
        "no program", new String[] {with("\"args\"", "\"was\""), "config.json: process.args: "});
    cases.put(
        "no directory to be in",
        new String[] {with("\"cwd\"", "\"was\""), "config.json.process: cwd is missing"});
    refuseAll(cases);
  }

  @Test
  void textsAndNumbersThatLinuxCannotHoldAreRefused() throws IOException {
    Map<String, String[]> cases = new TreeMap<>();
    Map<String, Function<String, String>> texts =
        Map.of(
            "process.args[2]", text -> with("\"echo ran\"", "\"" + text + "\""),
            "process.env[0]", text -> with("PATH=/bin", "A=" + text),
            "process.cwd", text -> with("\"cwd\": \"/\"", "\"cwd\": \"/" + text + "\""),
            "hostname", text -> with("bundled", text),
            "root.path", text -> with("\"rootfs\"", "\"" + text + "\""),
            "linux.cgroupsPath", text -> with("/hardway/hostile", "/hardway/" + text));
    texts.forEach(
        (member, config) -> {
          String place = "config.json." + member + ": a text ";
          cases.put(member + " too long", new String[] {config.apply(LONG), place + "of 1048"});
          cases.put(
              member + " with NUL", new String[] {config.apply("a\\u0000b"), place + "with a NUL"});
        });
    cases.put(
        "a long host name",
        new String[] {with("bundled", "h".repeat(65)), "config.json: hostname: 65 bytes long"});
    Map<String, Function<String, String>> numbers =
        Map.of(
            "process.user.uid", number -> with("\"uid\": 0", "\"uid\": " + number),
            "process.user.gid", number -> with("\"gid\": 0", "\"gid\": " + number),
            "process.user.umask", number -> with("\"uid\": 0", "\"uid\": 0, \"umask\": " + number),
            "process.oomScoreAdj", number -> process("\"oomScoreAdj\": " + number),
            "linux.devices[0].major",
                number ->
                    linux(
                        "\"devices\": [{\"path\": \"/dev/x\", \"type\": \"c\", \"minor\": 1, \"major\": "
                            + number
                            + "}]"));
    numbers.forEach(
        (member, config) -> {
          int dot = member.lastIndexOf('.');
          String said =
              "config.json." + member.substring(0, dot) + ": " + member.substring(dot + 1);
          for (String number : List.of("-5000", "4294967296")) {
            cases.put(
                member + " " + number,
                new String[] {config.apply(number), said + " is " + number + ": it must be "});
          }
          for (String number : List.of("18446744073709551616", "9".repeat(30))) {
            cases.put(
                member + " " + number,
                new String[] {
                  config.apply(number), "config.json." + member + ": " + number + " is out of range"
                });
          }
          cases.put(
              member + " 1.5",
              new String[] {config.apply("1.5"), said + " must be a whole number"});
        });
    cases.put(
        "an unlimited limit that is no number of the limit",
        new String[] {
          resources("\"memory\": {\"limit\": 18446744073709551615}"),
          "config.json.linux.resources.memory: limit: 18446744073709551615 is out of range"
        });
    cases.put(
        "more tasks than there can be",
        new String[] {resources("\"pids\": {\"limit\": 4294967296}"), "limit tasks to 4294967296"});
    String limit = "{\"type\": \"RLIMIT_CORE\", \"soft\": 2, \"hard\": %d}";
    cases.put(
        "a soft limit above the hard one",
        new String[] {
          process("\"rlimits\": [" + limit.formatted(1) + "]"), "process.rlimits[0].soft: 2 is more"
        });
    cases.put(
        "a limit twice",
        new String[] {
          process("\"rlimits\": [" + limit.formatted(2) + ", " + limit.formatted(3) + "]"),
          "process.rlimits[1].type: RLIMIT_CORE is said twice"
        });
    cases.put(
        "ids beyond the last",
        new String[] {
          linux("\"uidMappings\": [{\"containerID\": 0, \"hostID\": 4294967295, \"size\": 10}]"),
          "config.json.linux.uidMappings[0]: hostID is 4294967295"
        });
    refuseAll(cases);
  }

  @Test
  void whatCannotBeHadIsRefused() throws IOException {
    Map<String, String[]> cases = new TreeMap<>();
    cases.put(
        "a namespace twice",
        new String[] {
          with("{\"type\": \"uts\"}", "{\"type\": \"pid\"}"),
          "config.json: linux.namespaces[2].type: pid is said twice"
        });
    cases.put(
        "a namespace that is none",
        new String[] {with("\"uts\"", "\"moon\""), "linux.namespaces[2].type: \"moon\" is none"});
    cases.put(
        "a namespace of another kind",
        new String[] {
          with("\"network\"", "\"network\", \"path\": \"/proc/self/ns/uts\""),
          "/proc/self/ns/uts is uts:"
        });
    cases.put(
        "a capability that is none",
        new String[] {
          with("\"bounding\": [", "\"bounding\": [\"CAP_FLY\", "),
          "process.capabilities.bounding[0]: there is no capability CAP_FLY"
        });
    String filter = "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_%s\", %s}";
    cases.put(
        "an architecture that is none",
        new String[] {
          linux(filter.formatted("ALLOW", "\"architectures\": [\"SCMP_ARCH_MOON\"]")),
          "linux.seccomp: architectures[0]: unknown: SCMP_ARCH_MOON"
        });
    cases.put(
        "an action that is none",
        new String[] {linux(filter.formatted("FLY", "\"flags\": []")), "unknown: SCMP_ACT_FLY"});
    String rule = "\"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_%s\"%s}]";
    cases.put(
        "an action of a rule that is none",
        new String[] {
          linux(filter.formatted("ALLOW", rule.formatted("FLY", ""))), "syscalls[0].action: unknown"
        });
    cases.put(
        "a condition that is none",
        new String[] {
          linux(
              filter.formatted(
                  "ALLOW",
                  rule.formatted(
                      "ERRNO",
                      ", \"args\": [{\"index\": 9, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]"))),
          "linux.seccomp: syscalls[0].args[0].index"
        });
    String device =
        "\"devices\": [{\"path\": \"%s\", \"type\": \"%s\", \"major\": 1, \"minor\": 3}]";
    cases.put(
        "a device of no type",
        new String[] {
          linux(device.formatted("/dev/x", "z")),
          "config.json: linux.devices[0].type: \"z\" is none"
        });
    cases.put(
        "a device without a place",
        new String[] {
          linux(device.formatted("dev/x", "c")), "linux.devices[0].path: \"dev/x\" is not absolute"
        });
    cases.put(
        "a rule about devices of no type",
        new String[] {
          resources("\"devices\": [{\"allow\": true, \"type\": \"z\", \"access\": \"rwm\"}]"),
          "linux.resources.devices[0].type: \"z\" is none"
        });
    cases.put(
        "an access that is none",
        new String[] {
          resources("\"devices\": [{\"allow\": true, \"type\": \"c\", \"access\": \"q\"}]"),
          "linux.resources.devices[0].access: \"q\" has other letters"
        });
    for (String path : List.of("../../../x", "/../x", "/hardway/../../x", "/hardway/./x", "..")) {
      cases.put(
          "the cgroup " + path,
          new String[] {
            with("/hardway/hostile", path), "cgroup path " + path + " is no plain path"
          });
    }
    cases.put(
        "a file as cgroup",
        new String[] {with("/hardway/hostile", "/hardway/cgroup.procs"), "/hardway/cgroup.procs"});
    cases.put(
        "a setting that is no name",
        new String[] {
          linux("\"sysctl\": {\"net/../../../etc/passwd\": \"x\"}"),
          "is no name of a kernel parameter"
        });
    cases.put(
        "a setting of the host",
        new String[] {linux("\"sysctl\": {\"kernel.panic\": \"1\"}"), "it would change the host"});
    cases.put(
        "a hook that is not there",
        new String[] {
          with("\"linux\"", "\"hooks\": {\"prestart\": [{\"path\": \"/no/such\"}]}, \"linux\""),
          "run the prestart hook /no/such: ENOENT"
        });
    cases.put(
        "a hook that fails",
        new String[] {
          with(
              "\"linux\"",
              "\"hooks\": {\"createRuntime\": [{\"path\": \"/bin/false\"}]}, \"linux\""),
          "/bin/false ended with status 1"
        });
    cases.put(
        "a spread that is none",
        new String[] {
          linux("\"rootfsPropagation\": \"moon\""), "rootfsPropagation moon is unknown"
        });
    refuseAll(cases);
  }

  @Test
  void mountsThatCannotBeMadeAreRefused() throws IOException {
    Map<String, String[]> cases = new TreeMap<>();
    for (String destination : List.of("x", "../x", "")) {
      cases.put(
          "on " + destination,
          new String[] {
            mounts(bind(destination)),
            "config.json: mounts[0].destination: \"" + destination + "\" is not absolute"
          });
    }
    for (String destination : List.of("/", "/..", "/./")) {
      cases.put(
          "on " + destination,
          new String[] {
            mounts(tmpfs(destination)), "mounts[0].destination: \"" + destination + "\" is the root"
          });
    }
    cases.put("on a loop", new String[] {mounts(bind("/loop")), "on /loop: ELOOP"});
    cases.put("in /proc", new String[] {mounts(bind("/proc/self/x")), "mounted on /proc/self/x"});
    cases.put(
        "of nothing",
        new String[] {
          mounts(instead(bind("/tmp"), outside + "/folder", "/no/such")), "the source /no/such"
        });
    cases.put(
        "of no type",
        new String[] {
          mounts(instead(tmpfs("/tmp"), "\"tmpfs\", \"s", "\"moon\", \"s")), "moon on /tmp"
        });
    cases.put(
        "with no option",
        new String[] {
          mounts(instead(tmpfs("/tmp"), "}", ", \"options\": [\"moon\"]}")), "with moon"
        });
    cases.put(
        "too many",
        new String[] {
          mounts(
              IntStream.range(0, 20_000)
                  .mapToObj(i -> tmpfs("/tmp"))
                  .collect(Collectors.joining(", "))),
          "at most 4096 steps"
        });
    refuseAll(cases);
  }

  /** Whatever leads out of the root by name or link leads to a place inside it. */
  @Test
  void noMountDeviceOrMaskReachesOutside() throws IOException {
    List<String> places = List.of("/../../../new", "/out/new", "/up/new", "/out", "/leak", "/tmp");
    String mounts =
        places.stream()
            .map(place -> bind(place) + ", " + tmpfs(place))
            .collect(Collectors.joining(", "));
    String hostile =
        instead(
            mounts(mounts),
            "\"linux\": {",
            "\"linux\": {\"devices\": [{\"path\": \"/up/node\", \"type\": \"c\", \"major\": 1, \"minor\": 3}],"
                + " \"maskedPaths\": [\"/../../outside/secret\", \"/leak\", \"/up/secret\"],"
                + " \"readonlyPaths\": [\"/out\", \"/up/folder\"], ");
    bundle.config(instead(hostile, "\"cwd\": \"/\"", "\"cwd\": \"/../..\""));
    Map<String, String> before = surroundings();
    Product.Outcome outcome =
        bundle.run("run", "--bundle", bundle.directory().toString(), "hostile");
    assertEquals("ran\n", outcome.out(), outcome::toString);
    assertEquals(before, surroundings());
    assertTrue(Files.exists(bundle.directory().resolve("rootfs/outside/node")));
  }

  /** Other runtimes take such a root as well: the bundle's author is who says where it is. */
  @Test
  void aRootBehindALinkOrAboveIsTaken() throws IOException {
    Files.createSymbolicLink(bundle.directory().resolve("link"), Path.of("rootfs"));
    for (String root : List.of("link", "../bundle/rootfs")) {
      bundle.config(with("\"rootfs\"", "\"" + root + "\""));
      Product.Outcome outcome =
          bundle.run("run", "--bundle", bundle.directory().toString(), "hostile");
      assertEquals("ran\n", outcome.out(), outcome::toString);
    }
  }

  @Test
  void idsThatAreNoNamesAreRefused() throws IOException {
    List<String> complaints = new ArrayList<>();
    for (String id : List.of("", "../x", "a/b", ".", "..", "a b", "é", "x".repeat(1025))) {
      refuse("the id " + shortened(id), id, "invalid id format", complaints);
    }
    assertEquals("", String.join("\n", complaints));
  }

  @Test
  void aConfigurationThatIsNoFileIsRefused() throws Exception {
    Path file = bundle.directory().resolve("config.json");
    List<String> complaints = new ArrayList<>();
    Map<String, List<String>> kinds =
        Map.of(
            "a pipe", List.of("mkfifo", file.toString()),
            "a directory", List.of("mkdir", file.toString()),
            "a device", List.of("mknod", file.toString(), "c", "1", "5"),
            "a link to a device", List.of("ln", "-s", "/dev/zero", file.toString()));
    for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
      Files.delete(file);
      assertEquals(0, Product.perform(kind.getValue(), "").exitCode());
      refuse(kind.getKey(), "hostile", "config.json: is no regular file", complaints);
    }
    Files.delete(file);
    refuse("nothing", "hostile", "config.json: no such file", complaints);
    Files.createSymbolicLink(file, Path.of("config.json"));
    refuse("a loop", "hostile", "config.json", complaints);
    Files.delete(file);
    Files.write(file, new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
    refuse("no text", "hostile", "config.json: is not in UTF-8", complaints);
    assertEquals("", String.join("\n", complaints));
  }
}
