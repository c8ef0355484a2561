package io.hardway.spi.plan;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Slot;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.TextSlot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers what the core and the plugins contribute, and puts it in order: one plan to run, and the
 * plans that undo it.
 */
public final class PlanAssembler {
  private final List<List<StepDraft>> phases = new ArrayList<>();
  private final List<String> plugins = new ArrayList<>();
  private final List<Slot> slots = new ArrayList<>();
  private final IntSlot pid;
  private final FdSlot pidfd;
  private final TextSlot startTime;
  private final FdSlot rootDirectory;
  private final IntSlot exitStatus;

  /** An empty plan. */
  public PlanAssembler() {
    for (int i = 0; i < Phase.values().length; i++) {
      phases.add(new ArrayList<>());
    }
    pid = intSlot("pid");
    pidfd = fdSlot("pidfd");
    startTime = textSlot("start time");
    rootDirectory = fdSlot("root");
    exitStatus = intSlot("exit status");
  }

  /** The plan as the plugin of this name sees it; steps carry the name. */
  public PlanBuilder forPlugin(String name) {
    if (!plugins.contains(name)) {
      plugins.add(name);
    }
    return new View(name);
  }

  /** A phase for the core, which has some of its own. */
  public Stage stage(Phase phase, String plugin) {
    if (!plugins.contains(plugin)) {
      plugins.add(plugin);
    }
    return new DraftStage(this, phase, plugin);
  }

  /** Adds one step at the end of a phase: for operations that are the core's alone. */
  public StepOptions add(Phase phase, String plugin, Operation operation, String label) {
    if (!plugins.contains(plugin)) {
      plugins.add(plugin);
    }
    StepDraft draft = new StepDraft(operation, phase.actor(), plugin, phase.label(), label);
    phases.get(phase.ordinal()).add(draft);
    return draft;
  }

  /** Whether a phase has no steps. */
  public boolean isEmpty(Phase phase) {
    return phases.get(phase.ordinal()).isEmpty();
  }

  /**
   * The plan that runs: the phases from {@link Phase#CLAIM} to {@link Phase#ENDED}, with a handoff
   * wherever the actor changes.
   *
   * @param undo the stored plan that is performed when a step fails
   */
  public Plan run(Optional<Path> undo) {
    List<Step> steps = new ArrayList<>();
    Actor actor = Actor.PARENT;
    boolean executed = false;
    for (Phase phase : Phase.values()) {
      if (phase == Phase.KILL) {
        break;
      }
      for (StepDraft draft : phases.get(phase.ordinal())) {
        Step step = draft.build();
        if (step.actor() != actor && !executed) {
          steps.add(
              new StepDraft(
                      new Operation.Handoff(IntOperand.of(step.actor().number())),
                      actor,
                      "core",
                      phase.label(),
                      step.actor() == Actor.CONTAINER
                          ? "let the container's process go on"
                          : "go on outside")
                  .build());
        }
        executed = step.operation() instanceof Operation.Exec;
        actor = step.actor();
        steps.add(step);
      }
    }
    return new Plan(steps, slots, undo, Optional.empty());
  }

  /**
   * The same for a container that is there already: no process of its own performs its phases, but
   * the one that performs the others.
   *
   * @param undo the stored plan that is performed when a step fails
   */
  public Plan runByOne(Optional<Path> undo) {
    List<Step> steps = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (phase == Phase.KILL) {
        break;
      }
      for (StepDraft draft : phases.get(phase.ordinal())) {
        steps.add(draft.build().by(Actor.PARENT, partOf(phase)));
      }
    }
    return new Plan(steps, slots, undo, Optional.empty());
  }

  /** What a phase is for a container that is there already. */
  private static String partOf(Phase phase) {
    return switch (phase) {
      case CLAIM -> "store";
      case ENTER -> "inside";
      case STARTED, ENDED -> "record";
      default -> "outside";
    };
  }

  /** The part of the undo that ends a container's processes. */
  public Plan killing() {
    List<Step> steps = new ArrayList<>();
    for (StepDraft draft : phases.get(Phase.KILL.ordinal())) {
      steps.add(draft.build());
    }
    return new Plan(steps, List.of(), Optional.empty(), Optional.empty());
  }

  /** The undo that ends a container's processes and takes down what only a running one needs. */
  public Plan teardown() {
    List<Step> steps = new ArrayList<>(killing().steps());
    addReversed(Phase.TEARDOWN, steps);
    return new Plan(steps, List.of(), Optional.empty(), Optional.empty());
  }

  /** The undo that deletes what a stopped container keeps. */
  public Plan removal() {
    List<Step> steps = new ArrayList<>();
    addReversed(Phase.REMOVAL, steps);
    return new Plan(steps, List.of(), Optional.empty(), Optional.empty());
  }

  private void addReversed(Phase phase, List<Step> steps) {
    for (int i = plugins.size() - 1; i >= 0; i--) {
      for (StepDraft draft : phases.get(phase.ordinal())) {
        Step step = draft.build();
        if (step.plugin().equals(plugins.get(i))) {
          steps.add(step);
        }
      }
    }
  }

  /** See {@link PlanBuilder#pid()}. */
  public IntSlot pid() {
    return pid;
  }

  /** See {@link PlanBuilder#pidfd()}. */
  public FdSlot pidfd() {
    return pidfd;
  }

  /** See {@link PlanBuilder#startTime()}. */
  public TextSlot startTime() {
    return startTime;
  }

  /** See {@link PlanBuilder#rootDirectory()}. */
  public FdSlot rootDirectory() {
    return rootDirectory;
  }

  /** See {@link PlanBuilder#exitStatus()}. */
  public IntSlot exitStatus() {
    return exitStatus;
  }

  /** A new slot for a number. */
  public IntSlot intSlot(String name) {
    IntSlot slot = new IntSlot(slots.size(), name);
    slots.add(slot);
    return slot;
  }

  /** A new slot for a descriptor. */
  public FdSlot fdSlot(String name) {
    FdSlot slot = new FdSlot(slots.size(), name);
    slots.add(slot);
    return slot;
  }

  /** A new slot for text. */
  public TextSlot textSlot(String name) {
    TextSlot slot = new TextSlot(slots.size(), name);
    slots.add(slot);
    return slot;
  }

  private final class View implements PlanBuilder {
    private final String plugin;

    private View(String plugin) {
      this.plugin = plugin;
    }

    private Stage stage(Phase phase) {
      return new DraftStage(PlanAssembler.this, phase, plugin);
    }

    @Override
    public Stage host() {
      return stage(Phase.HOST);
    }

    @Override
    public Stage spawn() {
      return stage(Phase.SPAWN);
    }

    @Override
    public Stage paired() {
      return stage(Phase.PAIRED);
    }

    @Override
    public Stage mapped() {
      return stage(Phase.MAPPED);
    }

    @Override
    public Stage enter() {
      return stage(Phase.ENTER);
    }

    @Override
    public Stage root() {
      return stage(Phase.ROOT);
    }

    @Override
    public Stage mounts() {
      return stage(Phase.MOUNTS);
    }

    @Override
    public Stage confine() {
      return stage(Phase.CONFINE);
    }

    @Override
    public Stage started() {
      return stage(Phase.STARTED);
    }

    @Override
    public Stage ended() {
      return stage(Phase.ENDED);
    }

    @Override
    public Stage kill() {
      return stage(Phase.KILL);
    }

    @Override
    public Stage teardown() {
      return stage(Phase.TEARDOWN);
    }

    @Override
    public Stage removal() {
      return stage(Phase.REMOVAL);
    }

    @Override
    public IntSlot pid() {
      return pid;
    }

    @Override
    public FdSlot pidfd() {
      return pidfd;
    }

    @Override
    public TextSlot startTime() {
      return startTime;
    }

    @Override
    public FdSlot rootDirectory() {
      return rootDirectory;
    }

    @Override
    public IntSlot exitStatus() {
      return exitStatus;
    }

    @Override
    public IntSlot intSlot(String name) {
      return PlanAssembler.this.intSlot(name);
    }

    @Override
    public FdSlot fdSlot(String name) {
      return PlanAssembler.this.fdSlot(name);
    }

    @Override
    public TextSlot textSlot(String name) {
      return PlanAssembler.this.textSlot(name);
    }
  }
}
