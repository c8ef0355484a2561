package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupFileTest {
  @TempDir Path group;

  @Test
  void aNumberAloneOrBehindItsKeyIsRead() throws IOException {
    Path current = Files.writeString(group.resolve("memory.current"), "4096\n");
    Path stat = Files.writeString(group.resolve("memory.stat"), "anon 1\nanon_thp 2\nfile 3\n");
    assertEquals(OptionalLong.of(4096), CgroupFile.number(current));
    assertEquals(OptionalLong.of(2), CgroupFile.number(stat, "anon_thp"));
    assertEquals(OptionalLong.empty(), CgroupFile.number(stat, "ano"));
  }

  @Test
  void aGroupThatIsGoneSaysNothing() {
    Path gone = group.resolve("gone");
    assertEquals("", CgroupFile.text(gone.resolve("cpu.max")));
    assertEquals(OptionalLong.empty(), CgroupFile.number(gone.resolve("memory.current")));
    assertEquals(List.of(), CgroupFile.processes(gone));
  }

  @Test
  void aWordIsNoNumber() throws IOException {
    Path most = Files.writeString(group.resolve("pids.max"), "max\n");
    assertEquals(OptionalLong.empty(), CgroupFile.number(most));
  }

  @Test
  void processesOfGroupsBelowAreCounted() throws IOException {
    Path below = Files.createDirectories(group.resolve("a/b"));
    Files.writeString(group.resolve("cgroup.procs"), "1\n2\n");
    Files.writeString(below.resolve("cgroup.procs"), "3\n");
    assertEquals(Set.of(1L, 2L, 3L), new HashSet<>(CgroupFile.processes(group)));
  }
}
