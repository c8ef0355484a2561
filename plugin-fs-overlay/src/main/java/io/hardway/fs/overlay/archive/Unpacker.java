package io.hardway.fs.overlay.archive;

import io.hardway.fs.overlay.archive.TarEntry.Kind;
import io.hardway.fs.overlay.archive.TarEntry.Segment;
import io.hardway.linux.file.OpenDirectory;
import io.hardway.linux.file.OpenFile;
import io.hardway.linux.file.SystemCallException;
import io.hardway.spi.Errno;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Unpacks an archive into a directory. The archive may be anybody's: no name in it leads out of the
 * directory, a link in it is followed only inside, and a file replaces what an earlier entry has
 * put at its place, never what that leads to.
 */
final class Unpacker {
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFIFO = 0010000;
  private static final int ELOOP = 40;
  private static final int OF_PARENTS = 0755;
  private static final int BUFFER = 1 << 16;
  private static final byte[] ITSELF = {};
  private static final String CAPABILITY = "security.capability";

  private final OpenDirectory root;
  private final Owners owners;
  private final byte[] buffer = new byte[BUFFER];
  private final Map<String, TarEntry> directories = new HashMap<>();
  private OpenDirectory parent;
  private byte[] parentPath = ITSELF;

  Unpacker(OpenDirectory root, Owners owners) {
    this.root = root;
    this.owners = owners;
    this.parent = root;
  }

  /** Unpacks all. */
  void unpack(InputStream content) throws IOException {
    TarReader reader = new TarReader(content);
    try {
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        unpack(entry, reader);
      }
      finishDirectories();
    } finally {
      leaveParent();
    }
  }

  private void unpack(TarEntry entry, TarReader reader) throws IOException {
    try {
      entry.name = plain(entry.name);
      if (entry.name.length == 0) {
        if (entry.kind != Kind.DIRECTORY) {
          throw new ArchiveException("the archive's root is no directory");
        }
        directories.put("", entry);
        return;
      }
      enter(parentOf(entry.name));
      make(entry, lastOf(entry.name), reader);
    } catch (SystemCallException | IllegalArgumentException e) {
      throw new ArchiveException(ArchiveException.shown(entry.name) + ": " + e.getMessage(), e);
    }
  }

  private void make(TarEntry entry, byte[] name, TarReader reader) throws IOException {
    switch (entry.kind) {
      case FILE -> file(entry, name, reader);
      case DIRECTORY -> directory(entry, name);
      case HARD_LINK -> hardLink(entry, name);
      case SYMBOLIC_LINK -> {
        makeFresh(name, () -> parent.makeLink(name, entry.linkName));
        finish(entry, name);
      }
      case FIFO -> node(entry, name, S_IFIFO);
      case CHARACTER_DEVICE -> device(entry, name, S_IFCHR);
      case BLOCK_DEVICE -> device(entry, name, S_IFBLK);
    }
  }

  /** Only root may make devices; a container has a /dev of its own anyway. */
  private void device(TarEntry entry, byte[] name, int type) throws IOException {
    if (owners.isDirect()) {
      node(entry, name, type);
    }
  }

  private void node(TarEntry entry, byte[] name, int type) throws IOException {
    makeFresh(name, () -> parent.makeNode(name, type | entry.mode, entry.major, entry.minor));
    finish(entry, name);
  }

  private void file(TarEntry entry, byte[] name, TarReader reader) throws IOException {
    OpenFile[] made = new OpenFile[1];
    makeFresh(name, () -> made[0] = parent.createFile(name));
    try (OpenFile file = made[0]) {
      if (entry.isSparse()) {
        for (Segment segment : entry.segments) {
          file.position(segment.offset());
          copy(reader, file, segment.length());
        }
      } else {
        copy(reader, file, Long.MAX_VALUE);
      }
      if (entry.isSparse() || entry.length > 0) {
        file.length(entry.length);
      }
      giveTo(entry, name);
      file.mode(entry.mode);
      for (Map.Entry<String, byte[]> attribute : entry.attributes.entrySet()) {
        attribute(attribute.getKey(), attribute.getValue(), file::attribute);
      }
    }
    parent.time(name, entry.seconds, entry.nanos);
  }

  private void copy(TarReader reader, OpenFile file, long count) throws IOException {
    for (long left = count; left > 0; ) {
      int n = reader.read(buffer, (int) Math.min(left, BUFFER));
      if (n < 0) {
        return;
      }
      file.write(buffer, n);
      left -= n;
    }
  }

  private void finish(TarEntry entry, byte[] name) throws IOException {
    giveTo(entry, name);
    parent.time(name, entry.seconds, entry.nanos);
  }

  private void giveTo(TarEntry entry, byte[] name) throws IOException {
    if (owners.isDirect()) {
      parent.owner(name, entry.uid, entry.gid);
    } else {
      owners.note(
          entry.name, entry.uid, entry.gid, entry.kind == Kind.SYMBOLIC_LINK ? 0 : entry.mode);
    }
  }

  /** Sets an extended attribute. */
  @FunctionalInterface
  private interface AttributeSetter {
    void set(byte[] name, byte[] value) throws IOException;
  }

  /**
   * File capabilities, and attributes that mean something to users alone. Those of the overlay are
   * left out: in a layer they would have a meaning.
   */
  private void attribute(String name, byte[] value, AttributeSetter setter) throws IOException {
    boolean capability = name.equals(CAPABILITY) && owners.isDirect();
    boolean ofUsers = name.startsWith("user.") && !name.startsWith("user.overlay.");
    if (!capability && !ofUsers) {
      return;
    }
    try {
      setter.set(name.getBytes(StandardCharsets.UTF_8), value);
    } catch (SystemCallException e) {
      if (capability || e.errno() != Errno.EOPNOTSUPP) {
        throw new ArchiveException("the attribute " + name + ": " + e.getMessage(), e);
      }
    }
  }

  private void directory(TarEntry entry, byte[] name) throws IOException {
    if ((parent.mode(name) & S_IFMT) != S_IFDIR) {
      makeFresh(name, () -> parent.makeDirectory(name));
    }
    directories.put(key(entry.name), entry);
  }

  private void hardLink(TarEntry entry, byte[] name) throws IOException {
    byte[] target = plain(entry.linkName);
    if (Arrays.equals(target, entry.name)) {
      throw new ArchiveException(ArchiveException.shown(name) + " is a link to itself");
    }
    try (OpenDirectory from = root.resolve(parentOf(target))) {
      makeFresh(name, () -> parent.makeName(name, from, lastOf(target)));
    } catch (SystemCallException e) {
      throw new ArchiveException(
          ArchiveException.shown(entry.name)
              + " is a link to "
              + ArchiveException.shown(target)
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Makes something new in the file system. */
  @FunctionalInterface
  private interface Making {
    void run() throws IOException;
  }

  /** Where something is there already, it is replaced. */
  private void makeFresh(byte[] name, Making making) throws IOException {
    try {
      making.run();
      return;
    } catch (SystemCallException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    if ((parent.mode(name) & S_IFMT) == S_IFDIR) {
      parent.removeDirectory(name);
      directories.remove(key(pathOf(name)));
    } else {
      parent.remove(name);
    }
    making.run();
  }

  private byte[] pathOf(byte[] name) {
    return parentPath.length == 0 ? name : joined(parentPath, name);
  }

  /** Makes the directory at a path the one that is worked in; missing ones are made. */
  private void enter(byte[] path) throws IOException {
    if (Arrays.equals(path, parentPath)) {
      return;
    }
    leaveParent();
    if (path.length > 0) {
      parent = open(path);
      parentPath = path;
    }
  }

  private OpenDirectory open(byte[] path) throws IOException {
    try {
      return root.resolve(path);
    } catch (SystemCallException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    byte[] above = parentOf(path);
    byte[] name = lastOf(path);
    OpenDirectory directory = above.length == 0 ? root : open(above);
    try {
      directory.makeDirectory(name);
      OpenDirectory made = directory.directory(name);
      made.permissions(OF_PARENTS);
      owners.note(path, 0, 0, OF_PARENTS);
      return made;
    } finally {
      if (directory != root) {
        directory.close();
      }
    }
  }

  private void leaveParent() throws IOException {
    if (parent != root) {
      parent.close();
    }
    parent = root;
    parentPath = ITSELF;
  }

  /**
   * Owners, modes and times of directories: last, since they may be closed to us and since times
   * change with every file; the deepest first.
   */
  private void finishDirectories() throws IOException {
    leaveParent();
    List<TarEntry> entries = new ArrayList<>(directories.values());
    entries.sort((a, b) -> Integer.compare(depth(b.name), depth(a.name)));
    if (!directories.containsKey("")) {
      root.permissions(OF_PARENTS);
      owners.note(ITSELF, 0, 0, OF_PARENTS);
    }
    for (TarEntry entry : entries) {
      try {
        finishDirectory(entry);
      } catch (SystemCallException e) {
        throw new ArchiveException(ArchiveException.shown(entry.name) + ": " + e.getMessage(), e);
      }
    }
  }

  private void finishDirectory(TarEntry entry) throws IOException {
    if (entry.name.length == 0) {
      finish(root, entry);
      return;
    }
    try (OpenDirectory above = root.resolve(parentOf(entry.name));
        OpenDirectory directory = above.directory(lastOf(entry.name))) {
      finish(directory, entry);
    } catch (SystemCallException e) {
      boolean replaced =
          e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == ELOOP;
      if (!replaced) {
        throw e;
      }
    }
  }

  private void finish(OpenDirectory directory, TarEntry entry) throws IOException {
    if (owners.isDirect()) {
      directory.owner(entry.uid, entry.gid);
    } else {
      owners.note(entry.name, entry.uid, entry.gid, entry.mode);
    }
    for (Map.Entry<String, byte[]> attribute : entry.attributes.entrySet()) {
      attribute(attribute.getKey(), attribute.getValue(), directory::attribute);
    }
    directory.permissions(entry.mode);
    directory.time(entry.seconds, entry.nanos);
  }

  private static int depth(byte[] path) {
    int depth = path.length == 0 ? 0 : 1;
    for (byte b : path) {
      depth += b == '/' ? 1 : 0;
    }
    return depth;
  }

  private static String key(byte[] path) {
    return new String(path, StandardCharsets.ISO_8859_1);
  }

  /**
   * A name without empty and {@code .} parts; one that is absolute is meant from the root.
   *
   * @throws ArchiveException where it leads upwards
   */
  static byte[] plain(byte[] name) throws ArchiveException {
    byte[] plain = new byte[name.length];
    int length = 0;
    int start = 0;
    while (start < name.length) {
      int end = start;
      while (end < name.length && name[end] != '/') {
        end++;
      }
      int size = end - start;
      boolean dot = size == 1 && name[start] == '.';
      if (size == 2 && name[start] == '.' && name[start + 1] == '.') {
        throw new ArchiveException(
            ArchiveException.shown(name) + " leads out of the archive by its ..");
      }
      if (size > 0 && !dot) {
        if (length > 0) {
          plain[length++] = '/';
        }
        System.arraycopy(name, start, plain, length, size);
        length += size;
      }
      start = end + 1;
    }
    return Arrays.copyOf(plain, length);
  }

  private static int lastSlash(byte[] path) {
    int slash = path.length - 1;
    while (slash >= 0 && path[slash] != '/') {
      slash--;
    }
    return slash;
  }

  private static byte[] parentOf(byte[] path) {
    return Arrays.copyOf(path, Math.max(0, lastSlash(path)));
  }

  private static byte[] lastOf(byte[] path) {
    return Arrays.copyOfRange(path, lastSlash(path) + 1, path.length);
  }

  private static byte[] joined(byte[] parent, byte[] name) {
    byte[] path = Arrays.copyOf(parent, parent.length + 1 + name.length);
    path[parent.length] = '/';
    System.arraycopy(name, 0, path, parent.length + 1, name.length);
    return path;
  }
}
