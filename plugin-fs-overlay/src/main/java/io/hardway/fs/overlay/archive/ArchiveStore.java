package io.hardway.fs.overlay.archive;

import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsPreparation;
import io.hardway.spi.RootfsSource;
import io.hardway.spi.StepRunner;
import io.hardway.spi.spec.IdMapping;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where unpacked archives are kept: {@code trees/DIGEST} holds the files of the archive with that
 * SHA-256, {@code index/DEVICE-INODE} the digest of an archive that was seen, with its size and
 * times, so that it is not read again while these are the same.
 *
 * <p>The directory is mode 0700: what is in it may be setuid, and must not be reachable by the
 * host's other users. What is asked for every start is answered from here without a lock and
 * without more than two small reads.
 */
public final class ArchiveStore {
  private static final String ATTRIBUTES = "unix:dev,ino,size,lastModifiedTime,ctime,isRegularFile";
  private static final int LONGEST_NAME = 200;

  private final Path directory;

  /** The store in the directory that is given to plugins for such things. */
  public ArchiveStore(Path store) {
    this.directory = store.resolve("fs-overlay");
  }

  /**
   * The files of an archive, which are unpacked where they are not there yet.
   *
   * @throws PlanningException where the archive cannot be unpacked, by its name; then nothing is
   *     left of it
   */
  public RootfsSource prepare(RootfsPreparation request) {
    Archive archive = look(request.source().paths().get(0));
    String known = archive.knownDigest(this);
    if (!known.isEmpty()) {
      Path tree = tree(known, request);
      if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
        return RootfsSource.prepared(List.of(tree));
      }
    }
    return RootfsSource.prepared(List.of(new Unpacking(this, archive, request).tree(known)));
  }

  /** Where the files of an archive are or would be. */
  public RootfsSource preview(RootfsPreparation request) {
    Archive archive = look(request.source().paths().get(0));
    String digest = archive.knownDigest(this);
    if (digest.isEmpty()) {
      ArchiveFile file = new ArchiveFile(archive.path());
      file.check();
      digest = file.digest();
    }
    return RootfsSource.prepared(List.of(tree(digest, request)));
  }

  /** The trees there are; none that is half made or half deleted. */
  public List<Path> prepared() {
    List<Path> trees = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(trees())) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().indexOf('.') < 0) {
          trees.add(entry);
        }
      }
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      throw new PlanningException(trees() + ": " + e.getMessage());
    }
    return trees;
  }

  /** Deletes what no container uses; see {@link io.hardway.spi.RootfsProvider#prune}. */
  public List<String> prune(Host host, Supplier<List<Path>> used, StepRunner runner) {
    return Files.isDirectory(trees()) ? new Pruning(this, host, used, runner).run() : List.of();
  }

  Path directory() {
    return directory;
  }

  Path trees() {
    return directory.resolve("trees");
  }

  Path index() {
    return directory.resolve("index");
  }

  /**
   * The place of an archive's files. Root's are as the archive has them; an ordinary user's have
   * the ids of the user namespace they were unpacked for, which is part of the name then.
   */
  Path tree(String digest, RootfsPreparation request) {
    StringBuilder name = new StringBuilder(digest);
    if (!request.host().isPrivileged()) {
      append(name, "-u", request.uidMappings());
      append(name, "-g", request.gidMappings());
      if (name.length() > LONGEST_NAME) {
        throw new PlanningException(
            "an archive cannot be unpacked for a user namespace of "
                + (request.uidMappings().size() + request.gidMappings().size())
                + " ranges of ids",
            "map fewer ranges");
      }
    }
    return trees().resolve(name.toString());
  }

  private static void append(StringBuilder name, String before, List<IdMapping> mappings) {
    name.append(before);
    for (int i = 0; i < mappings.size(); i++) {
      IdMapping mapping = mappings.get(i);
      name.append(i == 0 ? "" : "_")
          .append(mapping.containerId())
          .append('.')
          .append(mapping.hostId())
          .append('.')
          .append(mapping.size());
    }
  }

  private static Archive look(Path named) {
    try {
      Path path = named.toRealPath();
      Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES);
      if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
        throw new PlanningException(
            path + " is neither a directory nor a tar archive", "name one or the other");
      }
      return new Archive(
          path,
          Long.toHexString(number(attributes, "dev"))
              + "-"
              + Long.toHexString(number(attributes, "ino")),
          number(attributes, "size")
              + " "
              + nanos(attributes, "lastModifiedTime")
              + " "
              + nanos(attributes, "ctime"),
          nanos(attributes, "ctime"));
    } catch (IOException e) {
      throw new PlanningException(
          "the archive "
              + named
              + " cannot be read: "
              + (e instanceof java.nio.file.NoSuchFileException
                  ? "it does not exist"
                  : e instanceof java.nio.file.AccessDeniedException
                      ? "permission denied"
                      : e.getMessage()),
          "name an archive that exists and that you may read",
          e);
    }
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) attributes.get(name)).longValue();
  }

  private static long nanos(Map<String, Object> attributes, String name) {
    return ((FileTime) attributes.get(name)).to(TimeUnit.NANOSECONDS);
  }

  /**
   * An archive that was looked at.
   *
   * @param inode which file it is
   * @param stamp its size and times: they change when its content does
   * @param changed when it was changed last, in nanoseconds
   */
  record Archive(Path path, String inode, String stamp, long changed) {
    /** The digest that the index has for it; empty where it has none. */
    String knownDigest(ArchiveStore store) {
      try {
        String line = Files.readString(store.index().resolve(inode));
        int last = line.lastIndexOf(' ');
        return last > 0 && line.substring(0, last).equals(stamp)
            ? line.substring(last + 1).strip()
            : "";
      } catch (IOException unknown) {
        return "";
      }
    }
  }
}
