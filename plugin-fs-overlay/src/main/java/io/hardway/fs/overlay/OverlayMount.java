package io.hardway.fs.overlay;

import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One mount of the overlay file system; overlayfs.rst.
 *
 * <p>The options it gives, and why:
 *
 * <ul>
 *   <li>{@code redirect_dir=off,metacopy=off}: the upper directory alone says what the container
 *       changed; no attribute in it refers to data elsewhere, and none that a lower directory
 *       brings along is followed.
 *   <li>{@code index=off}: a container can be started while the mount namespace of its last process
 *       is still being taken down.
 *   <li>{@code userxattr} in user namespaces, where the kernel allows no {@code trusted.}
 *       attributes. It implies the first two.
 *   <li>{@code volatile} on request: nothing is synced to disk, not even when it is unmounted.
 *   <li>{@code xino} stays as the kernel has it: it matters only for layers on different file
 *       systems.
 * </ul>
 */
final class OverlayMount {
  /** mount(2) takes one page of options; the smallest page there is, less the NUL. */
  static final int MAXIMAL_OPTIONS = 4095;

  /** The kernel's OVL_MAX_STACK. */
  static final int MAXIMAL_LAYERS = 500;

  /** Whether the mounting process has the capabilities of the initial user namespace. */
  enum Attributes {
    TRUSTED,
    USER
  }

  /** Whether what is written must survive a crash of the host. */
  enum Durability {
    SYNCED,
    VOLATILE
  }

  private final List<Path> lower;
  private final Path directory;
  private final Attributes attributes;
  private final Durability durability;

  /**
   * An overlay.
   *
   * @param lower uppermost first
   * @param directory the container's own, with {@code upper}, {@code work}, and {@code l} where
   *     links are needed
   */
  OverlayMount(List<Path> lower, Path directory, Attributes attributes, Durability durability) {
    if (lower.size() > MAXIMAL_LAYERS) {
      throw new PlanningException(
          "a root of " + lower.size() + " directories: the kernel stacks at most " + MAXIMAL_LAYERS,
          "merge some of them");
    }
    this.lower = List.copyOf(lower);
    this.directory = directory;
    this.attributes = attributes;
    this.durability = durability;
  }

  /** Whether paths are too long, or hold characters that mean something in an option string. */
  boolean needsLinks() {
    for (Path path : lower) {
      if (isSpecial(path)) {
        return true;
      }
    }
    return isSpecial(directory)
        || plainOptions().getBytes(StandardCharsets.UTF_8).length > MAXIMAL_OPTIONS;
  }

  private static boolean isSpecial(Path path) {
    String text = path.toString();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ':' || c == ',' || c == '\\' || c == '"' || c < ' ') {
        return true;
      }
    }
    return false;
  }

  /** Adds what {@link #mount} needs beside {@code upper} and {@code work}. */
  void prepare(LayerSteps steps) {
    if (!needsLinks()) {
      return;
    }
    Path links = directory.resolve("l");
    steps.mkdir(links, 0700, "make a directory for links to the lower directories");
    for (int i = 0; i < lower.size(); i++) {
      steps.symlink(
          links.resolve(name(i)),
          lower.get(i).toString(),
          "name the lower directory " + lower.get(i) + " " + name(i));
    }
  }

  /** Adds the mount. */
  void mount(Stage stage, Location target, MountPointKind create) {
    if (needsLinks()) {
      stage
          .chdir(Location.host(directory.resolve("l")), false)
          .label("enter the directory of links to the lower directories");
      add(stage, target, linkedOptions(), create);
      stage.chdir(Location.host("/"), false).label("leave it again");
    } else {
      add(stage, target, plainOptions(), create);
    }
  }

  private void add(Stage stage, Location target, String options, MountPointKind create) {
    stage
        .mount(Text.of("overlay"), target, "overlay", 0, options, create)
        .label("mount " + describe() + " with the container's own layer on top")
        .hint("the kernel's log (dmesg) has the reason of a refused overlay");
  }

  private String describe() {
    return lower.size() == 1 ? lower.get(0).toString() : lower.size() + " directories";
  }

  private String plainOptions() {
    List<String> names = new ArrayList<>(lower.size());
    for (Path path : lower) {
      names.add(path.toString());
    }
    return options(
        names, directory.resolve("upper").toString(), directory.resolve("work").toString());
  }

  private String linkedOptions() {
    List<String> names = new ArrayList<>(lower.size());
    for (int i = 0; i < lower.size(); i++) {
      names.add(name(i));
    }
    return options(names, "../upper", "../work");
  }

  private static String name(int index) {
    return Integer.toString(index, Character.MAX_RADIX);
  }

  private String options(List<String> names, String upper, String work) {
    StringBuilder text = new StringBuilder("lowerdir=");
    for (int i = 0; i < names.size(); i++) {
      text.append(i == 0 ? "" : ":").append(names.get(i));
    }
    text.append(",upperdir=").append(upper).append(",workdir=").append(work);
    text.append(
        attributes == Attributes.USER ? ",userxattr" : ",redirect_dir=off,metacopy=off,index=off");
    if (durability == Durability.VOLATILE) {
      text.append(",volatile");
    }
    return text.toString();
  }
}
