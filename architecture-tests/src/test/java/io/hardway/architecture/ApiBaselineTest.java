package io.hardway.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What plugins compile against, line by line, as it was accepted: a line that is gone breaks
 * plugins, a line that is new is a promise.
 *
 * <p>To accept a change, run with {@code -Dapi.accept=true} and commit the baseline.
 */
class ApiBaselineTest {

  @ParameterizedTest
  @CsvSource({"spi,io.hardway.spi io.hardway.spi.spec", "linux,io.hardway.linux"})
  void isWhatWasAccepted(String module, String packages) throws IOException {
    Set<String> now = new TreeSet<>();
    for (String name : packages.split(" ")) {
      JavaClasses classes =
          new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages(name);
      for (JavaClass type : classes) {
        if (type.getPackageName().equals(name) && isPublic(type)) {
          describe(type, now);
        }
      }
    }
    assertFalse(now.isEmpty(), "nothing was looked at");
    Path baseline = Path.of("api", module + ".txt");
    if (Boolean.getBoolean("api.accept")) {
      Files.createDirectories(baseline.getParent());
      Files.write(baseline, now);
    }
    Set<String> accepted = new TreeSet<>(Files.readAllLines(baseline));
    Set<String> gone = new TreeSet<>(accepted);
    gone.removeAll(now);
    assertEquals(Set.of(), gone, "plugins that use these break");
    Set<String> added = new TreeSet<>(now);
    added.removeAll(accepted);
    assertEquals(Set.of(), added, "new in the API: accept them with -Dapi.accept=true");
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ApiBaselineTest::isPublic).orElse(true);
  }

  private static void describe(JavaClass type, Set<String> lines) {
    String kind = type.isInterface() ? "interface " : type.isEnum() ? "enum " : "class ";
    lines.add(kind + type.getName());
    for (JavaMember member : type.getMembers()) {
      if (!member.getModifiers().contains(JavaModifier.PUBLIC)
              && !member.getModifiers().contains(JavaModifier.PROTECTED)
          || member.getModifiers().contains(JavaModifier.SYNTHETIC)) {
        continue;
      }
      String line = member.getFullName();
      if (member instanceof JavaMethod method) {
        boolean toImplement =
            type.isInterface() && method.getModifiers().contains(JavaModifier.ABSTRACT);
        line = (toImplement ? "abstract " : "") + method.getRawReturnType().getName() + " " + line;
      }
      lines.add(line);
    }
  }
}
