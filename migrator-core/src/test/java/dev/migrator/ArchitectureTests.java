package dev.migrator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.migrator.operation.Operation;
import dev.migrator.operation.SqlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A package knows only those above it: declare, plan, run, record, report. */
class ArchitectureTests {

  private static final String INTERNAL = "dev.migrator.internal.";

  /** Beneath the API, which is all that is not internal. */
  private static final List<String> ORDER =
      List.of(
          "json",
          "sql",
          "catalog",
          "effect",
          "file",
          "step",
          "operation",
          "plan",
          "lease",
          "journal",
          "adopt",
          "backfill",
          "fleet",
          "engine");

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.migrator");

  @Test
  void packagesImportOnlyThoseAboveThem() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      String[] below =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(it -> INTERNAL + it + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(INTERNAL + ORDER.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(below)
          .check(classes);
    }
  }

  @Test
  void theApiAndThePlannerDoNoInputOrOutput() {
    noClasses()
        .that()
        .resideInAnyPackage(
            INTERNAL + "plan..",
            INTERNAL + "step..",
            "dev.migrator.status..",
            "dev.migrator.plan..",
            "dev.migrator.settings..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework..", "java.io..")
        .check(
            classes.that(
                com.tngtech.archunit.base.DescribedPredicate.describe(
                    "that are no exceptions", it -> !it.isAssignableTo(Throwable.class))));
  }

  /** Of what its tests use, the annotations for tests of applications are no part of it. */
  @Test
  void theCoreKnowsNoSpringBoot() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.migrator.test.autoconfigure..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework.boot..", "liquibase..")
        .check(classes);
  }

  /**
   * Only the builder reaches into the house; what else the API needs of it are names, times and the
   * check that an expression is one expression.
   */
  @Test
  void theApiKnowsNothingOfTheInside() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.migrator",
            "dev.migrator.operation..",
            "dev.migrator.status..",
            "dev.migrator.plan..",
            "dev.migrator.settings..",
            "dev.migrator.error..")
        .and()
        .doNotHaveSimpleName("MigratorBuilder")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            ORDER.stream()
                .filter(it -> !it.equals("sql"))
                .map(it -> INTERNAL + it + "..")
                .toArray(String[]::new))
        .check(classes);
  }

  /** An operation is one folder: it uses others only for what they have in common. */
  @Test
  void operationsAreFoldersWithoutCycles() {
    slices()
        .matching("dev.migrator.internal.operation.(*)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  /**
   * To add an operation touches its record, its folder, the registry and the builder. SQL files are
   * an exception, as they are found, judged and adopted as well.
   */
  @Test
  void nothingElseKnowsAnOperation() {
    for (Class<?> operation : Operation.class.getPermittedSubclasses()) {
      if (operation != SqlFile.class) {
        assertThat(
                classes.stream()
                    .filter(it -> isNamedBy(it, operation))
                    .map(JavaClass::getPackageName)
                    .filter(it -> !it.equals("dev.migrator"))
                    .filter(it -> !it.equals("dev.migrator.operation"))
                    .distinct())
            .as(operation.getSimpleName())
            .singleElement(as(STRING))
            .matches("dev\\.migrator\\.internal\\.operation\\.[a-z]+");
      }
    }
  }

  private static boolean isNamedBy(JavaClass named, Class<?> operation) {
    return named.getDirectDependenciesFromSelf().stream()
        .map(it -> it.getTargetClass().getBaseComponentType().getName())
        .anyMatch(it -> it.equals(operation.getName()) || it.startsWith(operation.getName() + "$"));
  }

  @Test
  void classesAreSmall() throws IOException {
    List<Long> lines = new ArrayList<>();
    for (Path file : mainSources()) {
      try (Stream<String> source = Files.lines(file)) {
        long length = source.count();
        assertThat(length).as(file.toString()).isLessThanOrEqualTo(400);
        lines.add(length);
      }
    }
    lines.sort(null);
    assertThat(lines.get(lines.size() / 2)).isLessThan(80);
  }

  /** Of all modules. */
  private static List<Path> mainSources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path main : modules.map(it -> it.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(main)) {
          try (Stream<Path> files = Files.walk(main)) {
            files
                .filter(it -> it.toString().endsWith(".java"))
                .filter(it -> !it.getFileName().toString().endsWith("-info.java"))
                .forEach(sources::add);
          }
        }
      }
    }
    assertThat(sources).hasSizeGreaterThan(900);
    return sources;
  }

  @Test
  void theDecisionsAboutOperationsArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(INTERNAL + "plan..", INTERNAL + "step..")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Database")
        .check(classes);
  }

  /**
   * The journal's tables get columns while instances with the previous version of the library go
   * on: a prepared statement that names no columns would fail there.
   */
  @Test
  void statementsOnTheJournalNameTheirColumns() throws IOException {
    Pattern star = Pattern.compile("(SELECT|RETURNING) \\*|\\b[a-z]+\\.\\*[ ,]");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/migrator/internal"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        // What is said to people about their own tables is something else.
        if (!file.toString().contains("operation")) {
          assertThat(star.matcher(source).results().map(MatchResult::group))
              .as(file.toString())
              .isEmpty();
        }
      }
    }
  }
}
