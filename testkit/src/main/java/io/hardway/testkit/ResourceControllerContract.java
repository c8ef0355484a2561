package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.ControlGroup;
import io.hardway.spi.Host;
import io.hardway.spi.Limit;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.Support;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every resource controller must keep: extend it in a test of the plugin.
 *
 * @since 0.1
 */
public abstract class ResourceControllerContract {

  /** The plugin. */
  protected abstract ResourceController controller();

  /** A host it works on. */
  protected abstract Host host();

  /** A host it does not work on. */
  protected abstract Host unsuitableHost();

  /** A request for a container with a memory limit. */
  protected final ResourceRequest request() {
    Container container =
        Container.builder()
            .id("0123456789abcdef")
            .state(Path.of("/run/hardway/containers/c"))
            .data(Path.of("/var/lib/hardway/containers/c"))
            .build();
    Resources resources =
        Resources.builder()
            .memory(MemoryResources.builder().limit(Limit.of(64 << 20)).build())
            .pids(Limit.of(32))
            .build();
    return ResourceRequest.builder().host(host()).container(container).resources(resources).build();
  }

  /** The steps of a new group, as text: number, operation and label. */
  protected final List<String> steps() {
    return texts(plan().run(Optional.empty()).steps());
  }

  private PlanAssembler plan() {
    PlanAssembler assembler = new PlanAssembler();
    ControlGroup group = controller().group(request());
    controller().contribute(request(), group, assembler.forPlugin(controller().name()));
    return assembler;
  }

  private static List<String> texts(List<Step> steps) {
    List<String> texts = new ArrayList<>();
    for (Step step : steps) {
      texts.add(step.operation().keyword() + ": " + step.label());
    }
    return texts;
  }

  @Test
  void saysWhetherItWorks() {
    Support support = controller().probe(host());
    assertTrue(support.isUsable(), support.reason());
  }

  @Test
  void saysWhyItDoesNotWork() {
    Support support = controller().probe(unsuitableHost());
    assertFalse(support.isUsable());
    assertFalse(support.reason().isBlank());
  }

  @Test
  void plansTheSameForTheSameRequest() {
    assertEquals(steps(), steps());
  }

  @Test
  void putsTheGroupUnderTheContainersId() {
    for (var hierarchy : controller().group(request()).hierarchies()) {
      assertTrue(
          hierarchy.directory().toString().contains("0123456789abcdef"),
          hierarchy.directory().toString());
    }
  }

  @Test
  void undoesWhatItMakesWithoutSlots() {
    PlanAssembler assembler = plan();
    assertFalse(assembler.isEmpty(Phase.KILL), "a group's processes must be killed");
    assertFalse(assembler.isEmpty(Phase.TEARDOWN), "a group must be removed");
    assertTrue(assembler.teardown().slots().isEmpty());
  }

  @Test
  void freezesAndThaws() {
    ControlGroup group = controller().group(request());
    PlanAssembler freeze = new PlanAssembler();
    controller().contributeFreeze(group, freeze.forPlugin("test"));
    PlanAssembler thaw = new PlanAssembler();
    controller().contributeThaw(group, thaw.forPlugin("test"));
    assertFalse(freeze.isEmpty(Phase.HOST));
    assertFalse(thaw.isEmpty(Phase.HOST));
  }

  @Test
  void readsNothingOfAGroupThatIsGone() {
    ControlGroup group = controller().group(request());
    assertFalse(controller().isFrozen(group));
    assertEquals(List.of(), controller().processes(group));
    assertTrue(controller().usage(group).cpuNanos().isEmpty());
  }
}
