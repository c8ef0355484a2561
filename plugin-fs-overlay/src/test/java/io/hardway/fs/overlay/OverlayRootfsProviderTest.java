package io.hardway.fs.overlay;

import io.hardway.spi.Host;
import io.hardway.spi.MountPoint;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsSource;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.RootfsProviderContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class OverlayRootfsProviderTest extends RootfsProviderContract {
  @TempDir Path root;

  @BeforeEach
  void makeLayers() throws IOException {
    for (String layer : List.of("srv/base", "srv/top")) {
      Files.createDirectories(root.resolve(layer));
    }
  }

  @Override
  protected RootfsProvider provider() {
    return new OverlayRootfsProvider();
  }

  @Override
  protected Host host() {
    return new FakeHost(root).mount(new MountPoint("/", "/", "rw", "ext4", "/dev/vda", "rw"));
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root).without("overlay");
  }

  @Override
  protected RootfsSource source() {
    return RootfsSource.directories(List.of(root.resolve("srv/top"), root.resolve("srv/base")));
  }
}
