package io.hardway.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Container;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Plugin;
import io.hardway.spi.Support;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Actor;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every plugin must keep, whatever its kind. */
abstract class PluginContract {
  static final String ID = "0123456789abcdef";

  /**
   * Steps of which {@code docs/plan-format.md} says that missing is success, and {@code run}, whose
   * program tells by its status what it takes for success.
   */
  private static final Set<String> MISSING_IS_SUCCESS =
      Set.of("remove-tree", "unlink-link", "remove-group", "kill-group", "run");

  @TempDir Path directory;

  /** The plugin. */
  abstract Plugin plugin();

  /**
   * A host it works on; its files are in a directory of the test's own, like those of a {@link
   * FakeHost}.
   */
  protected abstract Host host();

  /** A host it does not work on. */
  protected abstract Host unsuitableHost();

  /** What it contributes to each verb. */
  abstract Map<String, Consumer<PlanBuilder>> verbs();

  /** A container whose directories are not there yet. */
  final Container container() {
    return Container.builder()
        .id(ID)
        .state(directory.resolve("state/containers").resolve(ID))
        .data(directory.resolve("data/containers").resolve(ID))
        .build();
  }

  final PlanAssembler planned(String verb) {
    PlanAssembler assembler = new PlanAssembler();
    verbs().get(verb).accept(assembler.forPlugin(plugin().name()));
    return assembler;
  }

  private static List<Step> undo(PlanAssembler plan) {
    return plan.teardown().then(plan.removal()).steps();
  }

  private static List<String> texts(PlanAssembler plan) {
    List<String> texts = StepTexts.of(plan.run(Optional.empty()).steps());
    texts.addAll(StepTexts.of(undo(plan)));
    return texts;
  }

  @Test
  void hasANameThatCanBeTyped() {
    String name = plugin().name();
    assertTrue(name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), name);
    assertFalse(name.equals("auto") || name.equals("core"), name + " has a meaning of its own");
  }

  @Test
  void isDescribedInOneLine() {
    assertFalse(plugin().description().isBlank());
    assertEquals(1, plugin().description().lines().count());
  }

  @Test
  void saysWhetherItWorks() {
    Support support = plugin().probe(host());
    assertTrue(support.isUsable(), support.reason());
  }

  @Test
  void saysWhyItDoesNotWork() {
    Support support = plugin().probe(unsuitableHost());
    assertFalse(support.isUsable());
    assertFalse(support.reason().isBlank());
  }

  @Test
  void plansTheSameForTheSameRequest() {
    for (String verb : verbs().keySet()) {
      List<String> first = texts(planned(verb));
      assertFalse(first.isEmpty(), verb + " does nothing");
      assertEquals(first, texts(planned(verb)), verb);
    }
  }

  @Test
  void plansWithoutEffect() throws IOException {
    Map<String, String> before = files();
    for (String verb : verbs().keySet()) {
      texts(planned(verb));
    }
    assertEquals(before, files());
  }

  /** The files of the host and of the container, with size and time. */
  final Map<String, String> files() throws IOException {
    Path root = host().file("/");
    assertTrue(root.getNameCount() > 0, "a test's host has files of its own: use FakeHost");
    Map<String, String> files = new TreeMap<>();
    for (Path from : List.of(root, directory)) {
      try (Stream<Path> all = Files.walk(from)) {
        for (Path file : (Iterable<Path>) all::iterator) {
          files.put(
              file.toString(),
              Files.readAttributes(file, "size,lastModifiedTime,fileKey", LinkOption.NOFOLLOW_LINKS)
                  .toString());
        }
      }
    }
    return files;
  }

  @Test
  void saysWhatEachStepIsFor() {
    for (String verb : verbs().keySet()) {
      PlanAssembler plan = planned(verb);
      List<Step> steps = new ArrayList<>(plan.run(Optional.empty()).steps());
      steps.addAll(undo(plan));
      for (Step step : steps) {
        assertFalse(step.label().isBlank(), verb + ": " + step.operation().keyword());
      }
    }
  }

  @Test
  void undoesWithoutSlots() {
    for (String verb : verbs().keySet()) {
      for (Step step : undo(planned(verb))) {
        assertEquals(List.of(), StepTexts.slots(step), verb + ": " + step.label());
        assertEquals(Actor.PARENT, step.actor(), verb + ": " + step.label());
      }
    }
  }

  @Test
  void undoesWhatIsGoneAlready() {
    for (String verb : verbs().keySet()) {
      for (Step step : undo(planned(verb))) {
        boolean tolerant =
            MISSING_IS_SUCCESS.contains(step.operation().keyword())
                || step.isBestEffort()
                || Arrays.stream(step.ignored())
                    .anyMatch(
                        errno ->
                            errno == Errno.ENOENT || errno == Errno.ESRCH || errno == Errno.ENODEV);
        assertTrue(tolerant, verb + ": " + StepTexts.of(List.of(step)));
      }
    }
  }

  @Test
  void undoesEveryFileItMakesOnTheHost() {
    for (String verb : verbs().keySet()) {
      PlanAssembler plan = planned(verb);
      List<Path> undone = removed(undo(plan));
      for (Step step : plan.run(Optional.empty()).steps()) {
        Optional<Path> made = made(step);
        if (made.isPresent()) {
          assertTrue(
              undone.stream().anyMatch(made.get()::startsWith),
              verb + ": nothing removes " + made.get() + ", which is made to " + step.label());
        }
      }
    }
  }

  /** What a step makes that was not there, and that no namespace takes away. */
  private static Optional<Path> made(Step step) {
    boolean shared = Arrays.stream(step.ignored()).anyMatch(errno -> errno == Errno.EEXIST);
    if (step.actor() == Actor.CONTAINER || shared) {
      return Optional.empty();
    }
    return switch (step.operation()) {
      case Operation.Mkdir mkdir -> onHost(mkdir.dir(), mkdir.path());
      case Operation.Symlink link -> onHost(link.dir(), link.path());
      case Operation.Mknod node -> onHost(node.dir(), node.path());
      case Operation.Replace file -> onHost(FdSlot.NONE, file.path());
      default -> Optional.empty();
    };
  }

  private static Optional<Path> onHost(FdSlot directory, Text path) {
    boolean literal = path.pieces().stream().allMatch(Text.Piece::isLiteral);
    return directory.isNone() && literal ? Optional.of(Path.of(path.toString())) : Optional.empty();
  }

  private static List<Path> removed(List<Step> undo) {
    List<Path> removed = new ArrayList<>();
    for (Step step : undo) {
      switch (step.operation()) {
        case Operation.RemoveTree tree -> removed.add(Path.of(tree.path().toString()));
        case Operation.RemoveGroup group -> removed.add(Path.of(group.directory().toString()));
        case Operation.Rmdir rmdir -> removed.add(Path.of(rmdir.path().toString()));
        case Operation.UnlinkLink link -> removed.add(Path.of(link.path().toString()));
        case Operation.Unlink unlink -> removed.add(Path.of(unlink.path().toString()));
        default -> {
          // it removes no file
        }
      }
    }
    return removed;
  }
}
