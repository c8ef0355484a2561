package io.hardway.cli;

import io.hardway.spi.ControlGroup;
import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.FileChange;
import io.hardway.spi.Host;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.IsolationRequest;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.ResourceController;
import io.hardway.spi.ResourceRequest;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.RootfsRequest;
import io.hardway.spi.Support;
import io.hardway.spi.Usage;
import io.hardway.spi.spec.Resources;
import java.util.List;

/** Plugins that can be chosen, which is all that the command line does with them. */
public final class StandIns {
  private StandIns() {}

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("the command line only chooses plugins");
  }

  /** What a container can see. */
  public static final class Isolation implements IsolationProvider {
    @Override
    public String name() {
      return "some-isolation";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(IsolationRequest request, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public void contributeExec(ExecRequest request, PlanBuilder plan) {
      throw notAsked();
    }
  }

  /** Whom it can talk to. */
  public static final class Network implements NetworkProvider {
    @Override
    public String name() {
      return "net-some";
    }

    @Override
    public boolean hasNetworks() {
      return true;
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(NetworkRequest request, PlanBuilder plan) {
      throw notAsked();
    }
  }

  /** What it stands on. */
  public static final class Rootfs implements RootfsProvider {
    @Override
    public String name() {
      return "some-rootfs";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public void contribute(RootfsRequest request, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public List<FileChange> changes(RootfsRequest request) {
      throw notAsked();
    }

    @Override
    public long size(RootfsRequest request) {
      throw notAsked();
    }
  }

  /** What it can use. */
  public static final class Controller implements ResourceController {
    @Override
    public String name() {
      return "some-resources";
    }

    @Override
    public Support probe(Host host) {
      return Support.usable(1, "");
    }

    @Override
    public boolean enforcesDeviceRules(Host host) {
      return true;
    }

    @Override
    public ControlGroup group(ResourceRequest request) {
      throw notAsked();
    }

    @Override
    public FdSlot contribute(ResourceRequest request, ControlGroup group, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public FdSlot contributeJoin(ControlGroup group, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public void contributeUpdate(
        Host host, ControlGroup group, Resources changed, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public void contributeFreeze(ControlGroup group, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public void contributeThaw(ControlGroup group, PlanBuilder plan) {
      throw notAsked();
    }

    @Override
    public boolean isFrozen(ControlGroup group) {
      throw notAsked();
    }

    @Override
    public List<Long> processes(ControlGroup group) {
      throw notAsked();
    }

    @Override
    public Usage usage(ControlGroup group) {
      throw notAsked();
    }
  }
}
