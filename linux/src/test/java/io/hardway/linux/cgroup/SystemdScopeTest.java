package io.hardway.linux.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanningException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdScopeTest {

  @ParameterizedTest
  @CsvSource({
    "machine.slice:libpod:c, machine.slice, libpod-c.scope, machine.slice/libpod-c.scope",
    "system.slice::c, system.slice, c.scope, system.slice/c.scope",
    "::c, system.slice, c.scope, system.slice/c.scope",
    "-.slice:p:c, -.slice, p-c.scope, p-c.scope",
    "a-b-c.slice:cri:x, a-b-c.slice, cri-x.scope, a.slice/a-b.slice/a-b-c.slice/cri-x.scope",
  })
  void aScopeIsWithinItsSlices(String asked, String slice, String name, String path) {
    SystemdScope scope = SystemdScope.of(asked);
    assertEquals(slice, scope.slice());
    assertEquals(name, scope.name());
    assertEquals(path, scope.path());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/b|names no unit",
        "a.slice:b|names no unit",
        "a.slice:b:|names no unit",
        "a.slice:b:c:d|names no unit",
        "a:b:c|is no slice",
        "a--b.slice:b:c|is no slice",
        "-a.slice:b:c|is no slice",
        ".slice:b:c|is no slice",
        "a/../b.slice:b:c|is no name of a unit",
        "a.slice:b:c/d|is no name of a unit",
        "a.slice::b.slice|names a slice",
      })
  void whatIsNoneIsRefused(String asked, String reason) {
    PlanningException refusal = assertThrows(PlanningException.class, () -> SystemdScope.of(asked));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }
}
