package io.hardway.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.testkit.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardPlacesTest {
  @TempDir private Path directory;

  private EngineOptions.Builder options(String configuration) throws IOException {
    return EngineOptions.builder()
        .configuration(Files.writeString(directory.resolve("config.toml"), configuration));
  }

  private Host root() {
    return new FakeHost(directory);
  }

  private Host user() {
    return new FakeHost(directory).user(1000);
  }

  private static void assertPlaces(String state, String data, Directories directories) {
    assertEquals(Path.of(state), directories.state());
    assertEquals(Path.of(data), directories.data());
  }

  private static Directories places(EngineOptions.Builder options, Host host) {
    return HardwayComponent.of(options.build(), host).directories();
  }

  @Test
  void rootHasTheSystemsPlaces() throws IOException {
    Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", "/run/user/0", "HOME", "/root");
    assertPlaces(
        "/run/hardway", "/var/lib/hardway", places(options("").environment(environment), root()));
  }

  @Test
  void anOrdinaryUserHasThoseOfTheXdgBaseDirectories() throws IOException {
    assertPlaces(
        "/run/user/1000/hardway",
        "/data/hardway",
        places(
            options("")
                .environment(
                    Map.of(
                        "XDG_RUNTIME_DIR", "/run/user/1000",
                        "XDG_DATA_HOME", "/data",
                        "HOME", "/home/alice")),
            user()));
    assertPlaces(
        "/tmp/hardway-1000",
        "/home/alice/.local/share/hardway",
        places(options("").environment(Map.of("HOME", "/home/alice")), user()));
  }

  @Test
  void whatAnybodyCouldMakeIsMadeAtOnceOrRefused() throws IOException {
    EngineOptions.Builder options = options("").environment(Map.of("HOME", "/home/alice"));
    Files.createDirectory(directory.resolve("tmp"));
    Path state = directory.resolve("tmp/hardway-1000");
    places(options, user());
    assertEquals("rwx--x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(state)));
    Files.delete(state);
    Files.createSymbolicLink(state, directory.resolve("theirs"));
    String message =
        assertThrows(HardwayException.class, () -> places(options, user())).getMessage();
    assertTrue(message.contains("not a directory that only you can write"), message);
  }

  @Test
  void anOrdinaryUserWithoutAHomeMustSayWhere() throws IOException {
    EngineOptions.Builder options = options("");
    String message =
        assertThrows(HardwayException.class, () -> places(options, user())).getMessage();
    assertEquals(
        "neither XDG_DATA_HOME nor HOME is set: say with --root where containers are to be kept",
        message);
    assertPlaces(
        "/tmp/hardway-1000", "/srv/data", places(options.data(Path.of("/srv/data")), user()));
  }

  @Test
  void whatIsSaidCountsMoreThanTheConfigurationAndThatMoreThanTheDefault() throws IOException {
    String configuration = "state = \"/c/state\"\nroot = \"/c/data\"\n";
    assertPlaces("/c/state", "/c/data", places(options(configuration), root()));
    assertPlaces(
        "/o/state", "/c/data", places(options(configuration).state(Path.of("/o/state")), root()));
  }

  @Test
  void eachPartIsMadeOnce() throws IOException {
    HardwayComponent component = HardwayComponent.of(options("").build(), root());
    assertSame(component.settings(), component.settings());
    assertSame(component.plugins(), component.engine().plugins());
    assertSame(component.directories(), component.engine().directories());
  }

  @Test
  void twoEnginesShareNothing() throws IOException {
    HardwayComponent one = HardwayComponent.of(options("").state(Path.of("/one")).build(), root());
    HardwayComponent two = HardwayComponent.of(options("").state(Path.of("/two")).build(), root());
    assertEquals(Path.of("/one"), one.engine().directories().state());
    assertEquals(Path.of("/two"), two.engine().directories().state());
  }
}
