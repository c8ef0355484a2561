package io.hardway.isolation.linux;

import io.hardway.linux.Capabilities;
import io.hardway.linux.seccomp.FilterCompiler;
import io.hardway.spi.PlanningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the programs that are shipped, while the plugin is built. */
final class FilterBuild {
  private FilterBuild() {}

  /**
   * Writes them beside the classes.
   *
   * @param arguments the directory of compiled classes
   */
  public static void main(String[] arguments) throws IOException {
    Path classes =
        Path.of(arguments[0]).resolve(FilterBuild.class.getPackageName().replace('.', '/'));
    try {
      for (String machine : DefaultFilter.MACHINES) {
        for (long set : DefaultFilter.shippedSets()) {
          Path file = classes.resolve(DefaultFilter.resource(machine, set));
          Files.createDirectories(file.getParent());
          Files.write(
              file,
              FilterCompiler.compile(
                  DefaultFilter.filter(machine, DefaultFilter.KERNEL, names(set)),
                  DefaultFilter.PLACE,
                  machine));
        }
      }
    } catch (PlanningException e) {
      System.err.println("plugin-isolation-linux: " + e.getMessage());
      System.err.println("The build makes the default system call filters with libseccomp 2.5 or");
      System.err.println("newer: install libseccomp2 (Debian) or libseccomp (Fedora).");
      System.exit(1);
    }
  }

  static List<String> names(long set) {
    List<String> names = new ArrayList<>();
    for (String name : Capabilities.all()) {
      if ((set & Capabilities.bit(name)) != 0) {
        names.add(name);
      }
    }
    return names;
  }
}
