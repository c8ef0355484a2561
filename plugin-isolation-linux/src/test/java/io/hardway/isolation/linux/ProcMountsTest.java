package io.hardway.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Mount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcMountsTest {
  private static Mount mount(String type, String source, String destination) {
    return Mount.builder().type(type).source(source).destination(destination).build();
  }

  @ParameterizedTest
  @CsvSource({
    "proc, proc, /proc",
    "bind, /proc, /proc",
    "bind, /srv/meminfo, /proc/meminfo",
    "bind, /srv/fips, /proc/sys/crypto/fips_enabled",
    "bind, /srv, /process",
    "bind, /srv, /srv/proc",
    "tmpfs, tmpfs, /sys/fs",
  })
  void whatTellsOfTheMachineMayBeCovered(String type, String source, String destination) {
    assertDoesNotThrow(() -> ProcMounts.check(mount(type, source, destination)));
  }

  @ParameterizedTest
  @CsvSource({
    "bind, /srv, /proc",
    "tmpfs, tmpfs, /proc",
    "bind, /srv, /srv/../proc",
    "bind, /srv, //proc/",
    "bind, /proc/1, /proc",
    "tmpfs, tmpfs, /proc/self",
    "bind, /srv, /proc/sys",
    "bind, /srv, /proc/meminfo/x",
    "proc, proc, /proc/tty",
  })
  void whatIsTheKernelsOwnMayNot(String type, String source, String destination) {
    PlanningException refusal =
        assertThrows(
            PlanningException.class, () -> ProcMounts.check(mount(type, source, destination)));
    assertTrue(refusal.getMessage().contains("on /proc"), refusal.getMessage());
  }
}
