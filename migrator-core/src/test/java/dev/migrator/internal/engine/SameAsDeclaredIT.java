package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that was found to be what a release declares is not read again, unless it changed. */
class SameAsDeclaredIT {

  private static final String NOTED = "SELECT same_as FROM migrator.migration";

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void finished() {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    fixture.reach(Phase.BACKFILL, change("b"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration change(String column) {
    return Migration.define("m").table("t").renameColumn("a", column);
  }

  /** What a start has read is noted at the latest when it ends. */
  private void start(Migration... migrations) {
    Migrator migrator = fixture.migrator(migrations);
    migrator.prepare();
    migrator.close();
  }

  @Test
  void aStartNotesItOnce() {
    assertThat(fixture.value(NOTED)).as("by nobody who writes a record").isEqualTo("NULL");
    start(change("b"));
    String noted = fixture.value(NOTED);
    assertThat(noted).hasSize(64);
    String row = fixture.value("SELECT xmin FROM migrator.migration");
    start(change("b"));
    assertThat(fixture.value("SELECT xmin FROM migrator.migration")).isEqualTo(row);
    start();
    assertThat(fixture.value(NOTED)).as("by a release that does not declare it").isEqualTo(noted);
  }

  @Test
  void aChangedDeclarationIsRefusedAsBefore() {
    start(change("b"));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> start(change("c")))
        .withMessageContaining("MIG-")
        .withMessageContaining("was changed after it ran");
  }

  /** By a version of the library that knows nothing of what is noted, or by hand. */
  @Test
  void aRecordThatWasWrittenSinceIsRead() {
    start(change("b"));
    String noted = fixture.value(NOTED);
    fixture.execute(
        "UPDATE migrator.migration SET operations = replace(operations::text, '\"b\"', '\"other\"')::jsonb");
    assertThat(fixture.value(NOTED)).isEqualTo(noted);
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> start(change("b")))
        .withMessageContaining("was changed after it ran")
        .withMessageContaining("other");
  }

  @Test
  void whatIsNotedByAnotherFormIsNotedAnew() {
    start(change("b"));
    String noted = fixture.value(NOTED);
    fixture.execute("UPDATE migrator.migration SET same_as = 'of another version'");
    start(change("b"));
    assertThat(fixture.value(NOTED)).isEqualTo(noted);
  }

  /** Whoever changes a record, or builds an index anew, keeps no start from serving. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1 FROM migrator.migration FOR SHARE",
        "LOCK TABLE migrator.migration IN SHARE MODE"
      })
  void noStartWaitsForALockToNoteIt(String lock) throws SQLException {
    try (Connection other = fixture.pool(1).getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(lock);
      start(change("b"));
      assertThat(fixture.value(NOTED)).isEqualTo("NULL");
      other.rollback();
    }
    start(change("b"));
    assertThat(fixture.value(NOTED)).hasSize(64);
  }
}
