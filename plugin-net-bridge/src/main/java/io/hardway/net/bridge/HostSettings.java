package io.hardway.net.bridge;

import io.hardway.spi.Errno;
import io.hardway.spi.Host;
import io.hardway.spi.HostFinding;
import io.hardway.spi.Location;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.Text;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of the host that there is no other place for than the whole host. What each was before
 * is noted before it is changed, in a file of its own; with the last network it is given back.
 */
final class HostSettings {
  /** Whether packets are forwarded, IPv4; ip-sysctl.rst of the kernel. */
  static final String FORWARDING = "/proc/sys/net/ipv4/ip_forward";

  /** The same for IPv6; where it is on, advertisements of routers are not taken any more. */
  static final String FORWARDING_6 = "/proc/sys/net/ipv6/conf/all/forwarding";

  private static final String SYSCTL = "/proc/sys/";
  private static final String SUFFIX = ".before";
  private static final int WRITE_CREATE_TRUNCATE = 01101;
  private static final int PRIVATE = 0600;
  private static final int PRIVATE_DIRECTORY = 0700;

  private final Host host;
  private final Path directory;

  /** Kept below this directory. */
  HostSettings(Host host, Path directory) {
    this.host = host;
    this.directory = directory;
  }

  /**
   * Adds the steps that set a file to a value, none where it is so; the file is made if need be.
   */
  void set(String file, String value, String label, Stage stage) {
    String now = read(file);
    if (now.equals(value)) {
      return;
    }
    Path record = directory.resolve(file.substring(SYSCTL.length()).replace('/', ':') + SUFFIX);
    String boot = read("/proc/sys/kernel/random/boot_id");
    Text text =
        Text.of(boot + "\n" + file + "\n" + now + "\n" + String.join(" ", interfaces()) + "\n");
    stage
        .mkdirs(Location.host(directory), PRIVATE_DIRECTORY)
        .label("make the place for what is changed of the host");
    if (Files.exists(record) && !readNote(record).boot().equals(boot)) {
      stage
          .write(Location.host(record), WRITE_CREATE_TRUNCATE, PRIVATE, text)
          .label("note that " + file + " was " + now);
    } else {
      // Of two that do so at once, the first is right.
      stage
          .create(Location.host(record), PRIVATE, text)
          .ignoring(Errno.EEXIST)
          .label("note that " + file + " was " + now);
    }
    stage.write(Location.host(host.file(file)), value).label(label);
  }

  /** Whether the host forwards packets, or can be made to. */
  static boolean mayForward(Host host) {
    HostSettings settings = new HostSettings(host, Path.of("/"));
    return settings.read(FORWARDING).equals("1") || Files.isWritable(host.file(FORWARDING));
  }

  /**
   * Lets the host forward packets.
   *
   * @param version6 those of IPv6, too: interfaces that have their default route from a router's
   *     advertisement go on to listen to those
   */
  void forward(boolean version6, HostRoutes routes, Stage stage) {
    set(FORWARDING, "1", "let the host forward packets", stage);
    if (version6 && !read(FORWARDING_6).equals("1")) {
      for (String listening : routes.advertised()) {
        String accepts = "/proc/sys/net/ipv6/conf/" + listening + "/accept_ra";
        if (read(accepts).equals("1")) {
          set(accepts, "2", "let " + listening + " keep the route that a router told it", stage);
        }
      }
      set(FORWARDING_6, "1", "let the host forward packets of IPv6", stage);
    }
  }

  /**
   * Adds the steps that give everything back, but where interfaces of others have come since: who
   * made them may need it by now.
   */
  void giveBack(Stage stage) {
    String boot = read("/proc/sys/kernel/random/boot_id");
    Set<String> there = interfaces();
    for (Path file : records()) {
      Note note = readNote(file);
      if (note.boot().equals(boot) && note.interfaces().containsAll(there)) {
        stage
            .write(Location.host(host.file(note.file())), note.value())
            .ignoring(Errno.ENOENT)
            .label("set " + note.file() + " to what it was");
      }
      stage
          .unlink(Location.host(file))
          .ignoring(Errno.ENOENT)
          .label("forget what " + note.file() + " was");
    }
  }

  /** What is changed now: the files, and what was in them. */
  List<String> changed() {
    List<String> changed = new ArrayList<>();
    for (Path file : records()) {
      Note note = readNote(file);
      changed.add(note.file() + " was " + note.value());
    }
    return changed;
  }

  /** What is so, for people. */
  List<HostFinding> findings() {
    List<HostFinding> findings = new ArrayList<>();
    findings.add(finding("forwarding of IPv4", FORWARDING, "the first network"));
    findings.add(
        Files.exists(host.file(FORWARDING_6))
            ? finding("forwarding of IPv6", FORWARDING_6, "the first network that has IPv6")
            : new HostFinding(
                "forwarding of IPv6",
                false,
                "the kernel has no IPv6: networks have IPv4 alone; boot without ipv6.disable=1"));
    for (String version : List.of("ip", "ip6")) {
      String filter = "/proc/sys/net/bridge/bridge-nf-call-" + version + "tables";
      if (read(filter).equals("1")) {
        findings.add(
            new HostFinding(
                "packets inside bridges, " + version,
                true,
                "rules of others see them: " + filter + " is 1"));
      }
    }
    return findings;
  }

  private HostFinding finding(String subject, String file, String begins) {
    boolean on = read(file).equals("1");
    boolean can = on || Files.isWritable(host.file(file));
    String remark = on ? "on" : "off; switched on with " + begins;
    for (String change : changed()) {
      if (on && change.startsWith(file + " ")) {
        remark = "on, by Hardway's networks; the last one switches it off";
      }
    }
    return new HostFinding(
        subject, can, can ? remark : "off, and " + file + " cannot be written: sysctl it as root");
  }

  /** A note of what was. */
  private record Note(String boot, String file, String value, Set<String> interfaces) {}

  private static Note readNote(Path path) {
    try {
      List<String> lines = Files.readAllLines(path);
      if (lines.size() == 4) {
        return new Note(lines.get(0), lines.get(1), lines.get(2), Set.of(lines.get(3).split(" ")));
      }
    } catch (NoSuchFileException gone) {
      return new Note("", "", "", Set.of());
    } catch (IOException e) {
      throw new PlanningException(path + ": " + e.getMessage(), "", e);
    }
    throw new PlanningException(path + " is damaged", "remove it");
  }

  private List<Path> records() {
    List<Path> records = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      files.forEach(records::add);
    } catch (NoSuchFileException none) {
      return records;
    } catch (IOException e) {
      throw new PlanningException(directory + ": " + e.getMessage(), "", e);
    }
    Collections.sort(records);
    return records;
  }

  /** The names of the host's interfaces that are not of our containers; proc_net(5). */
  private Set<String> interfaces() {
    Set<String> names = new TreeSet<>();
    names.add("lo");
    for (String line : read("/proc/net/dev").split("\n")) {
      int end = line.indexOf(':');
      if (end > 0 && !HostRoutes.isOurs(line.substring(0, end).strip())) {
        names.add(line.substring(0, end).strip());
      }
    }
    return names;
  }

  /** A file's content without white space around it; empty where it cannot be read. */
  private String read(String path) {
    try {
      return Files.readString(host.file(path)).strip();
    } catch (IOException unknown) {
      return "";
    }
  }
}
