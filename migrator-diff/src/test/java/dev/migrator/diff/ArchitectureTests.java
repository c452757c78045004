package dev.migrator.diff;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Data flows one way: catalogs and mappings, their difference, proposals. */
class ArchitectureTests {

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.migrator.diff");

  private void apart(String lower, String... upper) {
    noClasses()
        .that()
        .resideInAPackage("..diff.internal." + lower)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(upper)
        .check(classes);
  }

  @Test
  void packagesDependInOneDirection() {
    apart("schema", "..internal.mapping", "..internal.difference", "dev.migrator.diff");
    apart("mapping", "..internal.difference", "dev.migrator.diff");
    apart("difference", "dev.migrator.diff");
  }

  /** What decides reads nothing from a server, and knows no framework. */
  @Test
  void theDifferenceDoesNoInputOrOutput() {
    apart(
        "difference",
        "java.sql..",
        "javax.sql..",
        "java.nio.file..",
        "org.springframework..",
        "org.hibernate..");
  }
}
