package io.hardway.core;

import io.hardway.spi.Container;
import io.hardway.spi.ExecRequest;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.ContainerProcess;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Plans another process in a container of the OCI runtime. */
final class BundleExec {
  private static final String CORE = StartPlanner.CORE;

  private final BundleDirectories directories;
  private final Host host;
  private final Plugins plugins;
  private final BundleConfig config;
  private final long first;
  private final ContainerProcess process;
  private final BundleOptions options;
  private final PlanAssembler assembler = new PlanAssembler();
  private FdSlot master = FdSlot.NONE;

  BundleExec(
      BundleDirectories directories,
      Host host,
      Plugins plugins,
      BundleRecord container,
      ContainerProcess process,
      BundleOptions options) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.config = container.config();
    this.first = container.pid();
    this.process = process;
    this.options = options;
  }

  /**
   * The plan.
   *
   * @param groups the container's control groups; none where it has none
   * @param detached whether the command ends when the process runs
   */
  PlannedCommand plan(Optional<GroupParts> groups, boolean detached) {
    FdSlot cgroup = groups.isPresent() ? groups.get().contributeJoin(assembler) : FdSlot.NONE;
    Path directory = directories.container(config.id());
    IsolationProvider provider = plugins.isolation(config.isolation());
    provider.contributeExec(
        ExecRequest.builder()
            .host(host)
            .container(Container.builder().id(config.id()).state(directory).data(directory).build())
            .spec(config.spec())
            .process(process)
            .identity(directories.identity(config.id()))
            .stdio(stdio())
            .spawnCgroup(cgroup)
            .preservedDescriptors(options.preservedDescriptors())
            .supervised(!detached)
            .processState(
                new BundleHooks(config)
                    .processState("running", assembler.pid(), Text.of(Long.toString(first))))
            .store(directories.store())
            .build(),
        assembler.forPlugin(provider.name()));
    handOut();
    if (detached) {
      assembler.add(
          Phase.STARTED, CORE, new Operation.LetGo(), "leave the process to live on by itself");
    } else {
      boolean callers = master != FdSlot.NONE && options.consoleSocket().isEmpty();
      BundlePlanner.supervise(assembler, callers ? master : FdSlot.NONE);
    }
    return new PlannedCommand(assembler.run(Optional.empty()), Map.of());
  }

  private Stdio stdio() {
    if (!process.terminal()) {
      return Stdio.inherited();
    }
    master = assembler.fdSlot("terminal");
    return Stdio.terminal(
        master, process.consoleRows().orElse(0), process.consoleColumns().orElse(0));
  }

  private void handOut() {
    Stage stage = assembler.stage(Phase.STARTED, CORE);
    options
        .consoleSocket()
        .ifPresent(
            socket ->
                BundlePlanner.send(
                    assembler, socket, master, "send the terminal to the console socket"));
    options
        .pidfdSocket()
        .ifPresent(
            socket ->
                BundlePlanner.send(
                    assembler, socket, assembler.pidfd(), "send the pidfd to its socket"));
    options
        .pidFile()
        .ifPresent(
            file ->
                stage
                    .replace(
                        file,
                        BundlePlanner.READABLE_FILE,
                        Text.builder().decimal(assembler.pid()).build())
                    .label("write the pid to " + file));
  }
}
