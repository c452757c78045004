package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.StepFailedException;
import dev.migrator.status.MigrationStatus.State;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long SQL files may keep locks, and what runs outside of transactions. */
@Tag("server-version")
class SqlFilesLockIT extends SqlFilesOfReleases {

  @Test
  void aLockIsNotHeldForLong() {
    String before = fixture.catalog();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text;\nSELECT pg_sleep(60)");
    assertThat(refusal(BRIEF))
        .contains(
            AVATAR + ".sql, line 2",
            "AccessExclusiveLock on public.users",
            "keeps reads and writes waiting",
            "300 ms (migrator.lock.hold)");
    fixture.execute(
        "CREATE FUNCTION slow(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1 FROM pg_sleep(1)'");
    files.write(AVATAR + ".sql", "CREATE INDEX i ON users (slow(id))");
    assertThat(refusal(BRIEF))
        .contains("ShareLock on public.users", "keeps writes waiting", "CREATE INDEX CONCURRENTLY");
    fixture.execute("DROP FUNCTION slow");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void longWorkOnRowsHasToBeAnnounced() {
    String sql = "UPDATE users SET name = upper(name) FROM pg_sleep(1)";
    files.write("20260115_upper.sql", sql);
    assertThat(refusal(BRIEF)).contains("-- migrator: long", "backfill()");
    files.write("20260115_upper.sql", "-- migrator: long\n" + sql + ";\nSELECT 1");
    Migrator migrator = release(BRIEF);
    migrator.prepare();
    assertThat(fixture.value("SELECT count(*) FROM users WHERE name LIKE 'U%'")).isEqualTo("50");
    files.write("20260116_typo.sql", "-- migrator: long\nUPDATE users SET\n nmae = ''");
    assertThat(refusal(BRIEF)).contains("line 3, character 2 of it");
  }

  /** Also hidden in a block, where only another connection can see it. */
  @Test
  void longWorkHoldsNoLockForLong() {
    files.write(
        "20260115_block.sql",
        "-- migrator: long\nDO $$ BEGIN ALTER TABLE users ADD c int; PERFORM pg_sleep(60); END $$");
    assertThat(refusal(BRIEF))
        .contains("AccessExclusiveLock on public.users", "migrator.lock.hold");
  }

  @Test
  void withOneConnectionEverythingIsDone() {
    files
        .write("20260115_upper.sql", "-- migrator: long\nUPDATE users SET name = upper(name)")
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write("20260116_drop_fax.sql", "-- migrator: contract\nALTER TABLE users DROP fax")
        .write("20260117_i.sql", "CREATE INDEX CONCURRENTLY i ON users (name)");
    Migrator migrator = release(fixture.pool(1), BRIEF, files.location());
    migrator.prepare();
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"))
        .isEqualTo("t");
    files.write("20260118_slow.sql", "-- migrator: long\nDO $$ BEGIN PERFORM pg_sleep(60); END $$");
    migrator.close();
    Migrator slow = release(fixture.pool(1), BRIEF, files.location());
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(slow::prepare)
        .withMessageContaining("migrator.lock.hold");
  }

  @Test
  void whatRunsAloneGoesOnWhereItFailed() {
    fixture.execute("INSERT INTO users VALUES (51, 'u1')");
    files.write(
        "20260115_i.sql",
        """
        -- migrator: contract
        ALTER TABLE users ADD n int;
        CREATE UNIQUE INDEX CONCURRENTLY once ON users (name);
        CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.users (n);
        """);
    Migrator migrator = started(AUTO);
    Fixture.awaitState(migrator, "20260115_i", State.FAILED);
    assertThat(status(migrator, "20260115_i").holds().get(0).message()).contains("line 3");
    assertThat(fixture.value("SELECT count(n) FROM users")).isEqualTo("0");
    assertThat(fixture.value("SELECT to_regclass('once')")).isEqualTo("NULL");
    fixture.execute("DELETE FROM users WHERE id = 51");
    migrator.execute("20260115_i", OperatorCommand.RETRY);
    Fixture.awaitPhase(migrator, "20260115_i", Phase.CONTRACT);
    assertThat(
            fixture.value(
                "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid IN ('i'::regclass, 'once'::regclass)"))
        .isEqualTo("t");
  }

  @Test
  void anIndexThatWasLeftInvalidIsBuiltAnew() {
    fixture.execute("INSERT INTO users VALUES (51, 'u1')");
    assertThatExceptionOfType(Exception.class)
        .isThrownBy(() -> fixture.execute("CREATE UNIQUE INDEX CONCURRENTLY once ON users (name)"));
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass"))
        .isEqualTo("f");
    fixture.execute("DELETE FROM users WHERE id = 51");
    files.write(
        "20260115_i.sql",
        "-- migrator: contract\nCREATE UNIQUE INDEX CONCURRENTLY once ON users (name)");
    Migrator migrator = started(AUTO);
    Fixture.awaitPhase(migrator, "20260115_i", Phase.CONTRACT);
    assertThat(fixture.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'once'::regclass"))
        .isEqualTo("t");
    files.write(
        "20260116_i.sql",
        "-- migrator: contract\nCREATE UNIQUE INDEX CONCURRENTLY once ON users (name)");
    migrator.close();
    Migrator again = started(AUTO);
    Fixture.awaitState(again, "20260116_i", State.FAILED);
    assertThat(status(again, "20260116_i").holds().get(0).message()).contains("there already");
  }

  @Test
  void whatAFileSetsStaysInItsTransaction() {
    files.write(
        "20260115_path.sql",
        "SELECT set_config('search_path', 'elsewhere', false);\nSET LOCAL work_mem = '8MB';\nCREATE TABLE public.b (id int)");
    DataSource one = fixture.pool(1);
    release(one, AUTO, files.location()).prepare();
    try (var connection = one.getConnection();
        var rs = connection.createStatement().executeQuery("SELECT to_regclass('b')")) {
      rs.next();
      assertThat(rs.getString(1)).isEqualTo("b");
    } catch (java.sql.SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }
}
