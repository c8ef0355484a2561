package io.hardway.isolation.linux;

import io.hardway.spi.ExecRequest;
import io.hardway.spi.Host;
import io.hardway.spi.IsolationPreparation;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Support;
import java.nio.file.Path;
import java.util.List;

/**
 * Isolates with what the kernel itself offers.
 *
 * @since 0.1
 */
public final class LinuxIsolationProvider implements IsolationProvider {
  private static final int MOUNT_SETATTR = 5012;
  private static final int SCORE = 50;

  /** For the service loader. */
  public LinuxIsolationProvider() {}

  @Override
  public String name() {
    return "isolation-linux";
  }

  @Override
  public String description() {
    return "namespaces, capabilities and filters of the kernel itself";
  }

  @Override
  public Support probe(Host host) {
    if (host.kernelVersion() < MOUNT_SETATTR) {
      return Support.unusable(
          "the kernel is older than 5.12, which has what containers are mounted with (mount_setattr): use a newer one");
    }
    if (!host.isPrivileged() && !host.supportsNamespace("user")) {
      return Support.unusable(
          "an ordinary user needs user namespaces, which this kernel does not have");
    }
    return Support.usable(SCORE, "");
  }

  @Override
  public void prepare(IsolationPreparation request) {
    SystemCallFilter.prepare(request.host(), request.spec(), request.store());
  }

  @Override
  public List<String> prune(Path store) {
    return new FilterStore(store).prune();
  }

  @Override
  public void contribute(IsolationRequest request, PlanBuilder plan) {
    new ContainerSteps(request, plan).contribute();
  }

  @Override
  public void contributeExec(ExecRequest request, PlanBuilder plan) {
    new ExecSteps(request, plan).contribute();
  }
}
