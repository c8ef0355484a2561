package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Plugin;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every root file system provider must keep: extend it in a test of the plugin.
 *
 * @since 0.1
 */
public abstract class RootfsProviderContract extends PluginContract {

  /** The plugin. */
  protected abstract RootfsProvider provider();

  /** A source that {@link RootfsProvider#contribute} takes: one that is prepared, or needs not. */
  protected abstract RootfsSource source();

  /** A request for a root of the source, without a user namespace and without options. */
  protected final RootfsRequest request() {
    return RootfsRequest.builder()
        .host(host())
        .container(container())
        .source(source())
        .mountPoint(mountPoint())
        .build();
  }

  private Path mountPoint() {
    return container().state().resolve("merged");
  }

  @Override
  final Plugin plugin() {
    return provider();
  }

  @Override
  final Map<String, Consumer<PlanBuilder>> verbs() {
    return Map.of("run", plan -> provider().contribute(request(), plan));
  }

  @Test
  void mountsTheRootAtItsMountPointFromInside() {
    PlanAssembler plan = planned("run");
    assertFalse(plan.isEmpty(Phase.ROOT), "the root is mounted in the root phase");
    boolean mounted = false;
    for (Step step : plan.run(Optional.empty()).steps()) {
      mounted |=
          step.phase().equals(Phase.ROOT.label())
              && StepTexts.of(List.of(step)).get(0).contains("'" + mountPoint() + "'");
    }
    assertTrue(mounted, "nothing is mounted at " + mountPoint());
  }

  @Test
  void previewsWithoutEffect() throws IOException {
    RootfsPreparation preparation =
        RootfsPreparation.builder()
            .host(host())
            .source(source())
            .store(directory.resolve("data/store"))
            .uidMappings(List.of())
            .gidMappings(List.of())
            .runner(
                steps -> {
                  throw new AssertionError("a preview performs nothing");
                })
            .build();
    Map<String, String> before = files();
    RootfsSource first = provider().preview(preparation);
    RootfsSource second = provider().preview(preparation);
    assertEquals(before, files());
    assertEquals(first.kind(), second.kind());
    assertEquals(first.paths(), second.paths());
  }

  @Test
  void nothingIsChangedBeforeItRuns() {
    assertEquals(List.of(), provider().changes(request()));
    assertEquals(0, provider().size(request()));
  }
}
