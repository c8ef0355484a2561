package io.hardway.core.explain;

import io.hardway.spi.IntOperand;
import io.hardway.spi.plan.Operation;
import java.util.List;

/** Shell commands for mounts. */
final class MountCommands {
  private static final long MS_BIND = 4096;
  private static final long MS_REC = 0x4000;
  private static final long MNT_DETACH = 2;

  private final ShellWords words;

  MountCommands(ShellWords words) {
    this.words = words;
  }

  String mount(Operation.Mount o) {
    String target = words.place(o.dir(), o.target());
    long flags = ShellWords.literal(o.flags(), 0);
    List<String> options = LinuxNames.mountOptions(flags & ~MS_BIND);
    StringBuilder line = new StringBuilder(make(o.create(), target)).append("mount");
    if ((flags & MS_BIND) != 0) {
      line.append((flags & MS_REC) != 0 ? " --rbind" : " --bind");
    } else {
      line.append(" -t ").append(words.word(o.type()));
    }
    String data = ShellWords.isEmpty(o.data()) ? "" : words.word(o.data());
    if (!options.isEmpty() || !data.isEmpty()) {
      line.append(" -o ")
          .append(String.join(",", options))
          .append(options.isEmpty() || data.isEmpty() ? "" : ",")
          .append(data);
    }
    return line.append(' ').append(words.word(o.source())).append(' ').append(target).toString();
  }

  private static String make(IntOperand create, String target) {
    return switch ((int) ShellWords.literal(create, 0)) {
      case 1 -> "mkdir -p " + target + " && ";
      case 2 -> "install -D -m 644 /dev/null " + target + " && ";
      default -> "";
    };
  }

  String bind(Operation.Bind o) {
    String target = words.place(o.dir(), o.target());
    String source =
        o.source().isNone() ? words.word(o.sourcePath()) : words.descriptorPath(o.source());
    boolean recursive = ShellWords.literal(o.recursive(), 0) != 0;
    StringBuilder line = new StringBuilder();
    if (ShellWords.literal(o.create(), 0) == 3) {
      line.append("[ -e ").append(target).append(" ] || ");
      line.append("if [ -d ").append(source).append(" ]; then mkdir -p ").append(target);
      line.append("; else install -D -m 644 /dev/null ").append(target).append("; fi && ");
    } else {
      line.append(make(o.create(), target));
    }
    line.append("mount ").append(recursive ? "--rbind " : "--bind ");
    if (!o.userns().isNone()) {
      line.append("-o X-mount.idmap=").append(words.descriptorPath(o.userns())).append(' ');
    }
    line.append(source).append(' ').append(target);
    List<String> options =
        LinuxNames.mountOptions(ShellWords.literal(o.set(), 0), ShellWords.literal(o.clear(), 0));
    if (!options.isEmpty()) {
      line.append(" && mount -o remount,bind,")
          .append(String.join(",", options))
          .append(' ')
          .append(target);
    }
    long propagation = ShellWords.literal(o.propagation(), 0);
    if (propagation != 0) {
      line.append(" && mount --make-")
          .append(LinuxNames.propagation(propagation | (recursive ? MS_REC : 0)))
          .append(' ')
          .append(target);
    }
    return line.toString();
  }

  String cloneMount(Operation.CloneMount o) {
    return "# open_tree("
        + words.word(o.source())
        + ", OPEN_TREE_CLONE)"
        + (o.userns().isNone()
            ? ""
            : ", mount_setattr(MOUNT_ATTR_IDMAP, " + words.descriptorPath(o.userns()) + ")")
        + ": no shell tool makes a mount that is nowhere";
  }

  String propagation(Operation.Propagation o) {
    return "mount --make-"
        + LinuxNames.propagation(ShellWords.literal(o.flags(), 0))
        + " "
        + words.word(o.path());
  }

  String attributes(Operation.MountAttr o) {
    long propagation = ShellWords.literal(o.propagation(), 0);
    if (propagation != 0) {
      return "mount --make-"
          + (ShellWords.literal(o.recursive(), 0) != 0 ? "r" : "")
          + LinuxNames.propagation(propagation)
          + " "
          + words.place(o.dir(), o.target());
    }
    List<String> options =
        LinuxNames.mountOptions(ShellWords.literal(o.set(), 0), ShellWords.literal(o.clear(), 0));
    return "mount -o remount,bind,"
        + String.join(",", options)
        + " "
        + words.place(o.dir(), o.target());
  }

  String umount(Operation.Umount o) {
    return "umount "
        + ((ShellWords.literal(o.flags(), 0) & MNT_DETACH) != 0 ? "-l " : "")
        + words.word(o.path());
  }

  String pivotRoot(Operation.PivotRoot o) {
    return "cd " + words.word(o.path()) + " && pivot_root . . && umount -l . && cd /";
  }

  String chroot(Operation.Chroot o) {
    return "exec chroot " + words.descriptorPath(o.dir());
  }

  String mask(Operation.Mask o) {
    String path = words.place(o.dir(), o.path());
    return "if [ -d "
        + path
        + " ]; then mount -t tmpfs -o ro,nosuid,nodev,noexec,nr_inodes=1,mode=555 tmpfs "
        + path
        + "; elif [ -e "
        + path
        + " ]; then mount --bind /dev/null "
        + path
        + " && mount -o remount,bind,ro "
        + path
        + "; fi";
  }

  String readOnly(Operation.ReadOnly o) {
    String path = words.place(o.dir(), o.path());
    return "[ ! -e "
        + path
        + " ] || { mount --rbind "
        + path
        + " "
        + path
        + " && mount -o remount,bind,ro "
        + path
        + "; }";
  }

  String device(Operation.Device o) {
    String path = words.place(o.dir(), o.path());
    return "touch " + path + " && mount --bind " + words.word(o.hostPath()) + " " + path;
  }

  String copyUp(Operation.CopyUp o) {
    String target = words.place(o.dir(), o.path());
    return "[ -n \"$(ls -A "
        + target
        + ")\" ] || cp -a "
        + words.place(o.source(), o.from())
        + "/. "
        + target
        + "/";
  }
}
