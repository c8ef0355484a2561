package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.NetworkDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworksTest {
  @TempDir private Path directory;

  @Test
  void theFirstNetworkLeavesTheWayToContainersOpen() throws IOException {
    Directories directories =
        new Directories(directory.resolve("state"), directory.resolve("data"));
    NetworkDefinition made = Networks.create("back", "net-bridge").build();
    new Networks(directories).keep(made);
    assertEquals("rwx--x--x", permissions(directories.data()), "of other users' ids, too");
    assertEquals("rwx------", permissions(directories.networks()));
    assertEquals(made.id(), new Networks(directories).find("back").orElseThrow().id());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
