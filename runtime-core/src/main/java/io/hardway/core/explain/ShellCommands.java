package io.hardway.core.explain;

import io.hardway.spi.plan.Operation;

/**
 * The shell command that does the same as an operation. Where no tool does it, the line is a
 * comment that says what the step does.
 */
final class ShellCommands {
  private final FileCommands files;
  private final MountCommands mounts;
  private final ProcessCommands processes;
  private final ParentCommands parents;

  ShellCommands(ShellWords words) {
    this.files = new FileCommands(words);
    this.mounts = new MountCommands(words);
    this.processes = new ProcessCommands(words);
    this.parents = new ParentCommands(words);
  }

  /** The command; never empty. */
  String of(Operation operation) {
    return switch (operation) {
      case Operation.Mkdir o -> files.mkdir(o);
      case Operation.Mkdirs o -> files.mkdirs(o);
      case Operation.Write o -> files.write(o);
      case Operation.Replace o -> files.replace(o);
      case Operation.Open o -> files.open(o);
      case Operation.Close o -> files.close(o);
      case Operation.Symlink o -> files.symlink(o);
      case Operation.Mknod o -> files.mknod(o);
      case Operation.Chown o -> files.chown(o);
      case Operation.Chmod o -> files.chmod(o);
      case Operation.Rename o -> files.rename(o);
      case Operation.Unlink o -> files.unlink(o);
      case Operation.UnlinkLink o -> files.unlinkLink(o);
      case Operation.Rmdir o -> files.rmdir(o);
      case Operation.RemoveTree o -> files.removeTree(o);
      case Operation.Lock o -> files.lock(o);
      case Operation.Read o -> files.read(o);
      case Operation.Await o -> files.await(o);
      case Operation.WriteFd o -> files.writeTo(o);
      case Operation.Clock o -> files.clock(o);
      case Operation.Mount o -> mounts.mount(o);
      case Operation.Bind o -> mounts.bind(o);
      case Operation.CloneMount o -> mounts.cloneMount(o);
      case Operation.Propagation o -> mounts.propagation(o);
      case Operation.MountAttr o -> mounts.attributes(o);
      case Operation.Umount o -> mounts.umount(o);
      case Operation.PivotRoot o -> mounts.pivotRoot(o);
      case Operation.Chroot o -> mounts.chroot(o);
      case Operation.Mask o -> mounts.mask(o);
      case Operation.ReadOnly o -> mounts.readOnly(o);
      case Operation.Device o -> mounts.device(o);
      case Operation.CopyUp o -> mounts.copyUp(o);
      case Operation.Spawn o -> processes.spawn(o);
      case Operation.Join o -> processes.join(o);
      case Operation.Unshare o -> processes.unshare(o);
      case Operation.Handoff o -> parents.handoff(o);
      case Operation.Run o -> parents.run(o);
      case Operation.Gate o -> parents.gate(o);
      case Operation.Signal o -> parents.signal(o);
      case Operation.AwaitExit o -> parents.awaitExit(o);
      case Operation.KillGroup o -> parents.killGroup(o);
      case Operation.SignalGroup o -> parents.signalGroup(o);
      case Operation.RemoveGroup o -> parents.removeGroup(o);
      case Operation.DeviceProgram o -> parents.deviceProgram(o);
      case Operation.OpenProcess o -> parents.openProcess(o);
      case Operation.Reconcile o -> parents.reconcile(o);
      case Operation.Hostname o -> processes.hostname(o);
      case Operation.Domainname o -> processes.domainname(o);
      case Operation.Rlimit o -> processes.limit(o);
      case Operation.Scheduler o -> SchedulingCommands.scheduler(o);
      case Operation.IoPriority o -> SchedulingCommands.ioPriority(o);
      case Operation.Affinity o -> SchedulingCommands.affinity(o);
      case Operation.MemoryPolicy o -> SchedulingCommands.memoryPolicy(o);
      case Operation.Personality o -> SchedulingCommands.personality(o);
      case Operation.Umask o -> processes.umask(o);
      case Operation.Chdir o -> processes.chdir(o);
      case Operation.ResolveUser o -> processes.resolveUser(o);
      case Operation.Credentials o -> processes.credentials(o);
      case Operation.Bounding o -> processes.bounding(o);
      case Operation.Capabilities o -> processes.capabilities(o);
      case Operation.NoNewPrivileges o -> "setpriv --no-new-privs …";
      case Operation.Seccomp o -> processes.seccomp(o);
      case Operation.ParentDeathSignal o -> processes.parentDeathSignal(o);
      case Operation.Stdio o -> processes.stdio(o);
      case Operation.Pty o -> processes.pty(o);
      case Operation.Terminal o -> processes.terminal(o);
      case Operation.CloseOthers o -> processes.closeOthers(o);
      case Operation.SessionKeyring o -> processes.sessionKeyring(o);
      case Operation.StdioOwner o -> processes.stdioOwner(o);
      case Operation.ResetSignals o -> "env --default-signal …";
      case Operation.Netlink o -> processes.netlink(o);
      case Operation.NetlinkLater o -> processes.netlink(o);
      case Operation.NetlinkElseRun o -> parents.run(o);
      case Operation.Forward o ->
          "# passes on what comes to " + o.sockets().size() + " sockets of IPv6, by a process";
      case Operation.Resolve o ->
          "# answers for the names of containers at 127.0.0.11 of its network namespace";
      case Operation.ForgetFlows o -> NetlinkCommand.of(o);
      case Operation.Socket o -> "# holds the port while the container has a parent, by a socket";
      case Operation.Init o ->
          "# stays as pid 1, reaps, and passes signals on to its child, as tini does";
      case Operation.Setsid o -> "setsid …";
      case Operation.Exec o -> processes.exec(o);
      case Operation.Environment o -> processes.environment(o);
      case Operation.Detach o -> "… &";
      case Operation.Ready o -> parents.ready(o);
      case Operation.Supervise o -> parents.supervise(o);
      case Operation.Pipe o -> parents.pipe(o);
      case Operation.Print o -> parents.print(o);
      case Operation.ExitWith o -> parents.exitWith(o);
      case Operation.Perform o -> parents.perform(o);
      case Operation.Attach o -> parents.attach(o);
      case Operation.AwaitRecord o -> parents.awaitRecord(o);
      case Operation.Listen o -> parents.listen(o);
      case Operation.Release o -> parents.release(o);
      case Operation.SendFd o -> parents.sendFd(o);
      case Operation.Connect o -> parents.connect(o);
      case Operation.LetGo o -> "# leaves the container running";
      case Operation.SocketPair o -> "# a pair of sockets, over which criu hears what to do";
      case Operation.KeepOpen o -> "# leaves descriptor " + o.descriptor().name() + " open at exec";
      case Operation.Criu o -> parents.criu(o);
      case Operation.LookUp o -> processes.lookUp(o);
      case Operation.Protect o ->
          "# makes sure that the running hardway-init cannot be written to from inside";
    };
  }
}
