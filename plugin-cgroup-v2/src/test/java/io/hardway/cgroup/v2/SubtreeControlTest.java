package io.hardway.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.Limit;
import io.hardway.spi.spec.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Controllers are given down the tree, and nothing else is written above the container's group. */
class SubtreeControlTest {
  private static final Resources NONE = Resources.builder().build();
  private static final Resources TASKS = Resources.builder().pids(Limit.of(5)).build();

  @TempDir Path root;
  private FakeGroups groups;

  @BeforeEach
  void mount() throws IOException {
    groups = new FakeGroups(root);
  }

  private List<String> enabled(Resources wanted) {
    return groups.made(wanted).stream().filter(one -> one.contains("subtree_control")).toList();
  }

  @Test
  void whatIsNeededComesFirstThenWhatIsCounted() {
    assertEquals(
        List.of(
            "cgroup.subtree_control=+pids",
            "cgroup.subtree_control=+cpu",
            "cgroup.subtree_control=+cpuset",
            "cgroup.subtree_control=+io",
            "cgroup.subtree_control=+memory",
            "hardway/cgroup.subtree_control=+pids",
            "hardway/cgroup.subtree_control=+cpu",
            "hardway/cgroup.subtree_control=+cpuset",
            "hardway/cgroup.subtree_control=+io",
            "hardway/cgroup.subtree_control=+memory"),
        enabled(TASKS));
  }

  @Test
  void aGroupThatHasThemEnabledIsNotWrittenTo() throws IOException {
    groups.write("cgroup.subtree_control", "cpuset cpu io memory pids");
    groups.group("hardway", "cpuset cpu io memory pids");
    groups.write("hardway/cgroup.subtree_control", "cpuset cpu io memory");
    groups.write("hardway/pids.max", "max");
    assertEquals(List.of("hardway/cgroup.subtree_control=+pids"), enabled(TASKS));
  }

  @Test
  void whatAUnifiedLimitNamesIsEnabled() throws IOException {
    groups.write("cgroup.subtree_control", "cpuset cpu io memory pids");
    groups.group("hardway", "cpuset cpu io memory pids");
    groups.write("hardway/cgroup.subtree_control", "cpuset cpu io memory pids");
    assertEquals(
        List.of("cgroup.subtree_control=+hugetlb", "hardway/cgroup.subtree_control=+hugetlb"),
        enabled(Resources.builder().unified(Map.of("hugetlb.2MB.max", "0")).build()));
  }

  @Test
  void anUpdateEnablesWhatTheGroupHadNoLimitOfSoFar() throws IOException {
    groups.write("cgroup.subtree_control", "cpuset cpu io memory pids");
    groups.group("hardway", "cpuset cpu io memory pids");
    groups.write("hardway/cgroup.subtree_control", "cpuset cpu memory");
    groups.write(FakeGroups.GROUP + "/cgroup.controllers", "cpuset cpu memory");
    assertEquals(
        List.of(
            "cgroup.subtree_control=+hugetlb",
            "cgroup.subtree_control=+hugetlb",
            "hugetlb.2MB.max=0"),
        groups.updated(Resources.builder().unified(Map.of("hugetlb.2MB.max", "0")).build()));
  }

  @Test
  void aGroupWithProcessesGivesNothingAndWhatIsNeededIsRefused() throws IOException {
    groups.write("cgroup.subtree_control", "cpuset cpu io memory pids");
    groups.group("hardway", "cpuset cpu io memory pids");
    groups.write("hardway/cgroup.procs", "4711");
    assertEquals(List.of(), enabled(NONE));
    groups.isNotMade(TASKS, "hardway has processes of its own");
  }

  @Test
  void processesOfTheRootAreNoHindrance() throws IOException {
    groups.write("cgroup.procs", "1");
    assertEquals("cgroup.subtree_control=+pids", enabled(TASKS).get(0));
  }

  @Test
  void groupsOfThreadsCannotHoldContainers() throws IOException {
    groups.group("hardway", "cpu pids");
    for (String type : List.of("threaded", "domain threaded", "domain invalid")) {
      groups.write("hardway/cgroup.type", type);
      groups.isNotMade(NONE, "it is \"" + type + "\"");
    }
  }

  @Test
  void aFrozenGroupCannotHoldContainers() throws IOException {
    groups.group("hardway", "cpu pids");
    groups.write("hardway/cgroup.freeze", "1");
    groups.isNotMade(NONE, "is frozen");
  }
}
