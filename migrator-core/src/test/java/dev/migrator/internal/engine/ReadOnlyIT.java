package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that only reads, as a standby does. */
class ReadOnlyIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator readOnly(SqlFolder files) {
    HikariDataSource pool = fixture.pool(2);
    pool.setConnectionInitSql("SET default_transaction_read_only = on");
    Migrator migrator = Fixture.builder(pool).settings(AUTO).sqlFiles(files.location()).build();
    fixture.closing(migrator);
    return migrator;
  }

  @Test
  void aReleaseServesThereIfNothingIsDue() {
    SqlFolder files =
        new SqlFolder(folder).write("20260115_first.sql", "CREATE TABLE first (id int)");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> readOnly(files).prepare())
        .withMessageContaining("is read-only here");
    fixture.started(fixture.release(AUTO, "1").sqlFiles(files.location())).close();
    Migrator migrator = readOnly(files);
    migrator.prepare();
    migrator.start();
    assertThat(migrator.mayServe()).isTrue();
    assertThat(migrator.isRunning()).isFalse();
    assertThat(migrator.status("20260115_first").orElseThrow().state()).isEqualTo(State.REACHED);
    assertThat(fixture.value("SELECT count(*) FROM migrator.instance WHERE left_at IS NULL"))
        .isEqualTo("0");
    files.write("20260116_next.sql", "CREATE TABLE next (id int)");
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> readOnly(files).prepare())
        .withMessageContainingAll("is read-only here", "Due is: ", "20260116_next.sql");
  }
}
