package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Plugin;
import io.hardway.spi.Stdio;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.Mount;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every isolation provider must keep: extend it in a test of the plugin.
 *
 * @since 0.1
 */
public abstract class IsolationProviderContract extends PluginContract {

  /** The plugin. */
  protected abstract IsolationProvider provider();

  /** What a container is asked for with: namespaces of its own, /proc, and a program. */
  protected Spec spec() {
    List<Namespace> namespaces = new ArrayList<>();
    for (String type : List.of("mount", "pid", "ipc", "uts", "network", "cgroup")) {
      namespaces.add(Namespace.builder().type(type).build());
    }
    return Spec.builder()
        .hostname("here")
        .process(process())
        .mounts(
            List.of(
                Mount.builder()
                    .destination("/proc")
                    .type("proc")
                    .source("proc")
                    .options(List.of("nosuid", "noexec", "nodev"))
                    .build()))
        .linux(LinuxSettings.builder().namespaces(namespaces).build())
        .build();
  }

  private static ContainerProcess process() {
    return ContainerProcess.builder()
        .args(List.of("sleep", "1"))
        .env(List.of("PATH=/bin"))
        .cwd("/tmp")
        .build();
  }

  /** Nothing has been prepared in it. */
  private Path store() {
    return directory.resolve("data/store");
  }

  private void run(PlanBuilder plan) {
    provider()
        .contribute(
            IsolationRequest.builder()
                .host(host())
                .container(container())
                .spec(spec())
                .rootMountPoint(container().state().resolve("merged"))
                .stdio(Stdio.inherited())
                .joined(Map.of())
                .spawnCgroup(FdSlot.NONE)
                .supervised(true)
                .store(store())
                .build(),
            plan);
  }

  private void exec(PlanBuilder plan) {
    provider()
        .contributeExec(
            ExecRequest.builder()
                .host(host())
                .container(container())
                .spec(spec())
                .process(process())
                .identity(container().state().resolve("identity"))
                .stdio(Stdio.inherited())
                .spawnCgroup(FdSlot.NONE)
                .store(store())
                .build(),
            plan);
  }

  @Override
  final Plugin plugin() {
    return provider();
  }

  @Override
  final Map<String, Consumer<PlanBuilder>> verbs() {
    return new TreeMap<>(Map.of("run", this::run, "exec", this::exec));
  }

  @Test
  void makesOneProcessThatExecutesTheProgramLast() {
    for (String verb : verbs().keySet()) {
      List<Step> steps = planned(verb).run(Optional.empty()).steps();
      assertEquals(
          1,
          steps.stream().filter(step -> step.operation() instanceof Operation.Spawn).count(),
          verb);
      Step last = steps.get(steps.size() - 1);
      if (last.operation() instanceof Operation.Exec exec) {
        assertEquals(process().args(), exec.argv().stream().map(Object::toString).toList(), verb);
      } else {
        throw new AssertionError(verb + " ends with " + StepTexts.of(List.of(last)));
      }
    }
  }
}
