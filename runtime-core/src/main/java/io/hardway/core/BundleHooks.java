package io.hardway.core;

import io.hardway.core.json.JsonWriter;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import io.hardway.spi.spec.Hook;
import io.hardway.spi.spec.Seccomp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The programs that a bundle wants to be run at points of its container's life. Each reads the
 * state; config.md, "POSIX-platform Hooks", and runtime.md, "State".
 */
final class BundleHooks {
  private static final int MILLIS = 1000;

  private final BundleConfig config;

  BundleHooks(BundleConfig config) {
    this.config = config;
  }

  /** Runs those of a point; one that fails fails the plan. */
  void add(Stage stage, String point, List<Hook> hooks, String status, IntSlot pid) {
    for (HelperProgram program : programs(hooks, status, pid)) {
      stage.run(program).label("run the " + point + " hook " + path(program));
    }
  }

  /** Runs those of a point; the plan goes on when one fails, after a warning. */
  void addHarmless(Stage stage, String point, List<Hook> hooks, String status, IntSlot pid) {
    for (HelperProgram program : programs(hooks, status, pid)) {
      stage.run(program).warnOnly().label("run the " + point + " hook " + path(program));
    }
  }

  private static Path path(HelperProgram program) {
    return program.program().orElseThrow();
  }

  /** As they are run. */
  List<HelperProgram> programs(List<Hook> hooks, String status, IntSlot pid) {
    List<HelperProgram> programs = new ArrayList<>();
    Optional<Text> number = pid.isNone() ? Optional.empty() : Optional.of(number(pid));
    for (Hook hook : hooks) {
      HelperProgram.Builder program =
          HelperProgram.of(texts(hook.args().isEmpty() ? List.of(hook.path()) : hook.args()))
              .program(Path.of(hook.path()))
              .stdin(Text.builder().append(state(status, number)).literal("\n").build())
              .timeoutMillis(
                  (int) Math.min(hook.timeout().orElse(0) * (long) MILLIS, Integer.MAX_VALUE));
      if (!hook.env().isEmpty()) {
        program.environment(texts(hook.env()));
      }
      programs.add(program.build());
    }
    return programs;
  }

  private static List<Text> texts(List<String> values) {
    List<Text> texts = new ArrayList<>(values.size());
    for (String value : values) {
      texts.add(Text.of(value));
    }
    return texts;
  }

  /**
   * What a process's agent for system calls is sent; config-linux.md, "The Container Process
   * State".
   *
   * @param pid the process's
   * @param first that of the container's first process
   */
  Text processState(String status, IntSlot pid, Text first) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ociVersion", config.spec().ociVersion());
    json.name("fds").texts(List.of("seccompFd"));
    Optional<Seccomp> filter = config.spec().linux().seccomp();
    filter
        .flatMap(Seccomp::listenerMetadata)
        .ifPresent(metadata -> json.field("metadata", metadata));
    return Text.builder()
        .literal(json + ",\"pid\":")
        .decimal(pid)
        .literal(",\"state\":")
        .append(state(status, Optional.of(first)))
        .literal("}")
        .build();
  }

  /** A pid as text. */
  static Text number(IntSlot pid) {
    return Text.builder().decimal(pid).build();
  }

  private Text state(String status, Optional<Text> pid) {
    JsonWriter json = new JsonWriter().beginObject();
    json.field("ociVersion", config.spec().ociVersion());
    json.field("id", config.id());
    json.field("status", status);
    json.field("bundle", config.bundle().toString());
    json.name("annotations").texts(config.spec().annotations());
    Text.Builder text = Text.builder().literal(json.toString());
    pid.ifPresent(number -> text.literal(",\"pid\":").append(number));
    return text.literal("}").build();
  }
}
