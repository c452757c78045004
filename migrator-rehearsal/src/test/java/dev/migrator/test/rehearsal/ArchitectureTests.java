package dev.migrator.test.rehearsal;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.migrator.test.rehearsal");

  @Test
  void theEngineIsReachedByItsApiOnly() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("dev.migrator.internal.."))
        .check(classes);
  }

  /** Who has no JUnit, or no AssertJ, can rehearse. */
  @Test
  void whatIsOptionalIsUsedByItsOwnClassesOnly() {
    noClasses()
        .that(
            not(
                simpleNameStartingWith("RehearsalTest")
                    .or(simpleNameStartingWith("RehearsalExtension"))
                    .or(simpleNameStartingWith("RehearsalAssert"))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.junit..", "org.assertj.."))
        .check(classes);
  }
}
