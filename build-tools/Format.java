import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Formats the project's Java files, or checks that they are formatted. Run by the build under the
 * newer JDK, because the formatter does not run on the one that may run Maven.
 *
 * <p>Usage: {@code java Format.java check|apply ROOT STAMP}. Only files newer than the stamp are
 * looked at.
 */
class Format {
  private static final Set<String> NOT_SOURCES = Set.of("target", ".git", "node_modules");

  private final Formatter formatter = new Formatter();
  private final List<Path> wrong = new ArrayList<>();
  private final boolean apply;
  private final Path root;

  private Format(boolean apply, Path root) {
    this.apply = apply;
    this.root = root;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || !Set.of("check", "apply").contains(arguments[0])) {
      System.err.println("usage: java Format.java check|apply ROOT STAMP");
      System.exit(2);
    }
    Path stamp = Path.of(arguments[2]);
    FileTime since =
        Files.exists(stamp)
            ? Files.getLastModifiedTime(stamp)
            : FileTime.fromMillis(Long.MIN_VALUE);
    FileTime now = FileTime.fromMillis(System.currentTimeMillis());
    Format format = new Format(arguments[0].equals("apply"), Path.of(arguments[1]));
    format.visit(since);
    if (!format.wrong.isEmpty() && !format.apply) {
      System.err.println("not formatted; `mvn -q -N validate -Dformat=apply` mends it:");
      format.wrong.forEach(file -> System.err.println("  " + file));
      System.exit(1);
    }
    Files.createDirectories(stamp.getParent());
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, now);
  }

  private void visit(FileTime since) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return NOT_SOURCES.contains(String.valueOf(directory.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".java")
                && attributes.lastModifiedTime().compareTo(since) >= 0) {
              format(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void format(Path file) throws IOException {
    String source = Files.readString(file);
    try {
      String imports = ImportOrderer.reorderImports(source, Style.GOOGLE);
      String formatted = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(imports));
      if (!formatted.equals(source)) {
        wrong.add(root.relativize(file));
        if (apply) {
          Files.writeString(file, formatted);
        }
      }
    } catch (FormatterException e) {
      System.err.println(root.relativize(file) + ":" + e.getMessage());
      wrong.add(root.relativize(file));
    }
  }
}
