package io.hardway.fs.overlay;

import io.hardway.spi.FileChange;
import io.hardway.spi.PlanningException;
import io.hardway.spi.RootfsRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a container's layer says that it changed, as {@code docker diff} tells it. A file in the
 * upper directory is an addition or a change, by whether something below has its name; a whiteout
 * is a deletion. A directory is there as soon as something in it was changed; it counts as changed
 * where that is so, or where its own mode, owner or time differ.
 */
final class LayerChanges {
  private static final String ATTRIBUTES =
      "unix:mode,uid,gid,rdev,size,nlink,ino,dev,lastModifiedTime,isDirectory,isRegularFile,isSymbolicLink";
  private static final int S_IFMT = 0170000;
  private static final int S_IFCHR = 0020000;

  private final List<Part> parts;
  private final OverlayMount.Attributes attributes;
  private final List<FileChange> found = new ArrayList<>();

  private LayerChanges(List<Part> parts, OverlayMount.Attributes attributes) {
    this.parts = parts;
    this.attributes = attributes;
  }

  /** What a part of the layer lies on. */
  private enum Ground {
    /** The directories below it, through an overlay. */
    OVERLAY,
    /** Nothing: it is a directory of the container's own, whose first entries the plan made. */
    OWN
  }

  private record Part(
      String prefix, Path upper, List<Path> lower, Ground ground, Set<String> given) {}

  /** The layer of a request's container. */
  static LayerChanges of(RootfsRequest request) {
    Layer layer = new Layer(request.container());
    List<Part> parts = new ArrayList<>();
    switch (request.source().kind()) {
      case "directories", "prepared" ->
          parts.add(
              new Part("", layer.upper(), request.source().paths(), Ground.OVERLAY, Set.of()));
      case "host" -> addHost(request, layer, parts);
      default -> {
        // A bundle is written to in place: it has no layer.
      }
    }
    return new LayerChanges(parts, OverlayRootfsProvider.attributes(request));
  }

  private static void addHost(RootfsRequest request, Layer layer, List<Part> parts) {
    HostTree tree = HostTree.of(request);
    if (HostTree.isPieced(request)) {
      Set<String> given = new HashSet<>();
      for (HostTree.Node node : tree.nodes()) {
        given.add(node.path());
      }
      for (HostTree.Part part : tree.parts()) {
        given.add(part.path());
      }
      parts.add(new Part("", layer.upper(), List.of(), Ground.OWN, given));
    } else {
      parts.add(
          new Part("", layer.upper(), List.of(request.host().file("/")), Ground.OVERLAY, Set.of()));
    }
    for (HostTree.Part part : tree.parts()) {
      if (part.kind() == HostTree.PartKind.OVERLAY) {
        parts.add(
            new Part(
                part.path(),
                layer.branch(part.path()).resolve("upper"),
                List.of(part.source()),
                Ground.OVERLAY,
                Set.of()));
      } else if (part.kind() == HostTree.PartKind.EMPTY) {
        parts.add(
            new Part(part.path(), layer.branch(part.path()), List.of(), Ground.OWN, Set.of()));
      }
    }
  }

  /** The changes, sorted by path. */
  List<FileChange> list() {
    for (Part part : parts) {
      if (Files.isDirectory(part.upper(), LinkOption.NOFOLLOW_LINKS)
          && walk(part, part.prefix(), part.upper(), part.lower())
          && !part.prefix().isEmpty()) {
        found.add(change("C", part.prefix()));
      }
    }
    found.sort(Comparator.comparing(FileChange::path));
    return Collections.unmodifiableList(found);
  }

  private boolean walk(Part part, String prefix, Path upper, List<Path> lower) {
    boolean any = false;
    Set<String> names = new HashSet<>();
    for (Path entry : entries(upper)) {
      String name = entry.getFileName().toString();
      names.add(name);
      any |= compare(part, prefix + "/" + name, entry, lower);
    }
    if (!lower.isEmpty() && Opaque.is(upper, attributes)) {
      for (Path hidden : lower) {
        for (Path entry : entries(hidden)) {
          if (names.add(entry.getFileName().toString()) && !isWhiteout(attributes(entry))) {
            found.add(change("D", prefix + "/" + entry.getFileName()));
            any = true;
          }
        }
      }
    }
    return any;
  }

  private boolean compare(Part part, String path, Path upper, List<Path> lower) {
    Map<String, Object> attributes = attributes(upper);
    if (attributes.isEmpty()) {
      return false;
    }
    List<Path> below = new ArrayList<>();
    Map<String, Object> covered = below(upper.getFileName().toString(), lower, below);
    if (isWhiteout(attributes)) {
      if (!covered.isEmpty()) {
        found.add(change("D", path));
      }
      return !covered.isEmpty();
    }
    boolean given = part.given().contains(path);
    boolean isDirectory = Boolean.TRUE.equals(attributes.get("isDirectory"));
    if (covered.isEmpty() && !given) {
      found.add(change("A", path));
      if (isDirectory) {
        walk(part, path, upper, List.of());
      }
      return true;
    }
    if (!isDirectory) {
      if (!given) {
        found.add(change("C", path));
      }
      return !given;
    }
    boolean changed = walk(part, path, upper, below);
    if (changed || (!given && differs(attributes, covered))) {
      found.add(change("C", path));
      return true;
    }
    return false;
  }

  /**
   * What lies under a name, and, where it is a directory, all directories that are merged there.
   */
  private Map<String, Object> below(String name, List<Path> lower, List<Path> directories) {
    Map<String, Object> first = Map.of();
    for (Path directory : lower) {
      Path entry = directory.resolve(name);
      Map<String, Object> attributes = attributes(entry);
      if (attributes.isEmpty()) {
        continue;
      }
      boolean isDirectory = Boolean.TRUE.equals(attributes.get("isDirectory"));
      if (isWhiteout(attributes) || (!isDirectory && !first.isEmpty())) {
        break;
      }
      first = first.isEmpty() ? attributes : first;
      if (!isDirectory) {
        break;
      }
      directories.add(entry);
      if (Opaque.is(entry, this.attributes)) {
        break;
      }
    }
    return first;
  }

  private static boolean differs(Map<String, Object> upper, Map<String, Object> lower) {
    return !upper.get("mode").equals(lower.get("mode"))
        || !upper.get("lastModifiedTime").equals(lower.get("lastModifiedTime"));
  }

  /** Bytes in the layer's files, each inode once. */
  long size() {
    Set<Object> counted = new HashSet<>();
    long size = 0;
    for (Part part : parts) {
      if (Files.isDirectory(part.upper(), LinkOption.NOFOLLOW_LINKS)) {
        size += size(part.upper(), counted);
      }
    }
    return size;
  }

  private static long size(Path directory, Set<Object> counted) {
    long size = 0;
    for (Path entry : entries(directory)) {
      Map<String, Object> attributes = attributes(entry);
      if (Boolean.TRUE.equals(attributes.get("isDirectory"))) {
        size += size(entry, counted);
      } else if (Boolean.TRUE.equals(attributes.get("isRegularFile"))
          && (((Number) attributes.get("nlink")).intValue() == 1
              || counted.add(List.of(attributes.get("dev"), attributes.get("ino"))))) {
        size += ((Number) attributes.get("size")).longValue();
      }
    }
    return size;
  }

  private static boolean isWhiteout(Map<String, Object> attributes) {
    return !attributes.isEmpty()
        && (((Number) attributes.get("mode")).intValue() & S_IFMT) == S_IFCHR
        && ((Number) attributes.get("rdev")).longValue() == 0;
  }

  /** Nothing where the entry is gone: a running container goes on writing. */
  private static Map<String, Object> attributes(Path path) {
    try {
      return Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      if (e instanceof java.nio.file.FileSystemException refused
          && "Not a directory".equals(refused.getReason())) {
        return Map.of();
      }
      throw unreadable(path, e);
    }
  }

  private static List<Path> entries(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        entries.add(entry);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      throw unreadable(directory, e.getCause());
    }
    Collections.sort(entries);
    return entries;
  }

  private static PlanningException unreadable(Path path, IOException e) {
    return new PlanningException(
        path
            + " cannot be read: "
            + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()),
        "files of subordinate ids are readable for root only",
        e);
  }

  private static FileChange change(String kind, String path) {
    return FileChange.builder().kind(kind).path(path).build();
  }
}
