package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.NotReadyException;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus.State;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What SQL files take away waits for those who may use it. */
@Tag("server-version")
class SqlFilesContractIT extends SqlFilesOfReleases {

  @Test
  void whatTakesAwayIsRefusedFirst() {
    String before = fixture.catalog();
    files.write(
        "20260115_drop_fax.sql", "DO $$ BEGIN EXECUTE 'ALTER TABLE users DROP fax'; END $$");
    assertThat(refusal(AUTO))
        .contains(
            "column public.users.fax is removed or renamed",
            "-- migrator: contract",
            "dropColumn(…)",
            "allow column-removed")
        .contains("until " + LocalDate.now().plusMonths(1));
    assertThat(fixture.catalog()).isEqualTo(before);
    files.write(
        "20260115_drop_fax.sql",
        "-- migrator: allow column-removed \"empty\" until 2026-01-01\nALTER TABLE users DROP fax");
    Migrator other = fixture.started(fixture.release(AUTO, "old"));
    assertThat(refusal(AUTO)).contains("-- migrator: contract");
    other.close();
    files.write(
        "20260115_drop_fax.sql",
        "-- migrator: allow column-removed \"empty\" until 2999-01-01\nALTER TABLE users DROP fax");
    runAndClose();
    assertThat(
            fixture.value(
                "SELECT count(*) FROM information_schema.columns WHERE column_name = 'fax'"))
        .isEqualTo("0");
  }

  @Test
  void aContractWaitsForOlderReleasesAndKeepsNobodyElse() {
    Migrator old = started(AUTO);
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260115_drop_fax.down.sql", "ALTER TABLE users ADD fax text")
        .write("20260116_next.sql", "CREATE TABLE next (id int)")
        .write(
            "20260117_behind.sql",
            "-- migrator: after 20260115_drop_fax\nALTER TABLE users ADD fax int");
    Migrator migrator = started(AUTO);
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
    Fixture.await(
        () ->
            status(migrator, "20260115_drop_fax").holds().stream()
                .anyMatch(it -> it.reason() == Hold.Reason.OLD_INSTANCES),
        () -> "a hold");
    assertThat(status(migrator, "20260115_drop_fax").holds().get(0).message())
        .contains("20260115_drop_fax.sql", "shop release-1", "may use what the file");
    assertThat(status(migrator, "20260117_behind").holds().get(0).message())
        .contains("20260115_drop_fax");
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("50");
    old.close();
    Fixture.awaitPhase(migrator, "20260117_behind", Phase.EXPAND);
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("0");
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator(AUTO).prepare())
        .withMessageContainingAll("20260115_drop_fax", "contracted since");
  }

  @Test
  void aFileThatFailsBehindAContractThatIsHeldNamesIt() {
    Migrator old = started(AUTO);
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260116_fax.sql", "ALTER TABLE users ADD fax int");
    assertThat(refusal(AUTO))
        .contains("\"fax\" of relation \"users\" already exists")
        .contains("-- migrator: after 20260115_drop_fax");
    assertThat(old.isRunning()).isTrue();
  }

  /** Like in production, where the one was there before the other. */
  @Test
  void aNewDatabaseGetsContractsInTheirOrder() {
    files
        .write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260116_fax.sql", "ALTER TABLE users ADD fax int");
    release(AUTO).prepare();
    assertThat(
            fixture.value(
                "SELECT data_type FROM information_schema.columns WHERE column_name = 'fax'"))
        .isEqualTo("integer");
  }

  /** Else a rolling deploy would wait for instances that wait for it. */
  @Test
  void aFileDoesNotWaitForABeanThatAHeldContractKeeps() {
    Migrator old = fixture.started(fixture.release(AUTO, "old"));
    Migration rename =
        Migration.define("2026-01-01-name")
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name");
    Migration index =
        Migration.define("2026-01-02-index").table("users").addIndex("by_name").on("full_name");
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    Migrator next = started(AUTO, rename, index);
    assertThat(next.status(AVATAR).orElseThrow().phase()).isEqualTo(Phase.EXPAND);
    old.close();
    Fixture.awaitPhase(next, "2026-01-02-index", Phase.BACKFILL);
  }

  /** A wider type is another result of a prepared statement as well. */
  @Test
  void onlyWhatGivesRowsOtherColumnsCountsAsAChangeOfThem() {
    files.write("20260101_a.sql", "CREATE TABLE other (id int, short varchar(10))");
    files.write("20260102_b.sql", "CREATE INDEX ON other (id)");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("0");
    files.write("20260103_c.sql", "ALTER TABLE other ALTER short TYPE varchar(20)");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("1");
    files.write("20260104_d.sql", "ALTER TABLE other ADD more int");
    runAndClose();
    assertThat(fixture.value("SELECT changes FROM migrator.announcement")).isEqualTo("2");
  }

  /** The history must run on every new database, whenever that is made. */
  @Test
  void anAllowanceThatIsOverCountsOnANewDatabase() {
    files.write("20260101_a.sql", "CREATE TABLE other (id int)");
    files.write(
        "20260102_b.sql",
        "-- migrator: allow table-removed \"nobody used it\" until 2026-02-01\nDROP TABLE other");
    runAndClose();
    assertThat(fixture.value("SELECT to_regclass('other')")).isEqualTo("NULL");

    Migrator other = fixture.started(fixture.release(AUTO, "old"));
    files.write("20260103_c.sql", "CREATE TABLE another (id int)");
    files.write(
        "20260104_d.sql",
        "-- migrator: allow table-removed \"nobody used it\" until 2026-02-01\nDROP TABLE another");
    assertThat(refusal(AUTO)).contains("20260104_d.sql", "takes away");
    other.close();
  }

  /** A declaration can be wrong, and the mappings show it. */
  @Test
  void whatALiveInstanceMapsIsNotTakenAway() {
    Migrator old = started(AUTO);
    files.write("20260115_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax");
    Migrator migrator = started(AUTO);
    migrator.mapped(List.of(new MappedColumn("users", "fax", "entity User")));
    old.close();
    Fixture.awaitState(migrator, "20260115_drop_fax", State.FAILED);
    assertThat(status(migrator, "20260115_drop_fax").holds().get(0).message())
        .contains("entity User (column \"fax\" of \"users\") in shop release-2");
    assertThat(fixture.value("SELECT count(fax) FROM users")).isEqualTo("50");
    migrator.mapped(List.of(new MappedColumn("users", "name", "entity User")));
    migrator.execute("20260115_drop_fax", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "20260115_drop_fax", Phase.CONTRACT);
  }
}
