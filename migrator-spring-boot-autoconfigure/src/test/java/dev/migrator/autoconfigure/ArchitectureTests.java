package dev.migrator.autoconfigure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.migrator.Migrator;
import dev.migrator.operation.Operation;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

class ArchitectureTests {

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.migrator.autoconfigure");

  @Test
  void autoConfigurationsAreNotForUse() {
    classes()
        .that()
        .areAnnotatedWith(AutoConfiguration.class)
        .should()
        .bePublic()
        .andShould()
        .haveModifier(JavaModifier.FINAL)
        .check(classes);
    methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate().check(classes);
  }

  /** A class that is missing makes the signature of the method unreadable, condition or not. */
  @Test
  void beanMethodsHaveNoConditionOnAClass() {
    methods()
        .that()
        .areAnnotatedWith(Bean.class)
        .should()
        .notBeAnnotatedWith(ConditionalOnClass.class)
        .check(classes);
  }

  /** Those beans wait for the migrations, which would then wait for themselves. */
  @Test
  void theDatabaseIsReachedByTheDataSourceOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(JdbcOperations.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(JdbcClient.class)
        .check(classes);
  }

  /** A new one touches nothing here. */
  @Test
  void noOperationIsKnown() {
    noClasses()
        .should()
        .dependOnClassesThat(assignableTo(Operation.class).and(not(equivalentTo(Operation.class))))
        .check(classes);
  }

  @Test
  void theEngineIsReachedByItsApiOnly() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.migrator..")
                .and(
                    not(
                        resideInAnyPackage(exportedByTheEngine())
                            .or(resideInAPackage("dev.migrator.autoconfigure..")))))
        .check(classes);
  }

  private static String[] exportedByTheEngine() {
    return ModuleFinder.of(Path.of(locationOf(Migrator.class)))
        .find("dev.migrator.core")
        .orElseThrow()
        .descriptor()
        .exports()
        .stream()
        .map(ModuleDescriptor.Exports::source)
        .toArray(String[]::new);
  }

  private static URI locationOf(Class<?> type) {
    try {
      return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    } catch (URISyntaxException ex) {
      throw new IllegalStateException(ex);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.migrator.(**)").should().beFreeOfCycles().check(classes);
  }
}
