package io.hardway.core;

import io.hardway.linux.Capabilities;
import io.hardway.spi.Host;
import io.hardway.spi.spec.CapabilitySets;
import io.hardway.spi.spec.MemoryResources;
import io.hardway.spi.spec.Namespace;
import io.hardway.spi.spec.Resources;
import io.hardway.spi.spec.Spec;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What a bundle asks for, and this host cannot give, where a runtime goes on without it and says
 * so: nothing is guarded less for it.
 */
final class Concessions {
  /** Those of the specification that refuse unknown capabilities; later ones leave them out. */
  private static final Set<String> STRICT = Set.of("1.0.0", "1.0.1", "1.0.2");

  private final Host host;
  private final Consumer<String> warnings;

  Concessions(Host host, Consumer<String> warnings) {
    this.host = host;
    this.warnings = warnings;
  }

  /**
   * The specification without that.
   *
   * @throws HardwayException where the version of the specification does not allow it
   */
  Spec apply(Spec spec) {
    Spec.Builder less = spec.toBuilder();
    less.process(spec.process().toBuilder().capabilities(capabilities(spec)).build());
    var linux = spec.linux().toBuilder();
    var resources = spec.linux().resources().toBuilder();
    linux.resources(
        resources
            .memory(memory("config.json: linux.resources.", spec.linux().resources().memory()))
            .build());
    if (spec.linux().mountLabel().isPresent() && !hasSelinux()) {
      warnings.accept("config.json: linux.mountLabel: left out: this kernel runs without SELinux");
      linux.noMountLabel();
    }
    return less.linux(linux.build()).build();
  }

  /** The change of limits without that. */
  Resources apply(Resources changed) {
    return changed.toBuilder().memory(memory("", changed.memory())).build();
  }

  private boolean hasSelinux() {
    return Files.exists(host.file("/sys/fs/selinux/enforce"));
  }

  /** The kernel has ignored it since 5.16, and counts that memory with the rest. */
  private MemoryResources memory(String place, MemoryResources memory) {
    if (memory.kernel().isEmpty()) {
      return memory;
    }
    warnings.accept(place + "memory.kernel: left out: kernels no longer limit it alone");
    return memory.toBuilder().noKernel().build();
  }

  /** config.md, "Linux Process", `capabilities`: what cannot be granted is a warning. */
  private CapabilitySets capabilities(Spec spec) {
    CapabilitySets sets = spec.process().capabilities();
    boolean all = hasUserNamespace(spec);
    Set<String> missing = new TreeSet<>();
    CapabilitySets granted =
        sets.toBuilder()
            .bounding(granted(spec, "bounding", sets.bounding(), all, missing))
            .effective(granted(spec, "effective", sets.effective(), all, missing))
            .inheritable(granted(spec, "inheritable", sets.inheritable(), all, missing))
            .permitted(granted(spec, "permitted", sets.permitted(), all, missing))
            .ambient(granted(spec, "ambient", sets.ambient(), all, missing))
            .build();
    if (!missing.isEmpty()) {
      warnings.accept(
          "config.json: process.capabilities: left out, since they are not to be had here: "
              + String.join(", ", missing));
    }
    return granted;
  }

  private List<String> granted(
      Spec spec, String set, List<String> wanted, boolean all, Set<String> missing) {
    List<String> granted = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i);
      boolean known = Capabilities.bit(name) != 0;
      if (!known && STRICT.contains(spec.ociVersion())) {
        throw new HardwayException(
            "config.json: process.capabilities."
                + set
                + "["
                + i
                + "]: there is no capability "
                + name
                + ": see capabilities(7)");
      }
      if (known && (all || host.hasCapability(name))) {
        granted.add(name);
      } else {
        missing.add(name);
      }
    }
    return granted;
  }

  /** There a process has them all. */
  private static boolean hasUserNamespace(Spec spec) {
    for (Namespace namespace : spec.linux().namespaces()) {
      if (namespace.type().equals("user")) {
        return true;
      }
    }
    return false;
  }
}
