package io.hardway.core.explain;

import io.hardway.spi.IntOperand;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;

/** Shell commands for files. */
final class FileCommands {
  private static final long O_ACCMODE = 3;
  private static final long O_RDWR = 2;
  private static final long O_CREAT = 0100;
  private static final long O_EXCL = 0200;
  private static final long O_TRUNC = 01000;
  private static final long O_APPEND = 02000;
  private static final long S_IFMT = 0170000;
  private static final long S_IFCHR = 0020000;
  private static final long S_IFBLK = 0060000;

  private final ShellWords words;

  FileCommands(ShellWords words) {
    this.words = words;
  }

  String mkdir(Operation.Mkdir o) {
    String path = words.place(o.dir(), o.path());
    return "mkdir -m " + words.mode(o.mode()) + " " + path + owner(o.uid(), o.gid(), path);
  }

  String mkdirs(Operation.Mkdirs o) {
    return "mkdir -p -m " + words.mode(o.mode()) + " " + words.place(o.dir(), o.path());
  }

  /**
   * What a file of the kernel is told ends with a newline; a file that is made holds exactly the
   * data.
   */
  String write(Operation.Write o) {
    long flags = ShellWords.literal(o.flags(), 1);
    String path = words.place(o.dir(), o.path());
    if ((flags & O_CREAT) == 0) {
      return "echo " + words.content(o.data()) + ((flags & O_APPEND) != 0 ? " >> " : " > ") + path;
    }
    String redirection = (flags & O_APPEND) != 0 ? " >> " : " > ";
    String exclusive = (flags & O_EXCL) != 0 ? "set -C; " : "";
    String mode = "chmod " + words.mode(o.mode()) + " " + path;
    if (ShellWords.isEmpty(o.data())) {
      return ((flags & (O_EXCL | O_TRUNC)) != 0 ? ": > " : "touch ") + path + " && " + mode;
    }
    String made = printed(o.data()) + redirection + path;
    return exclusive.isEmpty() ? made + " && " + mode : "(" + exclusive + made + ") && " + mode;
  }

  String replace(Operation.Replace o) {
    String path = words.word(o.path());
    return printed(o.data())
        + " > "
        + path
        + ".new && chmod "
        + words.mode(o.mode())
        + " "
        + path
        + ".new && mv "
        + path
        + ".new "
        + path;
  }

  private String printed(Text data) {
    return "printf %s " + words.content(data);
  }

  String open(Operation.Open o) {
    String path = words.place(o.dir(), o.path());
    long flags = ShellWords.literal(o.flags(), 0);
    long access = flags & O_ACCMODE;
    String name = words.name(o.fd());
    if (access == 0) {
      return "exec {" + name + "}< " + path;
    }
    return "exec {"
        + name
        + "}"
        + (access == O_RDWR ? "<> " : (flags & O_TRUNC) != 0 ? "> " : ">> ")
        + path;
  }

  String close(Operation.Close o) {
    return "exec {" + words.name(o.fd()) + "}>&-";
  }

  String symlink(Operation.Symlink o) {
    return "ln -s " + words.word(o.target()) + " " + words.place(o.dir(), o.path());
  }

  String mknod(Operation.Mknod o) {
    String path = words.place(o.dir(), o.path());
    long type = ShellWords.literal(o.mode(), 0) & S_IFMT;
    String kind = type == S_IFCHR ? "c" : type == S_IFBLK ? "b" : "p";
    String numbers =
        kind.equals("p") ? "" : " " + words.number(o.major()) + " " + words.number(o.minor());
    return "mknod -m "
        + words.mode(o.mode())
        + " "
        + path
        + " "
        + kind
        + numbers
        + owner(o.uid(), o.gid(), path);
  }

  private String owner(IntOperand uid, IntOperand gid, String path) {
    String owner = owner(uid, gid);
    return owner.isEmpty() ? "" : " && chown " + owner + " " + path;
  }

  private String owner(IntOperand uid, IntOperand gid) {
    String user = ShellWords.literal(uid, 0) == -1 ? "" : words.number(uid);
    String group = ShellWords.literal(gid, 0) == -1 ? "" : ":" + words.number(gid);
    return user + group;
  }

  String chown(Operation.Chown o) {
    return "chown -h " + owner(o.uid(), o.gid()) + " " + words.place(o.dir(), o.path());
  }

  String chmod(Operation.Chmod o) {
    return "chmod " + words.mode(o.mode()) + " " + words.place(o.dir(), o.path());
  }

  String rename(Operation.Rename o) {
    return "mv -T " + words.word(o.from()) + " " + words.word(o.to());
  }

  String unlink(Operation.Unlink o) {
    return "rm " + words.place(o.dir(), o.path());
  }

  String unlinkLink(Operation.UnlinkLink o) {
    String path = words.word(o.path());
    return "[ \"$(readlink " + path + ")\" != " + words.word(o.target()) + " ] || rm " + path;
  }

  String rmdir(Operation.Rmdir o) {
    return "rmdir " + words.place(o.dir(), o.path());
  }

  String removeTree(Operation.RemoveTree o) {
    String remove = "rm -rf --one-file-system " + words.word(o.path());
    return ShellWords.isEmpty(o.uidMap())
        ? remove
        : "unshare --user --map-root-user --map-auto " + remove;
  }

  String lock(Operation.Lock o) {
    String name = words.name(o.fd());
    String wait = ShellWords.literal(o.waiting(), 0) == 0 ? "-n " : "";
    return "exec {" + name + "}<> " + words.word(o.path()) + " && flock " + wait + "$" + name;
  }

  String read(Operation.Read o) {
    return words.name(o.text()) + "=$(" + content(words.place(o.dir(), o.path()), o.key()) + ")";
  }

  private String content(String path, Text key) {
    return ShellWords.isEmpty(key)
        ? "cat " + path
        : "sed -n " + ShellWords.quote("s/^" + key + " //p") + " " + path;
  }

  String await(Operation.Await o) {
    return "until [ \"$("
        + content(words.place(o.dir(), o.path()), o.key())
        + ")\" = "
        + words.word(o.wanted())
        + " ]; do sleep 0.01; done";
  }

  String writeTo(Operation.WriteFd o) {
    return "echo " + words.content(o.data()) + " >&" + words.variable(o.fd());
  }

  String clock(Operation.Clock o) {
    return words.name(o.text()) + "=$(date -u +%FT%T.%NZ)";
  }
}
