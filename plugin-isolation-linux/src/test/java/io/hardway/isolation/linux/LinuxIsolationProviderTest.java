package io.hardway.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Host;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.Support;
import io.hardway.testkit.FakeHost;
import io.hardway.testkit.IsolationProviderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxIsolationProviderTest extends IsolationProviderContract {
  @TempDir Path root;

  @Override
  protected IsolationProvider provider() {
    return new LinuxIsolationProvider();
  }

  @Override
  protected Host host() {
    return new FakeHost(root);
  }

  @Override
  protected Host unsuitableHost() {
    return new FakeHost(root).user(1000).without("user");
  }

  @Test
  void anOrdinaryUserIsToldToGetUserNamespaces() {
    Support support = provider().probe(unsuitableHost());
    assertFalse(support.isUsable());
    assertTrue(support.reason().contains("user namespaces"), support.reason());
    assertTrue(provider().probe(new FakeHost(root).user(1000)).isUsable());
  }
}
