package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelinuxLabelTest {
  private static Optional<SelinuxLabel> of(String... options) {
    return SelinuxLabel.of(Arrays.stream(options).map(SecurityOption::parse).toList());
  }

  @Test
  void whatIsSaidReplacesAPartOfTheUsualLabel() {
    assertEquals(
        Optional.of(
            new SelinuxLabel(
                "system_u:system_r:spc_t:s0:c1,c2", "system_u:object_r:container_file_t:s0:c1,c2")),
        of("label=type:spc_t", "label=level:s0:c1,c2"));
    assertEquals("u:r:container_t:s0", of("label=user:u", "label=role:r").orElseThrow().process());
  }

  @Test
  void noneIsSetWhereNoneIsAskedFor() {
    assertEquals(Optional.empty(), of());
    assertEquals(Optional.empty(), of("seccomp=unconfined"));
    assertEquals(Optional.empty(), of("label=type:spc_t", "label=disable"));
  }
}
