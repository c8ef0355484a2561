package io.hardway.spi.plan;

import io.hardway.spi.BindMount;
import io.hardway.spi.Depth;
import io.hardway.spi.FdSlot;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.Stage;
import io.hardway.spi.Stdio;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.Waiting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A phase that gathers the steps of one plugin. */
final class DraftStage implements Stage {
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0100;
  private static final int O_EXCL = 0200;
  private static final int O_APPEND = 02000;
  private static final int O_PATH = 010000000;

  private final PlanAssembler assembler;
  private final Phase phase;
  private final String plugin;

  DraftStage(PlanAssembler assembler, Phase phase, String plugin) {
    this.assembler = assembler;
    this.phase = phase;
    this.plugin = plugin;
  }

  private StepOptions add(Operation operation, String label) {
    return assembler.add(phase, plugin, operation, label);
  }

  private static IntOperand n(long value) {
    return IntOperand.of(value);
  }

  private static List<Text> texts(List<String> values) {
    List<Text> texts = new ArrayList<>(values.size());
    for (String value : values) {
      texts.add(Text.of(value));
    }
    return texts;
  }

  private static IntOperand create(MountPointKind kind) {
    return n(
        kind == MountPointKind.EXISTING
            ? 0
            : kind == MountPointKind.DIRECTORY ? 1 : kind == MountPointKind.FILE ? 2 : 3);
  }

  private static IntOperand depth(Depth depth) {
    return n(depth == Depth.RECURSIVE ? 1 : 0);
  }

  private static IntOperand bindDepth(BindMount mount) {
    if (mount.isDetached()) {
      return n(3);
    }
    return n(mount.depth() == Depth.SINGLE ? 0 : mount.attributeDepth() == Depth.RECURSIVE ? 1 : 2);
  }

  @Override
  public StepOptions mkdir(Location at, int mode) {
    return add(
        new Operation.Mkdir(at.directory(), at.path(), n(mode), n(-1), n(-1)),
        "make directory " + at.path());
  }

  @Override
  public StepOptions mkdir(Location at, int mode, long uid, long gid) {
    return add(
        new Operation.Mkdir(at.directory(), at.path(), n(mode), n(uid), n(gid)),
        "make directory " + at.path());
  }

  @Override
  public StepOptions mkdirs(Location at, int mode) {
    return add(
        new Operation.Mkdirs(at.directory(), at.path(), n(mode)),
        "make directory " + at.path() + " and its parents");
  }

  @Override
  public StepOptions write(Location at, Text data) {
    return add(
        new Operation.Write(at.directory(), at.path(), n(O_WRONLY), n(0), data),
        "write " + at.path());
  }

  @Override
  public StepOptions write(Location at, int flags, int mode, Text data) {
    return add(
        new Operation.Write(at.directory(), at.path(), n(flags), n(mode), data),
        "write " + at.path());
  }

  @Override
  public StepOptions create(Location at, int mode, Text data) {
    return add(
        new Operation.Write(
            at.directory(), at.path(), n(O_WRONLY | O_CREAT | O_EXCL), n(mode), data),
        "make file " + at.path());
  }

  @Override
  public StepOptions append(Location at, int mode, Text data) {
    return add(
        new Operation.Write(
            at.directory(), at.path(), n(O_WRONLY | O_CREAT | O_APPEND), n(mode), data),
        "add to " + at.path());
  }

  @Override
  public StepOptions replace(Path path, int mode, Text data) {
    return add(new Operation.Replace(Text.of(path), n(mode), data), "write " + path);
  }

  @Override
  public StepOptions open(Location at, int flags, int mode, FdSlot out) {
    return add(
        new Operation.Open(at.directory(), at.path(), n(flags), n(mode), out), "open " + at.path());
  }

  @Override
  public StepOptions openPath(Location at, FdSlot out) {
    return add(
        new Operation.Open(at.directory(), at.path(), n(O_PATH), n(0), out), "open " + at.path());
  }

  @Override
  public StepOptions openForWriting(Location at, FdSlot out) {
    return add(
        new Operation.Open(at.directory(), at.path(), n(O_WRONLY), n(0), out),
        "open " + at.path() + " for writing");
  }

  @Override
  public StepOptions close(FdSlot descriptor) {
    return add(new Operation.Close(descriptor), "close " + descriptor.name());
  }

  @Override
  public StepOptions symlink(Location at, String target) {
    return add(
        new Operation.Symlink(at.directory(), Text.of(target), at.path()),
        "link " + at.path() + " to " + target);
  }

  @Override
  public StepOptions mknod(Location at, int mode, long major, long minor, long uid, long gid) {
    return add(
        new Operation.Mknod(at.directory(), at.path(), n(mode), n(major), n(minor), n(uid), n(gid)),
        "make node " + at.path());
  }

  @Override
  public StepOptions chown(Location at, long uid, long gid) {
    return add(
        new Operation.Chown(at.directory(), at.path(), n(uid), n(gid)),
        "give " + at.path() + " to " + uid + ":" + gid);
  }

  @Override
  public StepOptions chmod(Location at, int mode) {
    return add(
        new Operation.Chmod(at.directory(), at.path(), n(mode)), "change the mode of " + at.path());
  }

  @Override
  public StepOptions rename(Path from, Path to) {
    return add(new Operation.Rename(Text.of(from), Text.of(to)), "rename " + from + " to " + to);
  }

  @Override
  public StepOptions unlink(Location at) {
    return add(new Operation.Unlink(at.directory(), at.path()), "remove " + at.path());
  }

  @Override
  public StepOptions unlinkLink(Path path, String target) {
    return add(new Operation.UnlinkLink(Text.of(path), Text.of(target)), "remove the link " + path);
  }

  @Override
  public StepOptions rmdir(Location at) {
    return add(new Operation.Rmdir(at.directory(), at.path()), "remove directory " + at.path());
  }

  @Override
  public StepOptions removeTree(Path path) {
    return add(
        new Operation.RemoveTree(Text.of(path), Text.empty(), Text.empty()),
        "remove " + path + " and all in it");
  }

  @Override
  public StepOptions removeTree(Path path, String uidMap, String gidMap) {
    return add(
        new Operation.RemoveTree(Text.of(path), Text.of(uidMap), Text.of(gidMap)),
        "remove " + path + " and all in it, as its owner");
  }

  @Override
  public StepOptions lock(Path path, Waiting waiting, FdSlot out) {
    return add(
        new Operation.Lock(Text.of(path), n(waiting == Waiting.UNTIL_FREE ? 1 : 0), out),
        "lock " + path);
  }

  @Override
  public StepOptions read(Location at, TextSlot out) {
    return add(
        new Operation.Read(at.directory(), at.path(), Text.empty(), out), "read " + at.path());
  }

  @Override
  public StepOptions readKey(Location at, String key, TextSlot out) {
    return add(
        new Operation.Read(at.directory(), at.path(), Text.of(key), out),
        "read " + key + " in " + at.path());
  }

  @Override
  public StepOptions await(Location at, String key, String wanted, int timeoutMillis) {
    return add(
        new Operation.Await(
            at.directory(), at.path(), Text.of(key), Text.of(wanted), n(timeoutMillis)),
        "wait until " + at.path() + " says " + (key.isEmpty() ? "" : key + " ") + wanted);
  }

  @Override
  public StepOptions writeTo(FdSlot descriptor, Text data) {
    return add(new Operation.WriteFd(descriptor, data), "write to " + descriptor.name());
  }

  @Override
  public StepOptions clock(TextSlot out) {
    return add(new Operation.Clock(out), "take the time");
  }

  @Override
  public StepOptions mount(
      Text source, Location target, String type, long flags, String data, MountPointKind create) {
    return add(
        new Operation.Mount(
            target.directory(),
            source,
            target.path(),
            Text.of(type),
            n(flags),
            Text.of(data),
            create(create)),
        "mount " + type + " on " + target.path());
  }

  @Override
  public StepOptions bind(BindMount mount) {
    return add(
        new Operation.Bind(
            mount.target().directory(),
            mount.sourceDescriptor(),
            mount.source(),
            mount.target().path(),
            bindDepth(mount),
            n(mount.set()),
            n(mount.clear()),
            n(mount.propagation()),
            mount.userNamespace(),
            create(mount.create())),
        "bind " + mount.source() + " on " + mount.target().path());
  }

  @Override
  public StepOptions cloneMount(
      Text source,
      Depth depth,
      long set,
      long clear,
      long propagation,
      FdSlot userNamespace,
      FdSlot outMount) {
    return add(
        new Operation.CloneMount(
            source, depth(depth), n(set), n(clear), n(propagation), userNamespace, outMount),
        "make a mount of " + source);
  }

  @Override
  public StepOptions propagation(String path, long flags) {
    return add(
        new Operation.Propagation(Text.of(path), n(flags)), "set the propagation of " + path);
  }

  @Override
  public StepOptions mountAttributes(Location target, Depth depth, long set, long clear) {
    return add(
        new Operation.MountAttr(
            target.directory(), target.path(), depth(depth), n(set), n(clear), n(0)),
        "change the mount " + target.path());
  }

  @Override
  public StepOptions propagation(Location target, Depth depth, long flag) {
    return add(
        new Operation.MountAttr(
            target.directory(), target.path(), depth(depth), n(0), n(0), n(flag)),
        "set the propagation of " + target.path());
  }

  @Override
  public StepOptions umount(Path target, int flags) {
    return add(new Operation.Umount(Text.of(target), n(flags)), "unmount " + target);
  }

  @Override
  public StepOptions pivotRoot(Path path) {
    return add(new Operation.PivotRoot(Text.of(path)), "make " + path + " the root");
  }

  @Override
  public StepOptions chroot(FdSlot directory) {
    return add(new Operation.Chroot(directory), "change the root");
  }

  @Override
  public StepOptions mask(Location at) {
    return add(new Operation.Mask(at.directory(), at.path()), "hide " + at.path());
  }

  @Override
  public StepOptions readOnly(Location at) {
    return add(
        new Operation.ReadOnly(at.directory(), at.path()), "make " + at.path() + " read-only");
  }

  @Override
  public StepOptions device(Location at, Path hostPath) {
    return add(
        new Operation.Device(at.directory(), at.path(), Text.of(hostPath)),
        "bind device " + hostPath + " on " + at.path());
  }

  @Override
  public StepOptions copyUp(FdSlot from, Location to) {
    return add(
        new Operation.CopyUp(from, Text.of("."), to.directory(), to.path()),
        "copy what is below " + to.path() + " into it");
  }

  @Override
  public StepOptions spawn(long flags, FdSlot userNamespace, FdSlot pidNamespace, FdSlot cgroup) {
    return add(
        new Operation.Spawn(
            n(flags),
            userNamespace,
            pidNamespace,
            cgroup,
            assembler.pid(),
            assembler.pidfd(),
            assembler.startTime()),
        "make the container's process");
  }

  @Override
  public StepOptions join(FdSlot namespace, long type) {
    return add(new Operation.Join(namespace, n(type)), "enter " + namespace.name());
  }

  @Override
  public StepOptions unshare(long flags) {
    return add(new Operation.Unshare(n(flags)), "leave for new namespaces");
  }

  @Override
  public StepOptions run(HelperProgram program) {
    return add(
        new Operation.Run(
            program.argv(),
            program.environment(),
            program.stdin(),
            program.capture().map(Text::of).orElse(Text.empty()),
            Text.of(program.directory()),
            n(program.timeoutMillis()),
            program.program().map(Text::of).orElse(Text.empty()),
            program.status()),
        "run " + program.argv().get(0));
  }

  @Override
  public StepOptions gate(FdSlot listener) {
    return add(new Operation.Gate(listener), "wait for start");
  }

  @Override
  public StepOptions lookUp(String program, List<String> env, String searchPath) {
    return add(
        new Operation.LookUp(Text.of(program), texts(env), Text.of(searchPath)),
        "look for " + program);
  }

  @Override
  public StepOptions signal(Path identity, int signal) {
    return add(new Operation.Signal(Text.of(identity), n(signal)), "send signal " + signal);
  }

  @Override
  public StepOptions awaitExit(Path identity, long timeoutMillis) {
    return add(
        new Operation.AwaitExit(Text.of(identity), n(timeoutMillis)),
        "wait until the process is gone");
  }

  @Override
  public StepOptions openProcess(Path identity, FdSlot outPidfd, IntSlot outPid) {
    return add(
        new Operation.OpenProcess(Text.of(identity), outPidfd, outPid),
        "find the process of " + identity);
  }

  @Override
  public StepOptions killGroupV1(List<Path> directories) {
    return add(
        new Operation.KillGroup(paths(directories), n(1)), "kill all processes of the group");
  }

  @Override
  public StepOptions killGroupV2(Path directory) {
    return add(
        new Operation.KillGroup(List.of(Text.of(directory)), n(2)),
        "kill all processes of " + directory);
  }

  @Override
  public StepOptions removeGroup(Path directory, int timeoutMillis) {
    return add(
        new Operation.RemoveGroup(Text.of(directory), n(timeoutMillis)),
        "remove group " + directory);
  }

  @Override
  public StepOptions deviceProgram(Path directory, byte[] program) {
    return add(
        new Operation.DeviceProgram(Text.of(directory), Text.bytes(program)),
        "attach the program that decides about devices to " + directory);
  }

  @Override
  public StepOptions hostname(String name) {
    return add(new Operation.Hostname(Text.of(name)), "set the host name " + name);
  }

  @Override
  public StepOptions domainname(String name) {
    return add(new Operation.Domainname(Text.of(name)), "set the domain name " + name);
  }

  @Override
  public StepOptions rlimit(int resource, long soft, long hard) {
    return add(
        new Operation.Rlimit(n(resource), n(soft), n(hard)), "set resource limit " + resource);
  }

  @Override
  public StepOptions scheduler(
      long policy, long flags, int nice, int priority, long runtime, long deadline, long period) {
    return add(
        new Operation.Scheduler(
            n(policy), n(flags), n(nice), n(priority), n(runtime), n(deadline), n(period)),
        "set the scheduler " + policy);
  }

  @Override
  public StepOptions ioPriority(int value) {
    return add(new Operation.IoPriority(n(value)), "set the priority of input and output");
  }

  @Override
  public StepOptions affinity(byte[] processors) {
    return add(new Operation.Affinity(Text.bytes(processors)), "choose the processors");
  }

  @Override
  public StepOptions memoryPolicy(long mode, byte[] nodes) {
    return add(new Operation.MemoryPolicy(n(mode), Text.bytes(nodes)), "choose the memory nodes");
  }

  @Override
  public StepOptions personality(long domain) {
    return add(new Operation.Personality(n(domain)), "set the execution domain");
  }

  @Override
  public StepOptions umask(int mask) {
    return add(new Operation.Umask(n(mask)), "set the umask");
  }

  @Override
  public StepOptions chdir(Location at, boolean create) {
    return add(
        new Operation.Chdir(at.directory(), at.path(), n(create ? 1 : 0)),
        "enter directory " + at.path());
  }

  @Override
  public StepOptions resolveUser(
      FdSlot root,
      String user,
      List<String> groups,
      IntSlot uid,
      IntSlot gid,
      TextSlot outGroups,
      TextSlot home) {
    return add(
        new Operation.ResolveUser(root, Text.of(user), texts(groups), uid, gid, outGroups, home),
        "look up user " + user);
  }

  @Override
  public StepOptions credentials(IntOperand uid, IntOperand gid, Text groups) {
    return add(new Operation.Credentials(uid, gid, groups), "change user and groups");
  }

  @Override
  public StepOptions bounding(long mask) {
    return add(new Operation.Bounding(n(mask)), "drop bounding capabilities");
  }

  @Override
  public StepOptions capabilities(long effective, long permitted, long inheritable, long ambient) {
    return add(
        new Operation.Capabilities(n(effective), n(permitted), n(inheritable), n(ambient)),
        "set capabilities");
  }

  @Override
  public StepOptions noNewPrivileges() {
    return add(new Operation.NoNewPrivileges(), "allow no new privileges");
  }

  @Override
  public StepOptions seccomp(byte[] filter, long flags) {
    return seccomp(filter, flags, FdSlot.NONE, Text.empty());
  }

  @Override
  public StepOptions seccomp(byte[] filter, long flags, FdSlot agent, Text state) {
    return add(
        new Operation.Seccomp(Text.bytes(filter), n(flags), agent, state),
        "install the seccomp filter");
  }

  @Override
  public StepOptions connect(Path socket, FdSlot out) {
    return add(new Operation.Connect(Text.of(socket), out), "connect to " + socket);
  }

  @Override
  public StepOptions parentDeathSignal(int signal) {
    return add(new Operation.ParentDeathSignal(n(signal)), "die with the parent");
  }

  @Override
  public StepOptions stdio(FdSlot in, FdSlot out, FdSlot err) {
    return add(new Operation.Stdio(in, out, err), "set the standard streams");
  }

  @Override
  public StepOptions pty(Location ptmx, int rows, int columns, FdSlot outMaster, FdSlot outSlave) {
    return add(
        new Operation.Pty(ptmx.directory(), ptmx.path(), n(rows), n(columns), outMaster, outSlave),
        "open a pseudo-terminal");
  }

  @Override
  public StepOptions terminal(FdSlot slave, boolean console) {
    return add(new Operation.Terminal(slave, n(console ? 1 : 0)), "take the terminal");
  }

  @Override
  public StepOptions closeOthers(int keep) {
    return add(new Operation.CloseOthers(n(keep)), "close all other descriptors");
  }

  @Override
  public StepOptions sessionKeyring(String name) {
    return add(new Operation.SessionKeyring(Text.of(name)), "join a new session keyring");
  }

  @Override
  public StepOptions stdioOwner(Stdio streams, IntOperand uid, IntOperand gid) {
    return add(
        new Operation.StdioOwner(streams.in(), streams.out(), streams.err(), uid, gid),
        "give the standard streams to the user");
  }

  @Override
  public StepOptions resetSignals() {
    return add(new Operation.ResetSignals(), "reset signals");
  }

  @Override
  public StepOptions netlink(int protocol, Text message) {
    return add(new Operation.Netlink(n(protocol), message), "send a netlink request");
  }

  @Override
  public StepOptions netlinkLater(int protocol, Text message) {
    return add(
        new Operation.NetlinkLater(n(protocol), message),
        "send a netlink request that nobody waits for");
  }

  @Override
  public StepOptions netlinkElseRun(int protocol, Text message, HelperProgram program) {
    return add(
        new Operation.NetlinkElseRun(
            n(protocol),
            message,
            program.argv(),
            program.environment(),
            program.stdin(),
            n(program.timeoutMillis())),
        "run " + program.argv().get(0) + " where a netlink request is refused");
  }

  @Override
  public StepOptions socket(
      int family, int type, int protocol, Text address, int backlog, FdSlot out) {
    return add(
        new Operation.Socket(n(family), n(type), n(protocol), address, n(backlog), out),
        "make a socket");
  }

  @Override
  public StepOptions forward(List<Text> sockets) {
    return add(new Operation.Forward(sockets), "pass on what comes to sockets");
  }

  @Override
  public StepOptions resolve(
      IntOperand pid, List<Text> directories, List<Text> servers, FdSlot watched, Path identity) {
    return add(
        new Operation.Resolve(pid, directories, servers, watched, Text.of(identity)),
        "answer for names");
  }

  @Override
  public StepOptions forgetFlows(Text request, int protocol, List<Text> destinations) {
    return add(
        new Operation.ForgetFlows(request, n(protocol), destinations), "forget flows of packets");
  }

  @Override
  public StepOptions init() {
    return add(new Operation.Init(n(1)), "stay as pid 1 to reap");
  }

  @Override
  public StepOptions setsid() {
    return add(new Operation.Setsid(), "start a session");
  }

  @Override
  public StepOptions environment(String name, Text value, boolean override) {
    return add(new Operation.Environment(Text.of(name), value, n(override ? 1 : 0)), "set " + name);
  }

  @Override
  public StepOptions exec(List<String> argv, List<String> env, String searchPath) {
    return add(
        new Operation.Exec(texts(argv), texts(env), Text.of(searchPath)), "execute " + argv.get(0));
  }

  private static List<Text> paths(List<Path> values) {
    List<Text> texts = new ArrayList<>(values.size());
    for (Path value : values) {
      texts.add(Text.of(value));
    }
    return texts;
  }
}
