package io.hardway.cli;

import io.hardway.core.ContainerConfig;
import io.hardway.core.InterfaceCounters;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Containers with figures that tests know. */
final class StatsSamples {
  static final String ID = "4f".repeat(32);

  private StatsSamples() {}

  private static ContainerConfig config(String name, String image) {
    return ContainerConfig.builder()
        .id(ID)
        .name(name)
        .created("2026-01-01T00:00:00Z")
        .source(RootfsSource.directories(List.of(Path.of("/srv/root"))))
        .sourceText(image)
        .spec(Spec.builder().build())
        .build();
  }

  static StatsSample running(
      String name, String image, Usage usage, List<InterfaceCounters> interfaces) {
    return new StatsSample(
        config(name, image),
        true,
        "2026-01-01T00:00:00.500Z",
        usage,
        interfaces,
        OptionalDouble.of(0.256));
  }

  static StatsSample ended(String name) {
    return new StatsSample(
        config(name, "/srv/root"),
        false,
        "",
        Usage.builder().build(),
        List.of(),
        OptionalDouble.empty());
  }
}
