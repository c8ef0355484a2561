package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A bundle over busybox, and the runtime that makes containers of it, with a root of its own. */
final class OciBundle {
  private static final String CONFIG =
      """
      {"ociVersion": "1.0.2", "hostname": "bundled", "root": {"path": "rootfs"},
       "process": {"user": {"uid": 0, "gid": 0}, "args": ARGS, "cwd": "/",
         "env": ["PATH=/bin"]PROCESS,
         "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"],
           "permitted": ["CAP_KILL"]}},
       "mounts": [
         {"destination": "/proc", "type": "proc", "source": "proc"},
         {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
          "options": ["nosuid", "mode=755"]},
         {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
          "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]}MOUNTS],
       HOOKS"linux": {"namespaces": [NAMESPACES]LINUX}}
      """;

  private final Product product;
  private final Path directory;
  private List<String> entering = List.of();
  private String process = "";
  private String hooks = "";
  private String linux = "";
  private String mounts = "";
  private List<String> namespaces = List.of("pid", "ipc", "uts", "mount", "network");

  /** In a directory that is made. */
  OciBundle(Product product, Path directory) throws IOException {
    this.product = product;
    this.directory = Files.createDirectories(directory);
    BusyboxRootfs.at(directory.resolve("rootfs"));
  }

  /** With the runtime behind a command that enters a namespace. */
  OciBundle behind(List<String> command) {
    entering = List.copyOf(command);
    return this;
  }

  /** With these members of {@code process} too, each with a comma before it. */
  OciBundle process(String members) {
    process = members;
    return this;
  }

  /** With these members of {@code hooks}. */
  OciBundle hooks(String members) {
    hooks = "\"hooks\": {" + members + "},";
    return this;
  }

  /** With these mounts too, each with a comma before it. */
  OciBundle mounts(String members) {
    mounts = members;
    return this;
  }

  /** With these members of {@code linux} too, each with a comma before it. */
  OciBundle linux(String members) {
    linux = members;
    return this;
  }

  /** With these new namespaces. */
  OciBundle namespaces(String... types) {
    namespaces = List.of(types);
    return this;
  }

  /** A program of its own for the next container. */
  OciBundle program(String... args) throws IOException {
    return config(
        CONFIG
            .replace("ARGS", list(List.of(args)))
            .replace("PROCESS", process)
            .replace("HOOKS", hooks)
            .replace("LINUX", linux)
            .replace("MOUNTS", mounts)
            .replace(
                "NAMESPACES",
                namespaces.stream()
                    .map(type -> "{\"type\": \"" + type + "\"}")
                    .collect(Collectors.joining(", "))));
  }

  /** A shell script. */
  OciBundle script(String text) throws IOException {
    return program("sh", "-c", text);
  }

  /** The whole configuration. */
  OciBundle config(String text) throws IOException {
    Files.writeString(directory.resolve("config.json"), text);
    return this;
  }

  private static String list(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The bundle's directory. */
  Path directory() {
    return directory;
  }

  /** Where the runtime keeps its state. */
  Path root() {
    return product.directory().resolve("oci");
  }

  private List<String> command(List<String> words) {
    List<String> command = new java.util.ArrayList<>(entering);
    command.add(product.home().resolve("bin/hardway-oci").toString());
    command.addAll(List.of("--root", root().toString()));
    command.addAll(words);
    return command;
  }

  /** Runs a command of the runtime to its end; a container must not have its streams. */
  Product.Outcome run(String... words) {
    return Product.perform(command(List.of(words)), "");
  }

  /** The same with this as its standard input. */
  Product.Outcome runWith(String input, String... words) {
    return Product.perform(command(List.of(words)), input);
  }

  /** The same with what the container prints in a file. */
  Product.Outcome runInto(Path output, String... words) throws IOException, InterruptedException {
    Path errors = Files.createTempFile(directory, "err", "");
    Process process =
        new ProcessBuilder(command(List.of(words)))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new Product.Outcome(process.waitFor(), "", Files.readString(errors));
  }

  /** Begins a command that goes on, with what it prints in a file. */
  Process begin(Path output, String... words) throws IOException {
    return new ProcessBuilder(command(List.of(words)))
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Makes a container of the bundle; what it prints goes to a file named like it. */
  Product.Outcome create(String id, String... options) throws IOException, InterruptedException {
    List<String> words =
        new java.util.ArrayList<>(List.of("create", "--bundle", directory.toString()));
    words.addAll(List.of(options));
    words.add(id);
    return runInto(output(id), words.toArray(String[]::new));
  }

  /** What a container has printed. */
  Path output(String id) {
    return directory.resolve("out." + id);
  }
}
