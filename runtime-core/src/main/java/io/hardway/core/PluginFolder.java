package io.hardway.core;

import io.hardway.spi.Host;
import io.hardway.spi.Plugin;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * A folder with plugin jars of third parties. A jar says in its manifest what it is ({@code
 * Hardway-Plugin-Kind}, {@code -Name}, {@code -Class}), so that one that is not chosen is not
 * loaded. Each has a class loader of its own.
 */
final class PluginFolder {
  private final Path folder;
  private final Host host;
  private final List<String> complaints;

  PluginFolder(Path folder, Host host, List<String> complaints) {
    this.folder = folder;
    this.host = host;
    this.complaints = complaints;
  }

  void addTo(List<PluginEntry> entries) {
    if (!Files.isDirectory(folder) || !isTrusted(folder)) {
      return;
    }
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
      found.forEach(jars::add);
    } catch (IOException e) {
      complaints.add("the plugin folder " + folder + " cannot be read: " + e.getMessage());
    }
    Collections.sort(jars);
    for (Path jar : jars) {
      if (isTrusted(jar)) {
        addJar(jar, entries);
      }
    }
  }

  private void addJar(Path jar, List<PluginEntry> entries) {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = attributes.getValue("Hardway-Plugin-Name");
      String className = attributes.getValue("Hardway-Plugin-Class");
      PluginKind kind = kind(attributes.getValue("Hardway-Plugin-Kind"));
      if (name == null || className == null || kind == null) {
        complaints.add(
            jar
                + " is no plugin: its manifest lacks Hardway-Plugin-Kind (isolation, resources, rootfs or network), Hardway-Plugin-Name or Hardway-Plugin-Class");
        return;
      }
      entries.add(
          new PluginEntry(
              kind, name.strip(), jar.toString(), false, () -> instance(jar, className.strip())));
    } catch (IOException e) {
      complaints.add(jar + " cannot be read as a jar: " + e.getMessage());
    }
  }

  private static PluginKind kind(String label) {
    for (PluginKind kind : PluginKind.values()) {
      if (label != null && kind.label().equals(label.strip())) {
        return kind;
      }
    }
    return null;
  }

  /** Who runs as root runs no code that others can change. */
  private boolean isTrusted(Path path) {
    if (host.uid() != 0) {
      return true;
    }
    try {
      Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      boolean writable =
          permissions.contains(PosixFilePermission.GROUP_WRITE)
              || permissions.contains(PosixFilePermission.OTHERS_WRITE);
      if (owner instanceof Integer uid && uid == 0 && !writable) {
        return true;
      }
      complaints.add(
          path
              + " is not used: root runs only plugins that belong to root and that nobody else can write (chown root, chmod go-w)");
    } catch (IOException e) {
      complaints.add(path + " cannot be looked at: " + e.getMessage());
    }
    return false;
  }

  @SuppressWarnings("resource") // the class loader lives as long as the plugin
  private static Plugin instance(Path jar, String className) {
    try {
      URL url = jar.toUri().toURL();
      return (Plugin)
          Class.forName(className, true, new Loader(url)).getDeclaredConstructor().newInstance();
    } catch (MalformedURLException | ReflectiveOperationException e) {
      throw new IllegalStateException(className + " cannot be made: " + e, e);
    }
  }

  /**
   * Sees its own jar, the JDK, and of ours what plugins are compiled against; hides the services of
   * others.
   */
  private static final class Loader extends URLClassLoader {
    private static final String[] SHARED = {
      "io.hardway.spi.", "io.hardway.linux.", "com.sun.jna.", "org.slf4j."
    };

    Loader(URL jar) {
      super(new URL[] {jar}, new Filter(Plugin.class.getClassLoader()));
    }

    private static final class Filter extends ClassLoader {
      private final ClassLoader ours;

      Filter(ClassLoader ours) {
        super(ClassLoader.getPlatformClassLoader());
        this.ours = ours;
      }

      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (String prefix : SHARED) {
          if (name.startsWith(prefix)) {
            return ours.loadClass(name);
          }
        }
        throw new ClassNotFoundException(name);
      }

      @Override
      public URL getResource(String name) {
        return isHidden(name) ? null : super.getResource(name);
      }

      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return isHidden(name) ? Collections.emptyEnumeration() : super.getResources(name);
      }

      private static boolean isHidden(String name) {
        return name.startsWith("META-INF/services/");
      }
    }
  }
}
