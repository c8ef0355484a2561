package io.hardway.spi.plan;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import java.util.List;

/**
 * What a step does: the closed set of things {@code hardway-init} can perform. Their meaning is
 * defined in {@code docs/plan-format.md}; a test compares this set with the native program's.
 *
 * <p>Records are values for the planner, the encoder and the explainer; plugins make them through
 * {@link io.hardway.spi.Stage} only.
 */
public sealed interface Operation {

  /** Its number in the binary format. */
  int number();

  /** Its name in the format's documentation. */
  String keyword();

  /** The letters of its operands: i, t, l, f, o or b. */
  String signature();

  /** Writes its operands in order. */
  void operands(OperandSink sink);

  /**
   * Makes one directory with exactly that mode (umask does not count); uid or gid −1: unchanged.
   */
  record Mkdir(FdSlot dir, Text path, IntOperand mode, IntOperand uid, IntOperand gid)
      implements Operation {
    @Override
    public int number() {
      return 1;
    }

    @Override
    public String keyword() {
      return "mkdir";
    }

    @Override
    public String signature() {
      return "ftiii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(mode);
      sink.number(uid);
      sink.number(gid);
    }
  }

  /**
   * Makes the directory and its missing parents; existing is success; with a {@code dir}, each
   * component is resolved inside it.
   */
  record Mkdirs(FdSlot dir, Text path, IntOperand mode) implements Operation {
    @Override
    public int number() {
      return 2;
    }

    @Override
    public String keyword() {
      return "mkdirs";
    }

    @Override
    public String signature() {
      return "fti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(mode);
    }
  }

  /**
   * Opens with these open(2) flags (O_CLOEXEC and O_NOCTTY added; O_NOFOLLOW where O_CREAT), writes
   * the data in one write(2), closes.
   */
  record Write(FdSlot dir, Text path, IntOperand flags, IntOperand mode, Text data)
      implements Operation {
    @Override
    public int number() {
      return 3;
    }

    @Override
    public String keyword() {
      return "write";
    }

    @Override
    public String signature() {
      return "ftiib";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(flags);
      sink.number(mode);
      sink.bytes(data);
    }
  }

  /** Writes {@code path.new}, renames it to {@code path}. */
  record Replace(Text path, IntOperand mode, Text data) implements Operation {
    @Override
    public int number() {
      return 4;
    }

    @Override
    public String keyword() {
      return "replace";
    }

    @Override
    public String signature() {
      return "tib";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.number(mode);
      sink.bytes(data);
    }
  }

  /** Opens. */
  record Open(FdSlot dir, Text path, IntOperand flags, IntOperand mode, FdSlot fd)
      implements Operation {
    @Override
    public int number() {
      return 5;
    }

    @Override
    public String keyword() {
      return "open";
    }

    @Override
    public String signature() {
      return "ftiio";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(flags);
      sink.number(mode);
      sink.output(fd);
    }
  }

  /** Closes. */
  record Close(FdSlot fd) implements Operation {
    @Override
    public int number() {
      return 6;
    }

    @Override
    public String keyword() {
      return "close";
    }

    @Override
    public String signature() {
      return "f";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(fd);
    }
  }

  /** Makes a symbolic link. */
  record Symlink(FdSlot dir, Text target, Text path) implements Operation {
    @Override
    public int number() {
      return 7;
    }

    @Override
    public String keyword() {
      return "symlink";
    }

    @Override
    public String signature() {
      return "ftt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(target);
      sink.text(path);
    }
  }

  /** Makes a node with exactly that mode (type in it) and owner. */
  record Mknod(
      FdSlot dir,
      Text path,
      IntOperand mode,
      IntOperand major,
      IntOperand minor,
      IntOperand uid,
      IntOperand gid)
      implements Operation {
    @Override
    public int number() {
      return 8;
    }

    @Override
    public String keyword() {
      return "mknod";
    }

    @Override
    public String signature() {
      return "ftiiiii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(mode);
      sink.number(major);
      sink.number(minor);
      sink.number(uid);
      sink.number(gid);
    }
  }

  /** Does not follow a last symlink. */
  record Chown(FdSlot dir, Text path, IntOperand uid, IntOperand gid) implements Operation {
    @Override
    public int number() {
      return 9;
    }

    @Override
    public String keyword() {
      return "chown";
    }

    @Override
    public String signature() {
      return "ftii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(uid);
      sink.number(gid);
    }
  }

  /** Chmod. */
  record Chmod(FdSlot dir, Text path, IntOperand mode) implements Operation {
    @Override
    public int number() {
      return 10;
    }

    @Override
    public String keyword() {
      return "chmod";
    }

    @Override
    public String signature() {
      return "fti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(mode);
    }
  }

  /** Rename. */
  record Rename(Text from, Text to) implements Operation {
    @Override
    public int number() {
      return 11;
    }

    @Override
    public String keyword() {
      return "rename";
    }

    @Override
    public String signature() {
      return "tt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(from);
      sink.text(to);
    }
  }

  /** Removes a symbolic link while it has this target. */
  record UnlinkLink(Text path, Text target) implements Operation {
    @Override
    public int number() {
      return 43;
    }

    @Override
    public String keyword() {
      return "unlink-link";
    }

    @Override
    public String signature() {
      return "tt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.text(target);
    }
  }

  /** Unlink. */
  record Unlink(FdSlot dir, Text path) implements Operation {
    @Override
    public int number() {
      return 12;
    }

    @Override
    public String keyword() {
      return "unlink";
    }

    @Override
    public String signature() {
      return "ft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
    }
  }

  /** Rmdir. */
  record Rmdir(FdSlot dir, Text path) implements Operation {
    @Override
    public int number() {
      return 13;
    }

    @Override
    public String keyword() {
      return "rmdir";
    }

    @Override
    public String signature() {
      return "ft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
    }
  }

  /**
   * Removes a tree, never crossing a mount, never following a link; with maps (text for uid_map,
   * lines {@code inside outside count}), in a child inside a fresh user namespace with these maps
   * (written by newuidmap/newgidmap where this process may not); missing is success.
   */
  record RemoveTree(Text path, Text uidMap, Text gidMap) implements Operation {
    @Override
    public int number() {
      return 14;
    }

    @Override
    public String keyword() {
      return "remove-tree";
    }

    @Override
    public String signature() {
      return "ttt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.text(uidMap);
      sink.text(gidMap);
    }
  }

  /**
   * OFD write lock on the file (made 0600 if missing); checks after locking that the inode is still
   * at that path; wait 0: EAGAIN when held.
   */
  record Lock(Text path, IntOperand waiting, FdSlot fd) implements Operation {
    @Override
    public int number() {
      return 15;
    }

    @Override
    public String keyword() {
      return "lock";
    }

    @Override
    public String signature() {
      return "tio";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.number(waiting);
      sink.output(fd);
    }
  }

  /** The trimmed content; with a key, what follows {@code key } on its line. */
  record Read(FdSlot dir, Text path, Text key, TextSlot text) implements Operation {
    @Override
    public int number() {
      return 16;
    }

    @Override
    public String keyword() {
      return "read";
    }

    @Override
    public String signature() {
      return "ftto";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.text(key);
      sink.output(text);
    }
  }

  /** Until {@code read} gives the wanted text; ETIMEDOUT. */
  record Await(FdSlot dir, Text path, Text key, Text wanted, IntOperand timeout)
      implements Operation {
    @Override
    public int number() {
      return 17;
    }

    @Override
    public String keyword() {
      return "await";
    }

    @Override
    public String signature() {
      return "fttti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.text(key);
      sink.text(wanted);
      sink.number(timeout);
    }
  }

  /** One write(2) to an open descriptor (a v1 {@code tasks} file: {@code 0}). */
  record WriteFd(FdSlot fd, Text data) implements Operation {
    @Override
    public int number() {
      return 18;
    }

    @Override
    public String keyword() {
      return "write-fd";
    }

    @Override
    public String signature() {
      return "fb";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(fd);
      sink.bytes(data);
    }
  }

  /** Now, RFC 3339 UTC with nanoseconds. */
  record Clock(TextSlot text) implements Operation {
    @Override
    public int number() {
      return 19;
    }

    @Override
    public String keyword() {
      return "clock";
    }

    @Override
    public String signature() {
      return "o";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.output(text);
    }
  }

  /**
   * Mount(2) of a new file system on the resolved target; flags are MS_*; create 0 no, 1 directory,
   * 2 file: makes the missing mount point.
   */
  record Mount(
      FdSlot dir,
      Text source,
      Text target,
      Text type,
      IntOperand flags,
      Text data,
      IntOperand create)
      implements Operation {
    @Override
    public int number() {
      return 20;
    }

    @Override
    public String keyword() {
      return "mount";
    }

    @Override
    public String signature() {
      return "ftttiti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(source);
      sink.text(target);
      sink.text(type);
      sink.number(flags);
      sink.text(data);
      sink.number(create);
    }
  }

  /**
   * Open_tree(CLONE) of the source (the descriptor when given, else the host path),
   * mount_setattr(set, clear MOUNT_ATTR_*, idmapped to userns, propagation MS_* or 0), move_mount
   * to the resolved target; create as above, 3: like the source.
   */
  record Bind(
      FdSlot dir,
      FdSlot source,
      Text sourcePath,
      Text target,
      IntOperand recursive,
      IntOperand set,
      IntOperand clear,
      IntOperand propagation,
      FdSlot userns,
      IntOperand create)
      implements Operation {
    @Override
    public int number() {
      return 21;
    }

    @Override
    public String keyword() {
      return "bind";
    }

    @Override
    public String signature() {
      return "ffttiiiifi";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.descriptor(source);
      sink.text(sourcePath);
      sink.text(target);
      sink.number(recursive);
      sink.number(set);
      sink.number(clear);
      sink.number(propagation);
      sink.descriptor(userns);
      sink.number(create);
    }
  }

  /**
   * Open_tree(CLONE) of the source, mount_setattr(set, clear MOUNT_ATTR_*, idmapped to userns,
   * propagation MS_* or 0): a mount that is nowhere until a bind attaches it.
   */
  record CloneMount(
      Text source,
      IntOperand recursive,
      IntOperand set,
      IntOperand clear,
      IntOperand propagation,
      FdSlot userns,
      FdSlot mount)
      implements Operation {
    @Override
    public int number() {
      return 42;
    }

    @Override
    public String keyword() {
      return "clone-mount";
    }

    @Override
    public String signature() {
      return "tiiiifo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(source);
      sink.number(recursive);
      sink.number(set);
      sink.number(clear);
      sink.number(propagation);
      sink.descriptor(userns);
      sink.output(mount);
    }
  }

  /** Mount(2) with MS_PRIVATE, … and MS_REC. */
  record Propagation(Text path, IntOperand flags) implements Operation {
    @Override
    public int number() {
      return 22;
    }

    @Override
    public String keyword() {
      return "propagation";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.number(flags);
    }
  }

  /** Mount_setattr. */
  record MountAttr(
      FdSlot dir,
      Text target,
      IntOperand recursive,
      IntOperand set,
      IntOperand clear,
      IntOperand propagation)
      implements Operation {
    @Override
    public int number() {
      return 23;
    }

    @Override
    public String keyword() {
      return "mount-attr";
    }

    @Override
    public String signature() {
      return "ftiiii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(target);
      sink.number(recursive);
      sink.number(set);
      sink.number(clear);
      sink.number(propagation);
    }
  }

  /** Umount2. */
  record Umount(Text path, IntOperand flags) implements Operation {
    @Override
    public int number() {
      return 24;
    }

    @Override
    public String keyword() {
      return "umount";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.number(flags);
    }
  }

  /** Pivot_root to the mount at {@code path}, detaches the old root, cwd is {@code /}. */
  record PivotRoot(Text path) implements Operation {
    @Override
    public int number() {
      return 25;
    }

    @Override
    public String keyword() {
      return "pivot-root";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
    }
  }

  /** The directory becomes the root, in which ever mount namespace that is. */
  record Chroot(FdSlot dir) implements Operation {
    @Override
    public int number() {
      return 68;
    }

    @Override
    public String keyword() {
      return "chroot";
    }

    @Override
    public String signature() {
      return "f";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
    }
  }

  /**
   * Hides a file under a read-only /dev/null, a directory under an empty read-only tmpfs; missing
   * is success.
   */
  record Mask(FdSlot dir, Text path) implements Operation {
    @Override
    public int number() {
      return 26;
    }

    @Override
    public String keyword() {
      return "mask";
    }

    @Override
    public String signature() {
      return "ft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
    }
  }

  /** Binds the path on itself, recursively read-only; missing is success. */
  record ReadOnly(FdSlot dir, Text path) implements Operation {
    @Override
    public int number() {
      return 27;
    }

    @Override
    public String keyword() {
      return "read-only";
    }

    @Override
    public String signature() {
      return "ft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
    }
  }

  /** Makes the file and binds the host's device node on it (where mknod is not allowed). */
  record Device(FdSlot dir, Text path, Text hostPath) implements Operation {
    @Override
    public int number() {
      return 28;
    }

    @Override
    public String keyword() {
      return "device";
    }

    @Override
    public String signature() {
      return "ftt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.text(hostPath);
    }
  }

  /**
   * Copies what is in the directory {@code from} (in source) into the mounted directory {@code
   * path} (in dir) where that is empty, with modes and owners, its own too.
   */
  record CopyUp(FdSlot source, Text from, FdSlot dir, Text path) implements Operation {
    @Override
    public int number() {
      return 29;
    }

    @Override
    public String keyword() {
      return "copy-up";
    }

    @Override
    public String signature() {
      return "ftft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(source);
      sink.text(from);
      sink.descriptor(dir);
      sink.text(path);
    }
  }

  /**
   * Makes the container process with clone3 and these CLONE_NEW* flags, into the cgroup when given
   * (CLONE_INTO_CGROUP); with userns or pidns, through a joiner that enters them and clones with
   * CLONE_PARENT. The container process waits for the baton. The start time is field 22 of
   * /proc/PID/stat.
   */
  record Spawn(
      IntOperand flags,
      FdSlot userns,
      FdSlot pidns,
      FdSlot cgroup,
      IntSlot pid,
      FdSlot pidfd,
      TextSlot startTime)
      implements Operation {
    @Override
    public int number() {
      return 30;
    }

    @Override
    public String keyword() {
      return "spawn";
    }

    @Override
    public String signature() {
      return "ifffooo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(flags);
      sink.descriptor(userns);
      sink.descriptor(pidns);
      sink.descriptor(cgroup);
      sink.output(pid);
      sink.output(pidfd);
      sink.output(startTime);
    }
  }

  /** Setns(2), type a mask of CLONE_NEW* (a pidfd takes several). */
  record Join(FdSlot namespace, IntOperand type) implements Operation {
    @Override
    public int number() {
      return 31;
    }

    @Override
    public String keyword() {
      return "join";
    }

    @Override
    public String signature() {
      return "fi";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(namespace);
      sink.number(type);
    }
  }

  /** Unshare(2). */
  record Unshare(IntOperand flags) implements Operation {
    @Override
    public int number() {
      return 32;
    }

    @Override
    public String keyword() {
      return "unshare";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(flags);
    }
  }

  /** Passes the baton. */
  record Handoff(IntOperand actor) implements Operation {
    @Override
    public int number() {
      return 33;
    }

    @Override
    public String keyword() {
      return "handoff";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(actor);
    }
  }

  /**
   * Runs a helper program; its stdout goes to the capture file or /dev/null; status is the exit
   * code or 128+signal; a non-zero status fails the step unless the output slot is used.
   */
  record Run(
      List<Text> argv,
      List<Text> env,
      Text stdin,
      Text capture,
      Text cwd,
      IntOperand timeout,
      Text program,
      IntSlot status)
      implements Operation {
    public Run {
      argv = List.copyOf(argv);
      env = List.copyOf(env);
    }

    @Override
    public int number() {
      return 34;
    }

    @Override
    public String keyword() {
      return "run";
    }

    @Override
    public String signature() {
      return "llbttito";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.list(argv);
      sink.list(env);
      sink.bytes(stdin);
      sink.text(capture);
      sink.text(cwd);
      sink.number(timeout);
      sink.text(program);
      sink.output(status);
    }
  }

  /**
   * Waits until somebody connects to the socket; the parent lets go of the container here when it
   * is unsupervised.
   */
  record Gate(FdSlot listener) implements Operation {
    @Override
    public int number() {
      return 35;
    }

    @Override
    public String keyword() {
      return "gate";
    }

    @Override
    public String signature() {
      return "f";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(listener);
    }
  }

  /**
   * Sends a signal through a pidfd to the process that the identity file names; gone, or another
   * process by now: ESRCH.
   */
  record Signal(Text identity, IntOperand signal) implements Operation {
    @Override
    public int number() {
      return 36;
    }

    @Override
    public String keyword() {
      return "signal";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(identity);
      sink.number(signal);
    }
  }

  /** Until that process is gone (0: forever); ETIMEDOUT. */
  record AwaitExit(Text identity, IntOperand timeout) implements Operation {
    @Override
    public int number() {
      return 37;
    }

    @Override
    public String keyword() {
      return "await-exit";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(identity);
      sink.number(timeout);
    }
  }

  /**
   * Kills every process of the cgroup and of those below, again until it is empty (at most 10 s);
   * thaws what is frozen. version 1: the directory of each hierarchy; 2: cgroup.kill.
   */
  record KillGroup(List<Text> directories, IntOperand version) implements Operation {
    public KillGroup {
      directories = List.copyOf(directories);
    }

    @Override
    public int number() {
      return 38;
    }

    @Override
    public String keyword() {
      return "kill-group";
    }

    @Override
    public String signature() {
      return "li";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.list(directories);
      sink.number(version);
    }
  }

  /**
   * Removes a cgroup and those below, waiting for the kernel while it is busy; missing is success.
   */
  record RemoveGroup(Text directory, IntOperand timeout) implements Operation {
    @Override
    public int number() {
      return 39;
    }

    @Override
    public String keyword() {
      return "remove-group";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(directory);
      sink.number(timeout);
    }
  }

  /**
   * Loads an eBPF program (struct bpf_insn[], BPF_PROG_TYPE_CGROUP_DEVICE) and attaches it to a
   * cgroup of version 2, in the place of the one that this step attached before.
   */
  record DeviceProgram(Text directory, Text program) implements Operation {
    @Override
    public int number() {
      return 44;
    }

    @Override
    public String keyword() {
      return "device-program";
    }

    @Override
    public String signature() {
      return "tb";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(directory);
      sink.bytes(program);
    }
  }

  /** Pidfd of the process the identity file names; ESRCH when gone. */
  record OpenProcess(Text identity, FdSlot pidfd, IntSlot pid) implements Operation {
    @Override
    public int number() {
      return 40;
    }

    @Override
    public String keyword() {
      return "open-process";
    }

    @Override
    public String signature() {
      return "too";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(identity);
      sink.output(pidfd);
      sink.output(pid);
    }
  }

  /**
   * For each file in the owners directory that nobody has locked: locks it, rechecks its inode,
   * performs {@code containers/ID/PLAN} in a process of its own if there is one, removes {@code
   * containers/ID} and then the owner file. One that fails is reported on stderr, and the others go
   * on.
   */
  record Reconcile(Text ownersDirectory, Text containersDirectory, Text planName)
      implements Operation {
    @Override
    public int number() {
      return 41;
    }

    @Override
    public String keyword() {
      return "reconcile";
    }

    @Override
    public String signature() {
      return "ttt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(ownersDirectory);
      sink.text(containersDirectory);
      sink.text(planName);
    }
  }

  /** Sethostname. */
  record Hostname(Text name) implements Operation {
    @Override
    public int number() {
      return 45;
    }

    @Override
    public String keyword() {
      return "hostname";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(name);
    }
  }

  /** Setdomainname. */
  record Domainname(Text name) implements Operation {
    @Override
    public int number() {
      return 46;
    }

    @Override
    public String keyword() {
      return "domainname";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(name);
    }
  }

  /** Setrlimit; −1 is RLIM_INFINITY. */
  record Rlimit(IntOperand resource, IntOperand soft, IntOperand hard) implements Operation {
    @Override
    public int number() {
      return 47;
    }

    @Override
    public String keyword() {
      return "rlimit";
    }

    @Override
    public String signature() {
      return "iii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(resource);
      sink.number(soft);
      sink.number(hard);
    }
  }

  /** How the kernel chooses when the process runs; sched_setattr(2). */
  record Scheduler(
      IntOperand policy,
      IntOperand flags,
      IntOperand nice,
      IntOperand priority,
      IntOperand runtime,
      IntOperand deadline,
      IntOperand period)
      implements Operation {
    @Override
    public int number() {
      return 96;
    }

    @Override
    public String keyword() {
      return "scheduler";
    }

    @Override
    public String signature() {
      return "iiiiiii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(policy);
      sink.number(flags);
      sink.number(nice);
      sink.number(priority);
      sink.number(runtime);
      sink.number(deadline);
      sink.number(period);
    }
  }

  /** Whose input and output goes first, a class and a priority in it; ioprio_set(2). */
  record IoPriority(IntOperand priority) implements Operation {
    @Override
    public int number() {
      return 97;
    }

    @Override
    public String keyword() {
      return "io-priority";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(priority);
    }
  }

  /** The processors the process runs on, a bit each; sched_setaffinity(2). */
  record Affinity(Text processors) implements Operation {
    @Override
    public int number() {
      return 98;
    }

    @Override
    public String keyword() {
      return "affinity";
    }

    @Override
    public String signature() {
      return "b";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.bytes(processors);
    }
  }

  /** From which memory nodes the process gets memory, a bit each; set_mempolicy(2). */
  record MemoryPolicy(IntOperand mode, Text nodes) implements Operation {
    @Override
    public int number() {
      return 99;
    }

    @Override
    public String keyword() {
      return "memory-policy";
    }

    @Override
    public String signature() {
      return "ib";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(mode);
      sink.bytes(nodes);
    }
  }

  /** The execution domain; personality(2). */
  record Personality(IntOperand domain) implements Operation {
    @Override
    public int number() {
      return 100;
    }

    @Override
    public String keyword() {
      return "personality";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(domain);
    }
  }

  /** Umask. */
  record Umask(IntOperand mask) implements Operation {
    @Override
    public int number() {
      return 48;
    }

    @Override
    public String keyword() {
      return "umask";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(mask);
    }
  }

  /** Enters a directory inside dir (or the process's root); refuses one outside the root. */
  record Chdir(FdSlot dir, Text path, IntOperand create) implements Operation {
    @Override
    public int number() {
      return 49;
    }

    @Override
    public String keyword() {
      return "chdir";
    }

    @Override
    public String signature() {
      return "fti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(path);
      sink.number(create);
    }
  }

  /**
   * Docker's {@code USER[:GROUP]} by name or number against etc/passwd and etc/group in dir; groups
   * are names or numbers to add; output groups is {@code 1,2,3}; a number needs no entry; an
   * unknown name is an error that names it.
   */
  record ResolveUser(
      FdSlot dir,
      Text user,
      List<Text> groups,
      IntSlot uid,
      IntSlot gid,
      TextSlot outGroups,
      TextSlot home)
      implements Operation {
    public ResolveUser {
      groups = List.copyOf(groups);
    }

    @Override
    public int number() {
      return 50;
    }

    @Override
    public String keyword() {
      return "resolve-user";
    }

    @Override
    public String signature() {
      return "ftloooo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(user);
      sink.list(groups);
      sink.output(uid);
      sink.output(gid);
      sink.output(outGroups);
      sink.output(home);
    }
  }

  /** Setgroups (text {@code -}: leave), setresgid, setresuid, keeping capabilities for step 53. */
  record Credentials(IntOperand uid, IntOperand gid, Text groups) implements Operation {
    @Override
    public int number() {
      return 51;
    }

    @Override
    public String keyword() {
      return "credentials";
    }

    @Override
    public String signature() {
      return "iit";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(uid);
      sink.number(gid);
      sink.text(groups);
    }
  }

  /** Drops every bounding capability not in the mask. */
  record Bounding(IntOperand mask) implements Operation {
    @Override
    public int number() {
      return 52;
    }

    @Override
    public String keyword() {
      return "bounding";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(mask);
    }
  }

  /**
   * Capset and ambient set; a capability that cannot be had is left out where it is outside the
   * bounding or permitted set and the attribute is best effort.
   */
  record Capabilities(
      IntOperand effective, IntOperand permitted, IntOperand inheritable, IntOperand ambient)
      implements Operation {
    @Override
    public int number() {
      return 53;
    }

    @Override
    public String keyword() {
      return "capabilities";
    }

    @Override
    public String signature() {
      return "iiii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(effective);
      sink.number(permitted);
      sink.number(inheritable);
      sink.number(ambient);
    }
  }

  /** No-new-privileges. */
  record NoNewPrivileges() implements Operation {
    @Override
    public int number() {
      return 54;
    }

    @Override
    public String keyword() {
      return "no-new-privileges";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /**
   * Installs a BPF filter (struct sock_filter[]); sends the data over the agent's socket, and the
   * filter's listener with it, where there is one.
   */
  record Seccomp(Text filter, IntOperand flags, FdSlot agent, Text data) implements Operation {
    @Override
    public int number() {
      return 55;
    }

    @Override
    public String keyword() {
      return "seccomp";
    }

    @Override
    public String signature() {
      return "bifb";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.bytes(filter);
      sink.number(flags);
      sink.descriptor(agent);
      sink.bytes(data);
    }
  }

  /** PDEATHSIG, then checks that the parent is still alive. */
  record ParentDeathSignal(IntOperand signal) implements Operation {
    @Override
    public int number() {
      return 56;
    }

    @Override
    public String keyword() {
      return "parent-death-signal";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(signal);
    }
  }

  /** Dup2 to 0, 1, 2. */
  record Stdio(FdSlot in, FdSlot out, FdSlot err) implements Operation {
    @Override
    public int number() {
      return 57;
    }

    @Override
    public String keyword() {
      return "stdio";
    }

    @Override
    public String signature() {
      return "fff";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(in);
      sink.descriptor(out);
      sink.descriptor(err);
    }
  }

  /** Opens a pty pair in the container's devpts. */
  record Pty(
      FdSlot dir, Text ptmxPath, IntOperand rows, IntOperand columns, FdSlot master, FdSlot slave)
      implements Operation {
    @Override
    public int number() {
      return 58;
    }

    @Override
    public String keyword() {
      return "pty";
    }

    @Override
    public String signature() {
      return "ftiioo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(dir);
      sink.text(ptmxPath);
      sink.number(rows);
      sink.number(columns);
      sink.output(master);
      sink.output(slave);
    }
  }

  /**
   * Setsid, controlling terminal, dup2 to 0, 1, 2; console 1: binds it on dev/console (before the
   * root is changed).
   */
  record Terminal(FdSlot slave, IntOperand console) implements Operation {
    @Override
    public int number() {
      return 59;
    }

    @Override
    public String keyword() {
      return "terminal";
    }

    @Override
    public String signature() {
      return "fi";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(slave);
      sink.number(console);
    }
  }

  /** Closes, at exec, all but 0, 1, 2 and {@code keep} descriptors from 3 on. */
  record CloseOthers(IntOperand keep) implements Operation {
    @Override
    public int number() {
      return 60;
    }

    @Override
    public String keyword() {
      return "close-others";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(keep);
    }
  }

  /** Joins a new session keyring. */
  record SessionKeyring(Text name) implements Operation {
    @Override
    public int number() {
      return 61;
    }

    @Override
    public String keyword() {
      return "session-keyring";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(name);
    }
  }

  /**
   * Gives standard streams to a user, so that he can open them once more; without slots 0, 1, 2.
   */
  record StdioOwner(FdSlot in, FdSlot out, FdSlot err, IntOperand uid, IntOperand gid)
      implements Operation {
    @Override
    public int number() {
      return 69;
    }

    @Override
    public String keyword() {
      return "stdio-owner";
    }

    @Override
    public String signature() {
      return "fffii";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(in);
      sink.descriptor(out);
      sink.descriptor(err);
      sink.number(uid);
      sink.number(gid);
    }
  }

  /** Empty mask, default dispositions. */
  record ResetSignals() implements Operation {
    @Override
    public int number() {
      return 62;
    }

    @Override
    public String keyword() {
      return "reset-signals";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /** Sends one netlink request with NLM_F_ACK and waits for the answer; its errno is the step's. */
  record Netlink(IntOperand protocol, Text message) implements Operation {
    @Override
    public int number() {
      return 63;
    }

    @Override
    public String keyword() {
      return "netlink";
    }

    @Override
    public String signature() {
      return "ib";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(protocol);
      sink.bytes(message);
    }
  }

  /**
   * Sends one netlink request through a process of its own that nobody waits for: a refusal is not
   * seen.
   */
  record NetlinkLater(IntOperand protocol, Text message) implements Operation {
    @Override
    public int number() {
      return 80;
    }

    @Override
    public String keyword() {
      return "netlink-later";
    }

    @Override
    public String signature() {
      return "ib";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(protocol);
      sink.bytes(message);
    }
  }

  /**
   * Makes a socket with a port of the host, which is held as long as the descriptor is open;
   * bind(2). A backlog of 0 or more: it listens, with SO_REUSEADDR.
   */
  record Socket(
      IntOperand family,
      IntOperand type,
      IntOperand protocol,
      Text address,
      IntOperand backlog,
      FdSlot fd)
      implements Operation {
    @Override
    public int number() {
      return 81;
    }

    @Override
    public String keyword() {
      return "socket";
    }

    @Override
    public String signature() {
      return "iiibio";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(family);
      sink.number(type);
      sink.number(protocol);
      sink.bytes(address);
      sink.number(backlog);
      sink.output(fd);
    }
  }

  /**
   * Starts a process beside the parent, without privileges, that passes on what comes to sockets of
   * IPv6. Each is {@code DESCRIPTOR ADDRESS PORT}, with where it goes.
   */
  record Forward(List<Text> sockets) implements Operation {
    public Forward {
      sockets = List.copyOf(sockets);
    }

    @Override
    public int number() {
      return 83;
    }

    @Override
    public String keyword() {
      return "forward";
    }

    @Override
    public String signature() {
      return "l";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.list(sockets);
    }
  }

  /**
   * Starts a process beside the parent, without privileges, that answers at 127.0.0.11 in the
   * container's network namespace: for what links in directories name, and else as the servers do.
   */
  record Resolve(
      IntOperand pid, List<Text> directories, List<Text> servers, FdSlot watched, Text identity)
      implements Operation {
    public Resolve {
      directories = List.copyOf(directories);
      servers = List.copyOf(servers);
    }

    @Override
    public int number() {
      return 84;
    }

    @Override
    public String keyword() {
      return "resolve";
    }

    @Override
    public String signature() {
      return "illft";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(pid);
      sink.list(directories);
      sink.list(servers);
      sink.descriptor(watched);
      sink.text(identity);
    }
  }

  /**
   * Removes flows that the kernel tracks, by a process that nobody waits for: of those that the
   * request lists, those of an IP protocol whose first packet went to a destination. Each is {@code
   * ADDRESS PORT}.
   */
  record ForgetFlows(Text request, IntOperand protocol, List<Text> destinations)
      implements Operation {
    public ForgetFlows {
      destinations = List.copyOf(destinations);
    }

    @Override
    public int number() {
      return 85;
    }

    @Override
    public String keyword() {
      return "forget-flows";
    }

    @Override
    public String signature() {
      return "bil";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.bytes(request);
      sink.number(protocol);
      sink.list(destinations);
    }
  }

  /**
   * Sends one netlink request and waits for its answer; where the kernel refuses it, runs a helper
   * program, whose status other than 0 fails the step.
   */
  record NetlinkElseRun(
      IntOperand protocol,
      Text message,
      List<Text> argv,
      List<Text> env,
      Text stdin,
      IntOperand timeout)
      implements Operation {
    public NetlinkElseRun {
      argv = List.copyOf(argv);
      env = List.copyOf(env);
    }

    @Override
    public int number() {
      return 82;
    }

    @Override
    public String keyword() {
      return "netlink-else-run";
    }

    @Override
    public String signature() {
      return "ibllbi";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(protocol);
      sink.bytes(message);
      sink.list(argv);
      sink.list(env);
      sink.bytes(stdin);
      sink.number(timeout);
    }
  }

  /**
   * Mode 1: stays as pid 1, forks; the child goes on with the plan; pid 1 reaps, forwards signals,
   * exits with the child's status.
   */
  record Init(IntOperand mode) implements Operation {
    @Override
    public int number() {
      return 64;
    }

    @Override
    public String keyword() {
      return "init";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(mode);
    }
  }

  /** Setsid. */
  record Setsid() implements Operation {
    @Override
    public int number() {
      return 65;
    }

    @Override
    public String keyword() {
      return "setsid";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /**
   * Executes; slots set since the last handoff go to the parent first; a program without {@code /}
   * is looked up along the search path (empty: the PATH of env) inside the root; the last step of
   * the container.
   */
  record Exec(List<Text> argv, List<Text> env, Text searchPath) implements Operation {
    public Exec {
      argv = List.copyOf(argv);
      env = List.copyOf(env);
    }

    @Override
    public int number() {
      return 66;
    }

    @Override
    public String keyword() {
      return "exec";
    }

    @Override
    public String signature() {
      return "llt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.list(argv);
      sink.list(env);
      sink.text(searchPath);
    }
  }

  /**
   * Adds to the environment of {@code exec} (HOME from resolve-user); override 0: only if the name
   * is not in exec's env.
   */
  record Environment(Text name, Text value, IntOperand override) implements Operation {
    @Override
    public int number() {
      return 67;
    }

    @Override
    public String keyword() {
      return "environment";
    }

    @Override
    public String signature() {
      return "tti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(name);
      sink.text(value);
      sink.number(override);
    }
  }

  /**
   * Forks: the caller waits for {@code ready} (or failure) and exits; the rest goes on in a new
   * session, without the caller's terminal (0, 1, 2 become /dev/null except where a slot holds
   * them).
   */
  record Detach() implements Operation {
    @Override
    public int number() {
      return 70;
    }

    @Override
    public String keyword() {
      return "detach";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /**
   * Tells the waiting caller: print the message on stdout, exit 0. Without detach: prints the
   * message.
   */
  record Ready(Text message) implements Operation {
    @Override
    public int number() {
      return 71;
    }

    @Override
    public String keyword() {
      return "ready";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(message);
    }
  }

  /** Relays, logs and waits until the container process has exited. */
  record Supervise(
      FdSlot pidfd,
      IntOperand pid,
      FdSlot stdin,
      FdSlot stdout,
      FdSlot stderr,
      FdSlot ptyMaster,
      Text logPath,
      IntOperand logSize,
      IntOperand logFiles,
      Text attachSocket,
      Text detachKeys,
      Text lifeline,
      IntOperand flags,
      Text oomCounter,
      Text oomKey,
      Text oomControl,
      Text oomPlan,
      IntSlot status,
      IntSlot signal)
      implements Operation {
    @Override
    public int number() {
      return 72;
    }

    @Override
    public String keyword() {
      return "supervise";
    }

    @Override
    public String signature() {
      return "fifffftiitttitttboo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(pidfd);
      sink.number(pid);
      sink.descriptor(stdin);
      sink.descriptor(stdout);
      sink.descriptor(stderr);
      sink.descriptor(ptyMaster);
      sink.text(logPath);
      sink.number(logSize);
      sink.number(logFiles);
      sink.text(attachSocket);
      sink.text(detachKeys);
      sink.text(lifeline);
      sink.number(flags);
      sink.text(oomCounter);
      sink.text(oomKey);
      sink.text(oomControl);
      sink.bytes(oomPlan);
      sink.output(status);
      sink.output(signal);
    }
  }

  /** Pipe. */
  record Pipe(FdSlot read, FdSlot write) implements Operation {
    @Override
    public int number() {
      return 73;
    }

    @Override
    public String keyword() {
      return "pipe";
    }

    @Override
    public String signature() {
      return "oo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.output(read);
      sink.output(write);
    }
  }

  /** Print. */
  record Print(IntOperand fd, Text text) implements Operation {
    @Override
    public int number() {
      return 74;
    }

    @Override
    public String keyword() {
      return "print";
    }

    @Override
    public String signature() {
      return "it";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(fd);
      sink.text(text);
    }
  }

  /** The exit code of the performing process when the plan has ended. */
  record ExitWith(IntOperand status) implements Operation {
    @Override
    public int number() {
      return 75;
    }

    @Override
    public String keyword() {
      return "exit-with";
    }

    @Override
    public String signature() {
      return "i";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.number(status);
    }
  }

  /** Performs a stored plan, or all in a directory; missing: ENOENT. */
  record Perform(Text planPath) implements Operation {
    @Override
    public int number() {
      return 76;
    }

    @Override
    public String keyword() {
      return "perform";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(planPath);
    }
  }

  /**
   * Connects the caller's terminal to a supervised container until it exits or the keys are typed;
   * flags: 1 stdin, 2 raw terminal, 4 forward signals.
   */
  record Attach(Text socket, Text detachKeys, IntOperand flags, IntSlot status)
      implements Operation {
    @Override
    public int number() {
      return 77;
    }

    @Override
    public String keyword() {
      return "attach";
    }

    @Override
    public String signature() {
      return "ttio";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(socket);
      sink.text(detachKeys);
      sink.number(flags);
      sink.output(status);
    }
  }

  /**
   * Waits for a container's exit: connects to its attach socket and waits for the exit frame; where
   * there is none, reads the integer after {@code "key":} in the record at {@code path} (ENOENT
   * where that is missing too).
   */
  record AwaitRecord(Text socket, Text path, Text key, IntSlot status) implements Operation {
    @Override
    public int number() {
      return 78;
    }

    @Override
    public String keyword() {
      return "await-record";
    }

    @Override
    public String signature() {
      return "ttto";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(socket);
      sink.text(path);
      sink.text(key);
      sink.output(status);
    }
  }

  /**
   * Re-checks that the running image of hardway-init cannot be written from inside: it runs from a
   * read-only detached mount or a sealed memory file.
   */
  record Protect() implements Operation {
    @Override
    public int number() {
      return 79;
    }

    @Override
    public String keyword() {
      return "protect";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /** Listens on a unix socket at the path, for its owner only; what was there is replaced. */
  record Listen(Text path, FdSlot listener) implements Operation {
    @Override
    public int number() {
      return 90;
    }

    @Override
    public String keyword() {
      return "listen";
    }

    @Override
    public String signature() {
      return "to";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(path);
      sink.output(listener);
    }
  }

  /**
   * Lets the process go on that waits at the gate of this socket, and waits until it has executed
   * its program; ESRCH where none waits.
   */
  record Release(Text socket) implements Operation {
    @Override
    public int number() {
      return 91;
    }

    @Override
    public String keyword() {
      return "release";
    }

    @Override
    public String signature() {
      return "t";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(socket);
    }
  }

  /** Connects to a unix socket. */
  record Connect(Text socket, FdSlot connection) implements Operation {
    @Override
    public int number() {
      return 110;
    }

    @Override
    public String keyword() {
      return "connect";
    }

    @Override
    public String signature() {
      return "to";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(socket);
      sink.output(connection);
    }
  }

  /** Connects to a unix socket and sends data, and a descriptor with it. */
  record SendFd(Text socket, Text data, FdSlot descriptor) implements Operation {
    @Override
    public int number() {
      return 92;
    }

    @Override
    public String keyword() {
      return "send-fd";
    }

    @Override
    public String signature() {
      return "tbf";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(socket);
      sink.bytes(data);
      sink.descriptor(descriptor);
    }
  }

  /** Makes a pair of connected unix sockets that keep messages apart (SOCK_SEQPACKET). */
  record SocketPair(FdSlot one, FdSlot other) implements Operation {
    @Override
    public int number() {
      return 101;
    }

    @Override
    public String keyword() {
      return "socket-pair";
    }

    @Override
    public String signature() {
      return "oo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.output(one);
      sink.output(other);
    }
  }

  /** Leaves a descriptor open at exec, under its number; behind {@code close-others}. */
  record KeepOpen(FdSlot descriptor) implements Operation {
    @Override
    public int number() {
      return 102;
    }

    @Override
    public String keyword() {
      return "keep-open";
    }

    @Override
    public String signature() {
      return "f";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(descriptor);
    }
  }

  /**
   * Has criu, which the container process has executed, do something, and waits until it has ended.
   * When it restores, the process that it makes becomes the container process.
   *
   * @param socket leads to criu
   * @param type what it does: CRIU_REQ_TYPE of its rpc.proto
   * @param options criu_opts of its rpc.proto, but for what has descriptors
   * @param images the directory of its images
   * @param work the directory of its log; none: that of the images
   * @param descriptors what it inherits under a key, each {@code DESCRIPTOR KEY}
   * @param log the file of its log, of which a failure tells
   * @param identity receives which process it makes, when that has its namespaces; empty: none
   * @param plan is performed then; empty: none
   * @param last is performed when all is restored and stands still; empty: none
   * @param terminal receives the master side of a terminal that it has restored
   */
  record Criu(
      FdSlot socket,
      IntOperand type,
      Text options,
      FdSlot images,
      FdSlot work,
      List<Text> descriptors,
      Text log,
      Text identity,
      Text plan,
      Text last,
      IntSlot pid,
      FdSlot pidfd,
      TextSlot startTime,
      FdSlot terminal)
      implements Operation {
    public Criu {
      descriptors = List.copyOf(descriptors);
    }

    @Override
    public int number() {
      return 103;
    }

    @Override
    public String keyword() {
      return "criu";
    }

    @Override
    public String signature() {
      return "fibfflttbboooo";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.descriptor(socket);
      sink.number(type);
      sink.bytes(options);
      sink.descriptor(images);
      sink.descriptor(work);
      sink.list(descriptors);
      sink.text(log);
      sink.text(identity);
      sink.bytes(plan);
      sink.bytes(last);
      sink.output(pid);
      sink.output(pidfd);
      sink.output(startTime);
      sink.output(terminal);
    }
  }

  /** Lets the container's process, which has executed its program, live on when the plan ends. */
  record LetGo() implements Operation {
    @Override
    public int number() {
      return 93;
    }

    @Override
    public String keyword() {
      return "let-go";
    }

    @Override
    public String signature() {
      return "";
    }

    @Override
    public void operands(OperandSink sink) {
      // none
    }
  }

  /** Makes sure that {@code exec} with these operands would find a program that can be executed. */
  record LookUp(Text program, List<Text> env, Text searchPath) implements Operation {
    @Override
    public int number() {
      return 94;
    }

    @Override
    public String keyword() {
      return "look-up";
    }

    @Override
    public String signature() {
      return "tlt";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(program);
      sink.list(env);
      sink.text(searchPath);
    }
  }

  /** Sends a signal to every process of the cgroup and of those below. */
  record SignalGroup(Text directory, IntOperand signal) implements Operation {
    @Override
    public int number() {
      return 95;
    }

    @Override
    public String keyword() {
      return "signal-group";
    }

    @Override
    public String signature() {
      return "ti";
    }

    @Override
    public void operands(OperandSink sink) {
      sink.text(directory);
      sink.number(signal);
    }
  }
}
