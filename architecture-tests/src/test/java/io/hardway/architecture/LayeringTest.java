package io.hardway.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.hardway.spi.Plugin;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layering of docs/architecture.md, "Modules": who may know whom. */
class LayeringTest {
  private static final String[] PLUGINS = {
    "io.hardway.isolation..", "io.hardway.cgroup..", "io.hardway.net..", "io.hardway.fs.."
  };

  private static final JavaClasses HARDWAY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.hardway");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.hardway.spi",
        "io.hardway.linux",
        "io.hardway.init",
        "io.hardway.core",
        "io.hardway.isolation",
        "io.hardway.cgroup.v1",
        "io.hardway.cgroup.v2",
        "io.hardway.net.none",
        "io.hardway.net.bridge",
        "io.hardway.fs.overlay",
        "io.hardway.cli"
      })
  void everyModuleIsLookedAt(String root) {
    assertFalse(
        HARDWAY.that(resideInAPackage(root + "..")).isEmpty(),
        root + " has no classes on the class path");
  }

  @Test
  void theCoreKnowsNoPlugin() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.hardway.core..", "io.hardway.init..", "io.hardway.linux..", "io.hardway.spi..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PLUGINS)
        .check(HARDWAY);
  }

  @Test
  void theCommandLineKnowsNoPlugin() {
    noClasses()
        .that()
        .resideInAPackage("io.hardway.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(PLUGINS)
        .check(HARDWAY);
  }

  @Test
  void pluginsKnowOnlySpiAndLinux() {
    for (String plugin :
        List.of(
            "io.hardway.isolation..",
            "io.hardway.cgroup.v1..",
            "io.hardway.cgroup.v2..",
            "io.hardway.net.none..",
            "io.hardway.fs.overlay..")) {
      classes()
          .that()
          .resideInAPackage(plugin)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      plugin, "io.hardway.spi", "io.hardway.spi.spec", "io.hardway.linux..")
                  .or(not(resideInAPackage("io.hardway.."))))
          .check(HARDWAY);
    }
  }

  @Test
  void spiKnowsNeither() {
    classes()
        .that()
        .resideInAPackage("io.hardway.spi..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.hardway.spi..", "java..", "org.slf4j..")
        .check(HARDWAY);
  }

  @Test
  void linuxKnowsOnlySpi() {
    noClasses()
        .that()
        .resideInAPackage("io.hardway.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.hardway.core..", "io.hardway.init..", "io.hardway.cli..", "io.hardway.spi.plan..")
        .check(HARDWAY);
  }

  @Test
  void theCoreDoesNotKnowTheCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage("io.hardway.core..", "io.hardway.init..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.hardway.cli..")
        .check(HARDWAY);
  }

  @Test
  void onlyLinuxCallsNativeCode() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.hardway.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.sun.jna..", "java.lang.foreign..")
        .check(HARDWAY);
    classes()
        .that()
        .resideOutsideOfPackage("io.hardway.linux..")
        .should(haveNoNativeMethods())
        .check(HARDWAY);
  }

  @Test
  void onlyTheSpawnerAndDoctorsStartProcesses() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.hardway.spi..",
            "io.hardway.isolation..",
            "io.hardway.cgroup..",
            "io.hardway.net..",
            "io.hardway.fs..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .because("plugins contribute steps; a program is run by the run step")
        .check(HARDWAY);
  }

  @Test
  void pluginsHaveAPublicConstructorWithoutParameters() {
    classes()
        .that()
        .implement(Plugin.class)
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(haveAPublicDefaultConstructor())
        .check(HARDWAY);
  }

  @Test
  void loggingGoesThroughSlf4j() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.hardway.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ch.qos.logback..", "java.util.logging..")
        .check(HARDWAY);
  }

  private static ArchCondition<JavaClass> haveNoNativeMethods() {
    return new ArchCondition<>("have no native methods") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getMethods().stream()
            .filter(method -> method.getModifiers().contains(JavaModifier.NATIVE))
            .forEach(
                method ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " is native")));
      }
    };
  }

  private static ArchCondition<JavaClass> haveAPublicDefaultConstructor() {
    return new ArchCondition<>("have a public constructor without parameters") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean found =
            type.getConstructors().stream()
                .anyMatch(
                    constructor ->
                        constructor.getParameters().isEmpty()
                            && constructor.getModifiers().contains(JavaModifier.PUBLIC));
        if (!found) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " cannot be found by ServiceLoader"));
        }
      }
    };
  }
}
