package dev.migrator.check;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Data flows one way: text, statements, effects, verdicts. */
class ArchitectureTests {

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.migrator.check");

  private void apart(String lower, String... upper) {
    noClasses()
        .that()
        .resideInAPackage("..check.internal." + lower)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(upper)
        .check(classes);
  }

  @Test
  void packagesDependInOneDirection() {
    apart("text", "..internal.read", "..check.internal.effect", "..judge", "dev.migrator.check");
    apart(
        "read",
        "..check.internal.text",
        "..check.internal.effect",
        "..judge",
        "dev.migrator.check");
    apart("effect", "..judge", "dev.migrator.check");
  }

  /** Liquibase is a dependency of those only who check a changelog. */
  @Test
  void onlyThatOfChangelogsKnowsLiquibase() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..check.internal.changelog")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("liquibase..", "org.yaml..")
        .check(classes);
    apart(
        "changelog", "..internal.read", "..check.internal.effect", "..judge", "dev.migrator.check");
  }

  /** What decides reads nothing from a server. */
  @Test
  void judgesDoNoInputOrOutput() {
    apart("judge", "java.sql..", "javax.sql..", "java.nio.file..", "org.springframework..");
    apart("read", "java.sql..", "javax.sql..", "java.nio.file..", "org.springframework..");
  }
}
