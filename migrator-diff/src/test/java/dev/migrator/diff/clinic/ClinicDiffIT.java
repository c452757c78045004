package dev.migrator.diff.clinic;

import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.diff.CompiledBeans;
import dev.migrator.diff.MappingDiff;
import dev.migrator.diff.MigratorDiff;
import dev.migrator.diff.PendingChangesError;
import dev.migrator.diff.ProposedMigration;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.test.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A field of an entity is renamed: from the comparison to the last release. */
class ClinicDiffIT {

  private static final String FILES = "migrator.locations=classpath:db/clinic/";

  private static final Class<?> BEFORE = dev.migrator.diff.clinic.before.ClinicApplication.class;

  private static final Class<?> AFTER = dev.migrator.diff.clinic.after.ClinicApplication.class;

  @Test
  void nothingIsPendingBefore() {
    int opened = Clinic.OPENED.get();
    MigratorDiff.application(BEFORE, "--" + FILES).noPendingChanges();
    assertThat(Clinic.OPENED).as("runners are not called").hasValue(opened);
  }

  @Test
  void theRenameIsProposedRehearsedAndRolled() {
    ProposedMigration proposed = proposed();
    rehearse(CompiledBeans.release(proposed, 2));
    roll(proposed);
  }

  private static ProposedMigration proposed() {
    MigratorDiff diff = MigratorDiff.application(AFTER, "--" + FILES);
    assertThatThrownBy(diff::noPendingChanges)
        .isInstanceOfSatisfying(
            PendingChangesError.class, it -> assertThat(it.diff().exitCode()).isEqualTo(1))
        .hasMessageContaining(".renameColumn(\"telephone\", \"phone\")");
    MappingDiff found = diff.run();
    assertThat(found.migrations()).as(found.toText()).hasSize(1);
    assertThat(found.toText().lines().map(ClinicDiffIT::undated).toList())
        .containsAll(documented());
    return found.migrations().get(0);
  }

  /** What docs/diff.md shows of it. */
  private static List<String> documented() {
    try {
      String page = Files.readString(Path.of("../docs/diff.md"));
      String shown =
          page.substring(page.indexOf("\n1. 2026-"), page.indexOf("## What is proposed"));
      return shown
          .substring(0, shown.indexOf("```"))
          .lines()
          .map(ClinicDiffIT::undated)
          .filter(it -> !it.isBlank() && !it.contains("⋮"))
          .toList();
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }

  private static String undated(String line) {
    return line.replaceAll("\\d{4}-\\d\\d-\\d\\d", "DATE");
  }

  private static void rehearse(Migration migration) {
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .sqlFiles("classpath:db/clinic/")
            .declare("ownersPhone", migration)
            .build()) {
      assertThat(rehearsal.of(migration.id()).withRows("owners", 2_000))
          .neverBlocksLongerThan(Duration.ofSeconds(5))
          .undoesCleanlyFromEveryPhase();
      assertThat(
              rehearsal
                  .of(migration.id())
                  .withRows("owners", 2_000)
                  .usedFrom(
                      Phase.BACKFILL,
                      "insert into owners (version, last_name, phone) values (0, 'x', '+41')",
                      "select phone from owners where id = 1"))
          .rewritesNoTable();
    }
  }

  /** Each release beside the one before it, on rows of all of them. */
  private static void roll(ProposedMigration proposed) {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      ConfigurableApplicationContext release1 = start(database, BEFORE, null);
      int first = clinic(release1).admit("Zoë", "+41 1");
      ConfigurableApplicationContext release2 =
          start(database, BEFORE, CompiledBeans.release(proposed, 0));
      assertBothServe(release1, release2, first);
      await(release2, proposed.id(), MigrationStatus.State.REACHED);
      release1.close();
      ConfigurableApplicationContext release3 =
          start(database, AFTER, CompiledBeans.release(proposed, 1));
      assertBothServe(release2, release3, first);
      release2.close();
      ConfigurableApplicationContext release4 =
          start(database, AFTER, CompiledBeans.release(proposed, 2));
      assertBothServe(release3, release4, first);
      release3.close();
      await(release4, proposed.id(), MigrationStatus.State.COMPLETED);
      assertThat(clinic(release4).number(first)).isEqualTo("+44 2");
      MigratorDiff.of(release4).noPendingChanges();
      assertThat(
              JdbcClient.create(database.dataSource())
                  .sql(
                      "SELECT attname::text FROM pg_attribute WHERE attrelid = 'owners'::regclass AND attnum > 0 AND NOT attisdropped")
                  .query(String.class)
                  .list())
          .containsExactlyInAnyOrder("id", "version", "last_name", "phone");
      release4.close();
    }
  }

  private static void assertBothServe(
      ConfigurableApplicationContext older, ConfigurableApplicationContext newer, int first) {
    clinic(older).change(first, "+43 1");
    assertThat(clinic(newer).number(first)).isEqualTo("+43 1");
    clinic(newer).change(first, "+44 2");
    assertThat(clinic(older).number(first)).isEqualTo("+44 2");
    int admitted = clinic(older).admit("Ann", "+1 3");
    assertThat(clinic(newer).number(admitted)).isEqualTo("+1 3");
  }

  private static Clinic clinic(ConfigurableApplicationContext release) {
    return release.getBean(Clinic.class);
  }

  private static void await(
      ConfigurableApplicationContext release, String id, MigrationStatus.State state) {
    Migrator migrator = release.getBean(Migrator.class);
    Await.until(
        () -> migrator.status(id).filter(it -> it.state() == state).isPresent(),
        () -> String.valueOf(migrator.status(id)));
  }

  private static ConfigurableApplicationContext start(
      TestDatabase database, Class<?> application, @Nullable Migration migration) {
    return new SpringApplicationBuilder(application)
        .web(WebApplicationType.NONE)
        .initializers(
            (ApplicationContextInitializer<GenericApplicationContext>)
                context -> {
                  if (migration != null) {
                    context.registerBean("ownersPhone", Migration.class, () -> migration);
                  }
                })
        .properties(
            FILES,
            "spring.datasource.url=" + database.jdbcUrl(),
            "spring.datasource.username=" + database.username(),
            "spring.datasource.password=" + database.password(),
            "spring.jpa.hibernate.ddl-auto=validate",
            "migrator.contract.retention=0s",
            "spring.main.banner-mode=off")
        .run();
  }
}
