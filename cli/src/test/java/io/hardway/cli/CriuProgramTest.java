package io.hardway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.HardwayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CriuProgramTest {
  @TempDir Path folder;

  private Path program(String script) throws IOException {
    Path file = folder.resolve("criu");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CriuProgram found() {
    return CriuProgram.find("", Map.of("PATH", "/none:" + folder, "HOME", "/h", "A", "b"));
  }

  @Test
  void itIsFoundAlongThePathOrByItsName() throws IOException {
    assertEquals(Optional.empty(), found().path());
    Path file = program("");
    assertEquals(Optional.of(file), found().path());
    assertEquals(
        Optional.of(file), CriuProgram.find(file.toString(), Map.of("PATH", "/none")).path());
    assertEquals(Optional.empty(), CriuProgram.find("other", Map.of("PATH", "" + folder)).path());
  }

  @Test
  void itGetsOfTheEnvironmentWhatItNeeds() {
    assertEquals(List.of("PATH=/none:" + folder, "HOME=/h"), found().variables());
    assertTrue(
        CriuProgram.find("", Map.of()).variables().get(0).startsWith("PATH=/usr/local/sbin:"));
  }

  @Test
  void oneThatWorksIsTaken() throws IOException {
    Path file = program("[ \"$*\" = check ]");
    assertEquals(file, found().require());
    assertTrue(found().works());
  }

  @Test
  void oneThatDoesNotWorkIsRefusedInItsWords() throws IOException {
    Path file =
        program("echo 'Error (criu/util.c:642): exited'; echo 'Error: no vdso' >&2; exit 1");
    assertFalse(found().works());
    String message = assertThrows(HardwayException.class, () -> found().require()).getMessage();
    assertEquals(
        file
            + " does not work on this host: `criu check` says: Error: no vdso:"
            + " use a criu that knows this kernel, and name it with --criu",
        message);
  }

  @Test
  void noneIsRefusedWithTheRemedy() {
    String message = assertThrows(HardwayException.class, () -> found().require()).getMessage();
    assertTrue(message.contains("install it, or name it with --criu"), message);
    CriuProgram missing = CriuProgram.find(folder.resolve("none").toString(), Map.of());
    assertFalse(missing.works());
    assertTrue(
        assertThrows(HardwayException.class, missing::require)
            .getMessage()
            .contains("name a criu that can be run"));
  }
}
