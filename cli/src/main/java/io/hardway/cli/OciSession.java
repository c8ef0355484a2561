package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.core.BundleDirectories;
import io.hardway.core.BundleEngine;
import io.hardway.core.BundleOptions;
import io.hardway.core.EngineOptions;
import io.hardway.core.HardwayComponent;
import io.hardway.core.HardwayException;
import io.hardway.linux.LiveHost;
import io.hardway.spi.Host;
import io.hardway.spi.plan.Plan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One invocation of {@code hardway-oci}. */
final class OciSession {
  private final Arguments global;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final PrintStream err;
  private final Performer performer;

  OciSession(
      Arguments global,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Performer performer) {
    this.global = global;
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.performer = performer;
  }

  /** Who makes the control groups of new containers. */
  BundleOptions.Groups groups() {
    return global.flag("systemd-cgroup")
        ? BundleOptions.Groups.SYSTEMD
        : BundleOptions.Groups.DIRECT;
  }

  /** Where answers go. */
  PrintStream out() {
    return out;
  }

  /** Where complaints go. */
  PrintStream err() {
    return err;
  }

  /** The caller's environment. */
  Map<String, String> environment() {
    return environment;
  }

  /** The criu that was named, or that is found. */
  CriuProgram criu() {
    return CriuProgram.find(global.text("criu").orElse(""), environment);
  }

  /** The host. */
  Host host() {
    return LiveHost.current();
  }

  /** The core. */
  BundleEngine engine() {
    EngineOptions.Builder options = EngineOptions.builder().environment(environment);
    String home = System.getProperty("hardway.home", "");
    if (!home.isEmpty()) {
      options.installation(Path.of(home));
    }
    HardwayComponent core = HardwayComponent.of(options.build(), host());
    return new BundleEngine(
        new BundleDirectories(root()), host(), core.plugins(), new OciLog(global, err)::warning);
  }

  private Path root() {
    String asked = global.text("root").orElse("");
    if (!asked.isEmpty()) {
      return absolute(asked);
    }
    if (host().uid() == 0) {
      return Path.of("/run/hardway-oci");
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.startsWith("/")) {
      throw new HardwayException(
          "XDG_RUNTIME_DIR is not set: name with --root where the state is to be kept");
    }
    return Path.of(runtime, "hardway-oci");
  }

  /** Says what a command does without. */
  void warn(String message) {
    new OciLog(global, err).warning(message);
  }

  /** A path as the caller means it. */
  Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }

  /** Performs a plan now; the planner goes on. */
  void perform(Plan plan) throws IOException {
    performer.perform(plan);
  }

  /** Hands over the plan that is performed when this process is gone. */
  int performLast(Plan plan) throws IOException {
    performer.performLast(plan, List.of());
    return 0;
  }
}
