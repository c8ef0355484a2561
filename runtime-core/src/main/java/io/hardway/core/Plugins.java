package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.IsolationProvider;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.Plugin;
import io.hardway.spi.ResourceController;
import io.hardway.spi.RootfsProvider;
import io.hardway.spi.Support;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The plugins there are, and the choice among them. {@code auto} takes the usable one that says it
 * fits best, ties by name; one from a folder only where the configuration lets it. A name forces
 * one.
 */
public final class Plugins {
  /** Lets Hardway choose. */
  public static final String AUTO = "auto";

  private final Host host;
  private final Settings settings;
  private final List<Path> folders;
  private final Optional<Path> index;
  private List<PluginEntry> bundled;
  private List<PluginEntry> fromFolders;
  private final List<String> complaints = new ArrayList<>();

  /**
   * The plugins of an installation.
   *
   * @param index lines of {@code INTERFACE IMPLEMENTATION} for the bundled ones; where there is no
   *     such file, {@link ServiceLoader} finds them
   * @param folders where jars of third parties are
   */
  Plugins(Host host, Settings settings, Optional<Path> index, List<Path> folders) {
    this.host = host;
    this.settings = settings;
    this.index = index;
    this.folders = List.copyOf(folders);
  }

  /** All that were found, by kind and then as found. */
  public List<PluginEntry> all() {
    List<PluginEntry> all = new ArrayList<>(bundled());
    all.addAll(fromFolders());
    return all;
  }

  /** What is wrong with folders and jars, one sentence each. */
  public List<String> complaints() {
    fromFolders();
    return List.copyOf(complaints);
  }

  /** The isolation provider with this name, or the best. */
  public IsolationProvider isolation(String wanted) {
    return (IsolationProvider) choose(PluginKind.ISOLATION, wanted).load();
  }

  /** The resource controller with this name, or the best. */
  public ResourceController resources(String wanted) {
    return (ResourceController) choose(PluginKind.RESOURCES, wanted).load();
  }

  /**
   * The resource plugins that may be asked for what the chosen one does not give; none where it was
   * asked for by its name.
   *
   * @param wanted the name that was asked for, or {@code auto}
   * @param chosen the name of the one that was chosen
   */
  public List<String> supplements(String wanted, String chosen) {
    List<String> names = new ArrayList<>();
    if (wanted.equals(AUTO)) {
      for (PluginEntry entry : candidates()) {
        if (entry.kind() == PluginKind.RESOURCES && !entry.name().equals(chosen)) {
          names.add(entry.name());
        }
      }
    }
    return names;
  }

  /**
   * The resource controller with this name, whether or not it works here alone: for what the chosen
   * one does not give, and for a group that is there already.
   */
  ResourceController resourcesNamed(String name) {
    return (ResourceController) found(PluginKind.RESOURCES, name).load();
  }

  /**
   * The name of the resource plugin that gives the limits of a controller when none is asked for by
   * name but in the configuration; empty where none does.
   *
   * @param controller one of those that {@link io.hardway.spi.spec.Resources#controllers()} names
   */
  public Optional<String> giver(String controller) {
    String wanted = configured(PluginKind.RESOURCES);
    ResourceController chosen;
    try {
      chosen = resources(wanted);
    } catch (HardwayException noneWorks) {
      return Optional.empty();
    }
    if (chosen.gives(host, controller)) {
      return Optional.of(chosen.name());
    }
    for (String name : supplements(wanted, chosen.name())) {
      if (resourcesNamed(name).gives(host, controller)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether rules about devices are applied by this resource controller, or by one of those that
   * may be asked for what it does not give; by none they are not.
   */
  public boolean enforceDeviceRules(String resources, List<String> supplements) {
    if (resources.isEmpty()) {
      return false;
    }
    boolean enforced = resources(resources).enforcesDeviceRules(host);
    for (String name : enforced ? List.<String>of() : supplements) {
      ResourceController other = resourcesNamed(name);
      enforced |= other.gives(host, "devices") && other.enforcesDeviceRules(host);
    }
    return enforced;
  }

  /** The root file system provider with this name, or the best. */
  public RootfsProvider rootfs(String wanted) {
    return (RootfsProvider) choose(PluginKind.ROOTFS, wanted).load();
  }

  /** The network provider with this name, or the best. */
  public NetworkProvider network(String wanted) {
    return (NetworkProvider) choose(PluginKind.NETWORK, wanted).load();
  }

  /** What the configuration wants of a kind: a name, or {@code auto}. */
  public String configured(PluginKind kind) {
    String name = settings.text("plugins." + kind.label());
    return name.isEmpty() ? AUTO : name;
  }

  /** Whether any plugin of a kind can be used. */
  public boolean hasUsable(PluginKind kind) {
    return best(kind) != null;
  }

  /** Why none of a kind can be used, for each its reason. */
  public String reasons(PluginKind kind) {
    StringBuilder reasons = new StringBuilder();
    for (PluginEntry entry : bundled()) {
      if (entry.kind() == kind) {
        reasons
            .append(reasons.isEmpty() ? "" : "; ")
            .append(entry.name())
            .append(": ")
            .append(entry.probe(host).reason());
      }
    }
    return reasons.toString();
  }

  /**
   * The plugin of a kind with this name, or for {@code auto} the best.
   *
   * @throws HardwayException where there is none of that name, or it does not work here
   */
  public PluginEntry choose(PluginKind kind, String wanted) {
    if (wanted.equals(AUTO)) {
      PluginEntry best = best(kind);
      if (best == null) {
        throw new HardwayException("no " + kind.label() + " plugin works here: " + reasons(kind));
      }
      DecisionLog.say(Plugins.class, "chose {} plugin {}", kind.label(), best.name());
      return best;
    }
    PluginEntry entry = found(kind, wanted);
    Support support = entry.probe(host);
    if (!support.isUsable()) {
      throw new HardwayException(
          "the " + kind.label() + " plugin " + wanted + " does not work here: " + support.reason());
    }
    DecisionLog.say(Plugins.class, "took {} plugin {}, as asked for", kind.label(), wanted);
    return entry;
  }

  /** Whether there is one of this kind and name, whether it works here or not. */
  public boolean has(PluginKind kind, String name) {
    return any(kind, name) != null;
  }

  private PluginEntry any(PluginKind kind, String name) {
    PluginEntry entry = named(kind, name, bundled());
    return entry == null ? named(kind, name, fromFolders()) : entry;
  }

  private PluginEntry found(PluginKind kind, String name) {
    PluginEntry entry = any(kind, name);
    if (entry == null) {
      throw new HardwayException(unknown(kind, name));
    }
    return entry;
  }

  private String unknown(PluginKind kind, String wanted) {
    StringBuilder text =
        new StringBuilder("there is no " + kind.label() + " plugin " + wanted + "; there are:");
    for (PluginEntry entry : all()) {
      if (entry.kind() == kind) {
        text.append(' ').append(entry.name());
      }
    }
    for (String complaint : complaints) {
      text.append("; ").append(complaint);
    }
    return text.toString();
  }

  private static PluginEntry named(PluginKind kind, String name, List<PluginEntry> entries) {
    for (PluginEntry entry : entries) {
      if (entry.kind() == kind && entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  /** Those that may be used without being named. */
  private List<PluginEntry> candidates() {
    List<String> allowed = settings.texts("plugins.auto");
    List<PluginEntry> candidates = new ArrayList<>(bundled());
    if (!allowed.isEmpty()) {
      for (PluginEntry entry : fromFolders()) {
        if (allowed.contains(entry.name())) {
          candidates.add(entry);
        }
      }
    }
    return candidates;
  }

  private PluginEntry best(PluginKind kind) {
    PluginEntry best = null;
    int bestScore = 0;
    for (PluginEntry entry : candidates()) {
      if (entry.kind() != kind) {
        continue;
      }
      Support support = entry.probe(host);
      DecisionLog.say(
          Plugins.class,
          "{} plugin {} ({}): {}",
          kind.label(),
          entry.name(),
          entry.origin(),
          support.isUsable() ? "usable" : support.reason());
      int score = support.score();
      if (score > bestScore
          || score > 0 && score == bestScore && entry.name().compareTo(best.name()) < 0) {
        best = entry;
        bestScore = score;
      }
    }
    return best;
  }

  private synchronized List<PluginEntry> bundled() {
    if (bundled == null) {
      bundled =
          index.isPresent() && Files.isRegularFile(index.get())
              ? readIndex(index.get())
              : findServices();
    }
    return bundled;
  }

  private static List<PluginEntry> readIndex(Path index) {
    List<PluginEntry> entries = new ArrayList<>();
    String text;
    try {
      text = Files.readString(index);
    } catch (IOException e) {
      throw new HardwayException(index + ": " + e.getMessage(), e);
    }
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      int space = text.indexOf(' ', start);
      if (space > start && space < end) {
        String type = text.substring(start, space);
        String implementation = text.substring(space + 1, end).strip();
        for (PluginKind kind : PluginKind.values()) {
          if (kind.type().getName().equals(type)) {
            entries.add(new PluginEntry(kind, "", "bundled", true, () -> instance(implementation)));
          }
        }
      }
      start = end + 1;
    }
    return entries;
  }

  private static Plugin instance(String className) {
    try {
      return (Plugin) Class.forName(className).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(className + " cannot be made: " + e.getMessage(), e);
    }
  }

  private static List<PluginEntry> findServices() {
    List<PluginEntry> entries = new ArrayList<>();
    for (PluginKind kind : PluginKind.values()) {
      for (Plugin plugin : ServiceLoader.load(kind.type())) {
        entries.add(new PluginEntry(kind, "", "bundled", true, () -> plugin));
      }
    }
    return entries;
  }

  private synchronized List<PluginEntry> fromFolders() {
    if (fromFolders == null) {
      fromFolders = new ArrayList<>();
      for (Path folder : folders) {
        new PluginFolder(folder, host, complaints).addTo(fromFolders);
      }
    }
    return fromFolders;
  }
}
