package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.Limit;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Plugin;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every resource controller must keep: extend it in a test of the plugin.
 *
 * @since 0.1
 */
public abstract class ResourceControllerContract extends PluginContract {

  /** The plugin. */
  protected abstract ResourceController controller();

  /** A request for a container with a memory limit. */
  protected final ResourceRequest request() {
    Resources resources =
        Resources.builder()
            .memory(MemoryResources.builder().limit(Limit.of(64 << 20)).build())
            .pids(Limit.of(32))
            .build();
    return ResourceRequest.builder()
        .host(host())
        .container(container())
        .resources(resources)
        .build();
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

  @Override
  final Plugin plugin() {
    return controller();
  }

  @Override
  final Map<String, Consumer<PlanBuilder>> verbs() {
    ControlGroup group = controller().group(request());
    Map<String, Consumer<PlanBuilder>> verbs = new TreeMap<>();
    verbs.put("run", plan -> controller().contribute(request(), group, plan));
    verbs.put("exec", plan -> controller().contributeJoin(group, plan));
    verbs.put(
        "update",
        plan -> controller().contributeUpdate(host(), group, request().resources(), plan));
    verbs.put("pause", plan -> controller().contributeFreeze(group, plan));
    verbs.put("unpause", plan -> controller().contributeThaw(group, plan));
    return verbs;
  }

  @Test
  void putsTheGroupUnderTheContainersId() {
    for (var hierarchy : controller().group(request()).hierarchies()) {
      assertTrue(hierarchy.directory().toString().contains(ID), hierarchy.directory().toString());
    }
  }

  @Test
  void killsItsProcessesAndRemovesItself() {
    PlanAssembler assembler = plan();
    assertFalse(assembler.isEmpty(Phase.KILL), "a group's processes must be killed");
    assertFalse(assembler.isEmpty(Phase.TEARDOWN), "a group must be removed");
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
    assertTrue(controller().usage(group).cpu().nanos().isEmpty());
  }
}
