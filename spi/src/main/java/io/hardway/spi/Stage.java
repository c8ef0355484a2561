package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;

/**
 * One phase of a plan under construction; each method adds one step at its end. What each step does
 * exactly is defined in {@code docs/plan-format.md} under the same name.
 *
 * <p>Modes are permission bits of stat(2), flags are those of the system call that is named.
 *
 * @since 0.1
 */
public interface Stage {

  /** Makes one directory with exactly this mode; mkdir(2). */
  StepOptions mkdir(Location at, int mode);

  /** Makes one directory with exactly this mode and owner. */
  StepOptions mkdir(Location at, int mode, long uid, long gid);

  /** Makes the directory and its missing parents; one that exists is success. */
  StepOptions mkdirs(Location at, int mode);

  /** Writes to a file that exists, in one write(2). */
  StepOptions write(Location at, Text data);

  /** Writes text to a file that exists, in one write(2). */
  default StepOptions write(Location at, String data) {
    return write(at, Text.of(data));
  }

  /** Writes to a file opened with these open(2) flags, in one write(2). */
  StepOptions write(Location at, int flags, int mode, Text data);

  /** Makes a file that must not exist yet, with this content. */
  StepOptions create(Location at, int mode, Text data);

  /** Adds to the end of a file, made when missing. */
  StepOptions append(Location at, int mode, Text data);

  /**
   * Writes a file aside and renames it to this path, so that readers see the old or the new
   * content, never a part.
   */
  StepOptions replace(Path path, int mode, Text data);

  /** Opens with these open(2) flags. */
  StepOptions open(Location at, int flags, int mode, FdSlot out);

  /** Opens a file or directory as a place only; open(2), O_PATH. */
  StepOptions openPath(Location at, FdSlot out);

  /** Opens for writing. */
  StepOptions openForWriting(Location at, FdSlot out);

  /** Closes. */
  StepOptions close(FdSlot descriptor);

  /** Makes a symbolic link; symlink(2). */
  StepOptions symlink(Location at, String target);

  /** Makes a node with exactly this mode, in which the type is, and owner; mknod(2). */
  StepOptions mknod(Location at, int mode, long major, long minor, long uid, long gid);

  /** Changes the owner, not following a last link; −1 leaves; fchownat(2). */
  StepOptions chown(Location at, long uid, long gid);

  /** Changes the mode; fchmodat(2). */
  StepOptions chmod(Location at, int mode);

  /** Renames; rename(2). */
  StepOptions rename(Path from, Path to);

  /** Removes a file; unlink(2). */
  StepOptions unlink(Location at);

  /** Removes a symbolic link while it has this target; another one, or none, is success. */
  StepOptions unlinkLink(Path path, String target);

  /** Removes an empty directory; rmdir(2). */
  StepOptions rmdir(Location at);

  /** Removes a tree, crossing no mount and following no link; a missing one is success. */
  StepOptions removeTree(Path path);

  /**
   * Removes a tree whose files belong to the ids of a user namespace, from inside a fresh one with
   * these maps, each of lines {@code inside outside count}.
   */
  StepOptions removeTree(Path path, String uidMap, String gidMap);

  /** Takes the OFD lock of a file, made when missing. */
  StepOptions lock(Path path, Waiting waiting, FdSlot out);

  /** Reads a file's trimmed content. */
  StepOptions read(Location at, TextSlot out);

  /** Reads what follows the key on its line, as in {@code memory.events}. */
  StepOptions readKey(Location at, String key, TextSlot out);

  /**
   * Waits until the file's trimmed content (with a key that is not empty: what follows the key on
   * its line) is as wanted.
   */
  StepOptions await(Location at, String key, String wanted, int timeoutMillis);

  /** Writes to an open descriptor, in one write(2). */
  StepOptions writeTo(FdSlot descriptor, Text data);

  /** The time now, RFC 3339 in UTC. */
  StepOptions clock(TextSlot out);

  /** Mounts a new file system; mount(2), flags MS_*. */
  StepOptions mount(
      Text source, Location target, String type, long flags, String data, MountPointKind create);

  /** Binds a path of the host; open_tree(2), mount_setattr(2), move_mount(2). */
  StepOptions bind(BindMount mount);

  /**
   * Makes a mount of a path of the host that is nowhere yet: {@link BindMount} attaches it;
   * open_tree(2), mount_setattr(2).
   *
   * @param set mount attributes to set, MOUNT_ATTR_*
   * @param clear mount attributes to clear
   * @param propagation MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE; 0 leaves it
   * @param userNamespace whose ids its files have, or none; only root of the host may ask for that
   */
  StepOptions cloneMount(
      Text source,
      Depth depth,
      long set,
      long clear,
      long propagation,
      FdSlot userNamespace,
      FdSlot outMount);

  /**
   * Changes how mounts spread; mount(2) with MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE, and
   * MS_REC.
   */
  StepOptions propagation(String path, long flags);

  /**
   * Changes how the mounts of a place spread; mount_setattr(2).
   *
   * @param flag MS_PRIVATE, MS_SLAVE, MS_SHARED or MS_UNBINDABLE
   */
  StepOptions propagation(Location target, Depth depth, long flag);

  /** Changes mount attributes MOUNT_ATTR_*; mount_setattr(2). */
  StepOptions mountAttributes(Location target, Depth depth, long set, long clear);

  /** Unmounts; umount2(2). */
  StepOptions umount(Path target, int flags);

  /**
   * Makes the mount at the path the root of the mount namespace and detaches the old one;
   * pivot_root(2).
   */
  StepOptions pivotRoot(Path path);

  /**
   * Makes a directory the root of the process alone, also one of another mount namespace, or of a
   * mount that is nowhere; chroot(2).
   */
  StepOptions chroot(FdSlot directory);

  /** Hides a file or directory; a missing one is success. */
  StepOptions mask(Location at);

  /** Makes a path read-only; a missing one is success. */
  StepOptions readOnly(Location at);

  /** Binds a device node of the host on a file that is made when missing. */
  StepOptions device(Location at, Path hostPath);

  /**
   * Copies what is in a directory into another that is empty, with modes and owners, its own too. A
   * directory that was not opened, since it is not there, has nothing to copy.
   */
  StepOptions copyUp(FdSlot from, Location to);

  /**
   * Makes the container process; clone3(2).
   *
   * @param flags CLONE_NEW*
   * @param userNamespace an existing user namespace to enter first, or none
   * @param pidNamespace an existing pid namespace to enter first, or none
   * @param cgroup the cgroup v2 directory to be born in, or none
   */
  StepOptions spawn(long flags, FdSlot userNamespace, FdSlot pidNamespace, FdSlot cgroup);

  /** Enters a namespace, or with a pidfd several; setns(2), type a mask of CLONE_NEW*. */
  StepOptions join(FdSlot namespace, long type);

  /** Leaves namespaces for new ones; unshare(2). */
  StepOptions unshare(long flags);

  /** Runs a helper program. */
  StepOptions run(HelperProgram program);

  /**
   * Waits until somebody connects to this listening socket; a container that is not supervised is
   * let go here.
   */
  StepOptions gate(FdSlot listener);

  /**
   * Makes sure that {@link #exec} with this program, environment and search path would find one
   * that can be executed.
   */
  StepOptions lookUp(String program, List<String> env, String searchPath);

  /** Sends a signal to the process that an identity file names; ESRCH when it is gone. */
  StepOptions signal(Path identity, int signal);

  /** Waits until the process that an identity file names is gone; 0 is for ever. */
  StepOptions awaitExit(Path identity, long timeoutMillis);

  /** Opens the process that an identity file names; ESRCH when it is gone. */
  StepOptions openProcess(Path identity, FdSlot outPidfd, IntSlot outPid);

  /**
   * Kills all of a cgroup and of those below, frozen ones too; one directory for each v1 hierarchy.
   */
  StepOptions killGroupV1(List<Path> directories);

  /** Kills all of a cgroup and of those below, frozen ones too; {@code cgroup.kill}. */
  StepOptions killGroupV2(Path directory);

  /** Removes a cgroup and those below, waiting while it is busy; a missing one is success. */
  StepOptions removeGroup(Path directory, int timeoutMillis);

  /**
   * Attaches a program that decides which devices processes of a v2 cgroup may open and make,
   * {@code struct bpf_insn[]}, in the place of the one that was attached like this before; bpf(2),
   * {@code BPF_PROG_TYPE_CGROUP_DEVICE}.
   */
  StepOptions deviceProgram(Path directory, byte[] program);

  /** Sets the host name; sethostname(2). */
  StepOptions hostname(String name);

  /** Sets the NIS domain name; setdomainname(2). */
  StepOptions domainname(String name);

  /** Sets a resource limit, −1 is unlimited; setrlimit(2). */
  StepOptions rlimit(int resource, long soft, long hard);

  /**
   * Sets how the kernel chooses when the process runs; sched_setattr(2).
   *
   * @param policy SCHED_*
   * @param flags SCHED_FLAG_*
   * @param runtime nanoseconds, as the deadline and the period
   */
  StepOptions scheduler(
      long policy, long flags, int nice, int priority, long runtime, long deadline, long period);

  /** Sets whose input and output goes first, a class and a priority in it; ioprio_set(2). */
  StepOptions ioPriority(int value);

  /** Sets the processors the process runs on, a bit each; sched_setaffinity(2). */
  StepOptions affinity(byte[] processors);

  /**
   * Sets from which memory nodes the process gets memory; set_mempolicy(2).
   *
   * @param mode MPOL_* with MPOL_F_*
   * @param nodes a bit each
   */
  StepOptions memoryPolicy(long mode, byte[] nodes);

  /** Sets the execution domain; personality(2). */
  StepOptions personality(long domain);

  /** Sets the file mode creation mask; umask(2). */
  StepOptions umask(int mask);

  /** Enters a directory, made when missing and wanted; refuses one outside the root. */
  StepOptions chdir(Location at, boolean create);

  /** Looks a user and groups up in etc/passwd and etc/group inside the root. */
  StepOptions resolveUser(
      FdSlot root,
      String user,
      List<String> groups,
      IntSlot uid,
      IntSlot gid,
      TextSlot outGroups,
      TextSlot home);

  /** Changes the ids, keeping capabilities; {@code groups} is a list of numbers with commas. */
  StepOptions credentials(IntOperand uid, IntOperand gid, Text groups);

  /** Drops every bounding capability that is not in the mask. */
  StepOptions bounding(long mask);

  /** Sets the capability sets; capset(2). */
  StepOptions capabilities(long effective, long permitted, long inheritable, long ambient);

  /** No more privileges by execve; prctl(2), PR_SET_NO_NEW_PRIVS. */
  StepOptions noNewPrivileges();

  /** Installs a seccomp filter, an array of struct sock_filter; seccomp(2). */
  StepOptions seccomp(byte[] filter, long flags);

  /**
   * Installs a seccomp filter whose listener an agent gets, which decides about calls;
   * seccomp_unotify(2).
   *
   * @param agent a connection to it, closed afterwards
   * @param state what it is sent with the descriptor; config-linux.md, "The Container Process
   *     State"
   */
  StepOptions seccomp(byte[] filter, long flags, FdSlot agent, Text state);

  /** Connects to a unix socket of streams; unix(7). Of the parent. */
  StepOptions connect(Path socket, FdSlot out);

  /** Dies with its parent; prctl(2), PR_SET_PDEATHSIG. */
  StepOptions parentDeathSignal(int signal);

  /** Makes these the standard input, output and error. */
  StepOptions stdio(FdSlot in, FdSlot out, FdSlot err);

  /** Opens a pseudo-terminal in the container's devpts; pty(7). */
  StepOptions pty(Location ptmx, int rows, int columns, FdSlot outMaster, FdSlot outSlave);

  /**
   * Makes the terminal the controlling one and the standard streams, and binds it on dev/console
   * when wanted.
   */
  StepOptions terminal(FdSlot slave, boolean console);

  /** Closes, at exec, all but 0, 1, 2 and this many from 3 on. */
  StepOptions closeOthers(int keep);

  /** Joins a new session keyring; keyctl(2). */
  StepOptions sessionKeyring(String name);

  /**
   * Makes the standard streams a user's, so that a program of his can open {@code /dev/stdout}:
   * pipes, sockets, terminals and regular files, where that can be. Devices stay whose they are.
   *
   * @param streams without descriptors, those of the process that performs the step
   * @param gid their group, or -1 for the one they have
   */
  StepOptions stdioOwner(Stdio streams, IntOperand uid, IntOperand gid);

  /** Empties the signal mask and restores default dispositions. */
  StepOptions resetSignals();

  /** Sends a netlink request and waits for its answer; netlink(7). */
  StepOptions netlink(int protocol, Text message);

  /**
   * Sends a netlink request through a process of its own, without waiting for it: a refusal is not
   * seen. For the undo of what the kernel takes long for.
   */
  StepOptions netlinkLater(int protocol, Text message);

  /**
   * Asks the kernel by a netlink request whether something is there, and runs a program that makes
   * it where the request is refused. Of the program its arguments, environment, standard input and
   * time limit count; a status other than 0 fails the step.
   */
  StepOptions netlinkElseRun(int protocol, Text message, HelperProgram program);

  /**
   * Makes a socket with an address of the host, which holds it as long as it is open; socket(2),
   * bind(2). One of IPv6 is for IPv6 alone.
   *
   * @param address a struct sockaddr
   * @param backlog 0 or more: it listens, also where old connections to the address time out; -1:
   *     it does not
   */
  StepOptions socket(int family, int type, int protocol, Text address, int backlog, FdSlot out);

  /**
   * Passes on what comes to sockets of IPv6, by a process without privileges that ends with the
   * container's parent.
   *
   * @param sockets for each {@code DESCRIPTOR ADDRESS PORT}: the number of its descriptor, and
   *     where it goes
   */
  StepOptions forward(List<Text> sockets);

  /**
   * Answers the container's questions for names, at 127.0.0.11 port 53 of its network namespace, by
   * a process without privileges; RFC 1035.
   *
   * @param pid of the container's process
   * @param directories hold links, each with an address as its name and, as its target, words of
   *     which the first three are passed over and the others are names that have the address
   * @param servers addresses of name servers, reached from the host, that are asked for all else;
   *     none: there is nothing else
   * @param watched a pidfd of the process that it ends with; {@link FdSlot#NONE}: the parent
   * @param identity the file that is to say which process answers; it may replace another
   */
  StepOptions resolve(
      IntOperand pid, List<Text> directories, List<Text> servers, FdSlot watched, Path identity);

  /**
   * Removes flows of packets that the kernel tracks, which would go on to lead where they once led;
   * by a process of its own, without waiting for it.
   *
   * @param request asks the kernel to list them, over NETLINK_NETFILTER
   * @param protocol of those that are listed, the ones of this IP protocol are removed
   * @param destinations where their first packet went, each {@code ADDRESS PORT}; an address of
   *     zeros: any address of the host
   */
  StepOptions forgetFlows(Text request, int protocol, List<Text> destinations);

  /** Stays as pid 1 to reap and to forward signals; what follows is done by its child. */
  StepOptions init();

  /** Makes a new session; setsid(2). */
  StepOptions setsid();

  /** Adds to the environment of the program. */
  StepOptions environment(String name, Text value, boolean override);

  /** Executes the program; execve(2). The search path applies to a program without a slash. */
  StepOptions exec(List<String> argv, List<String> env, String searchPath);
}
