package io.hardway.kernel;

import io.hardway.linux.LiveHost;
import io.hardway.spi.Host;
import io.hardway.spi.ResourceController;
import io.hardway.spi.Support;
import io.hardway.testkit.ResourceControllerKernelContract;
import java.util.Comparator;
import java.util.ServiceLoader;

/**
 * The contract on this kernel, for the bundled plugin of the name in {@code hardway.controller},
 * else for the one that works best here. {@link VirtualMachineTest} has it kept by each.
 */
class ResourceControllerKernelTest extends ResourceControllerKernelContract {

  @Override
  protected ResourceController controller() {
    String name = System.getProperty("hardway.controller", "");
    return ServiceLoader.load(ResourceController.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(plugin -> name.isEmpty() || plugin.name().equals(name))
        .max(Comparator.comparingInt(this::score))
        .orElseThrow(() -> new IllegalStateException("there is no plugin called " + name));
  }

  private int score(ResourceController plugin) {
    Support support = plugin.probe(host());
    return support.isUsable() ? support.score() : -1;
  }

  @Override
  protected Host host() {
    return LiveHost.current();
  }
}
