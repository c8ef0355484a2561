package io.hardway.linux;

import io.hardway.spi.Host;
import io.hardway.spi.IdRange;
import io.hardway.spi.MountPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The machine this JVM runs on, read from {@code /proc} at the first question and then kept. Any
 * thread may ask; two that ask first read the same twice.
 *
 * @since 0.1
 */
public final class LiveHost implements Host {
  private static final int ALL_IDS = 1_000_000;
  private static final LiveHost CURRENT = new LiveHost();

  private volatile List<String> status;
  private volatile List<MountPoint> mounts;
  private volatile List<String> ownCgroups;
  private volatile String filesystems;
  private volatile String userName;
  private volatile Boolean privileged;

  private LiveHost() {}

  /** This machine. */
  public static Host current() {
    return CURRENT;
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        lines.add(text.substring(start, end));
      }
      start = end + 1;
    }
    return lines;
  }

  /** The words of a line. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= line.length(); i++) {
      boolean space = i == line.length() || line.charAt(i) == ' ' || line.charAt(i) == '\t';
      if (space && start >= 0) {
        words.add(line.substring(start, i));
        start = -1;
      } else if (!space && start < 0) {
        start = i;
      }
    }
    return words;
  }

  private String status(String key) {
    if (status == null) {
      status = lines(read("/proc/self/status"));
    }
    for (String line : status) {
      if (line.startsWith(key)
          && line.length() > key.length()
          && line.charAt(key.length()) == ':') {
        return line.substring(key.length() + 1).strip();
      }
    }
    return "";
  }

  @Override
  public int kernelVersion() {
    String release = read("/proc/sys/kernel/osrelease").strip();
    int dot = release.indexOf('.');
    int end = dot + 1;
    while (end < release.length() && Character.isDigit(release.charAt(end))) {
      end++;
    }
    return dot < 1 || end == dot + 1
        ? 0
        : Integer.parseInt(release.substring(0, dot)) * 1000
            + Integer.parseInt(release.substring(dot + 1, end));
  }

  @Override
  public String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  @Override
  public long uid() {
    return Long.parseLong(words(status("Uid")).get(1));
  }

  @Override
  public long gid() {
    return Long.parseLong(words(status("Gid")).get(1));
  }

  @Override
  public boolean isPrivileged() {
    if (privileged == null) {
      privileged = hasCapability("CAP_SYS_ADMIN") && hasAllIds();
    }
    return privileged;
  }

  /** A user namespace that maps few ids is not the host's. */
  private static boolean hasAllIds() {
    List<String> maps = lines(read("/proc/self/uid_map"));
    return maps.isEmpty() || Long.parseLong(words(maps.get(0)).get(2)) > ALL_IDS;
  }

  @Override
  public boolean hasCapability(String name) {
    String mask = status("CapEff");
    return !mask.isEmpty() && (Long.parseUnsignedLong(mask, 16) & Capabilities.bit(name)) != 0;
  }

  @Override
  public List<MountPoint> mounts() {
    if (mounts == null) {
      List<MountPoint> found = new ArrayList<>();
      for (String line : lines(read("/proc/self/mountinfo"))) {
        List<String> words = words(line);
        int dash = words.indexOf("-");
        if (dash >= 6 && words.size() > dash + 2) {
          String superOptions = words.size() > dash + 3 ? words.get(dash + 3) : "";
          found.add(
              new MountPoint(
                  unescaped(words.get(3)),
                  unescaped(words.get(4)),
                  words.get(5),
                  words.get(dash + 1),
                  unescaped(words.get(dash + 2)),
                  superOptions));
        }
      }
      mounts = List.copyOf(found);
    }
    return mounts;
  }

  /** Spaces and the like are octal in mountinfo; proc_pid_mountinfo(5). */
  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return new String(
        plain.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Override
  public List<String> ownCgroups() {
    if (ownCgroups == null) {
      ownCgroups = List.copyOf(lines(read("/proc/self/cgroup")));
    }
    return ownCgroups;
  }

  @Override
  public boolean supportsFilesystem(String type) {
    if (filesystems == null) {
      filesystems = "\n" + read("/proc/filesystems");
    }
    return filesystems.contains("\t" + type + "\n");
  }

  @Override
  public boolean supportsNamespace(String name) {
    return Files.exists(Path.of("/proc/self/ns", name));
  }

  @Override
  public List<IdRange> subordinateUids() {
    return subordinate("/etc/subuid");
  }

  @Override
  public List<IdRange> subordinateGids() {
    return subordinate("/etc/subgid");
  }

  private List<IdRange> subordinate(String file) {
    List<IdRange> ranges = new ArrayList<>();
    String number = Long.toString(uid());
    for (String line : lines(read(file))) {
      int first = line.indexOf(':');
      int second = line.indexOf(':', first + 1);
      if (first > 0
          && second > first
          && (line.substring(0, first).equals(userName())
              || line.substring(0, first).equals(number))) {
        try {
          ranges.add(
              new IdRange(
                  Long.parseLong(line.substring(first + 1, second).strip()),
                  Long.parseLong(line.substring(second + 1).strip())));
        } catch (NumberFormatException damaged) {
          continue; // subuid(5): a line that is malformed counts for nothing
        }
      }
    }
    return ranges;
  }

  private String userName() {
    if (userName == null) {
      String found = "";
      String id = ":" + uid() + ":";
      for (String line : lines(read("/etc/passwd"))) {
        int name = line.indexOf(':');
        int password = line.indexOf(':', name + 1);
        if (name > 0 && password > 0 && line.startsWith(id, password)) {
          found = line.substring(0, name);
          break;
        }
      }
      userName = found;
    }
    return userName;
  }

  @Override
  public Optional<Path> program(String name) {
    String path =
        System.getenv()
            .getOrDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    int start = 0;
    while (start <= path.length()) {
      int end = path.indexOf(':', start);
      end = end < 0 ? path.length() : end;
      Path candidate = Path.of(path.substring(start, end), name);
      if (end > start && Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  @Override
  public Path file(String absolutePath) {
    return Path.of(absolutePath);
  }
}
