package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.RequireDown;
import dev.migrator.status.MigrationEvent;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL files: in one order with the beans, once each, judged by what they change. */
@Tag("server-version")
class SqlFilesIT extends SqlFilesOfReleases {

  @Test
  void filesAndBeansRunOnceInOneOrder() {
    files
        .write(
            AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text;\nALTER TABLE users ADD b int")
        .write("20260117_by_state.sql", "CREATE INDEX by_state ON users (state)")
        .write("20260115_first.sql", "CREATE TABLE first (id int)");
    Migration bean =
        Migration.define("2026-01-16-state")
            .table("users")
            .addColumn("state", "text", it -> it.defaultValue("'open'"));
    Migrator migrator = release(AUTO, bean);
    migrator.prepare();
    assertThat(order())
        .isEqualTo("20260115_first," + AVATAR + ",2026-01-16-state,20260117_by_state");
    assertThat(fixture.value("SELECT count(avatar_url) FROM users")).isEqualTo("0");
    MigrationStatus status = status(migrator, AVATAR);
    assertThat(status.state()).isEqualTo(State.REACHED);
    assertThat(status.bean()).endsWith(AVATAR + ".sql");
    assertThat(status.events())
        .filteredOn(it -> it.kind() == MigrationEvent.Kind.EFFECT)
        .extracting(MigrationEvent::detail)
        .singleElement()
        .asString()
        .contains("column public.users.avatar_url is added; column public.users.b is added");
    migrator.close();
    fixture.execute("DROP INDEX by_state");
    runAndClose(bean);
    assertThat(fixture.value("SELECT to_regclass('by_state')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT max(attempts) FROM migrator.step")).isEqualTo("1");
  }

  @Test
  void itIsUndoneByTheFileBesideIt() {
    String before = fixture.catalog();
    files
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write(AVATAR + ".down.sql", "ALTER TABLE users DROP avatar_url")
        .write("20260116_no_way_back.sql", "CREATE INDEX i ON users (name)");
    Migrator migrator = release(AUTO);
    migrator.prepare();
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute(AVATAR, OperatorCommand.UNDO))
        .withMessageContaining("release-1");
    migrator.close();
    fixture.execute("DROP INDEX i");
    Migrator older = fixture.migrator(AUTO);
    older.prepare();
    older.start();
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> older.execute("20260116_no_way_back", OperatorCommand.UNDO))
        .withMessageContaining("20260116_no_way_back.down.sql");
    older.execute(AVATAR, OperatorCommand.UNDO);
    Fixture.await(() -> status(older, AVATAR).phase() == null, () -> "the undo");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aWayBackCanBeRequired() {
    MigratorSettings strict = AUTO.toBuilder().sql(it -> it.requireDown(RequireDown.FAIL)).build();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    assertThat(refusal(strict)).contains(AVATAR + ".sql", "migrator.sql.require-down");
    assertThat(fixture.value("SELECT count(*) FROM migrator.migration")).isEqualTo("0");
    runAndClose();
    files
        .write("20260116_next.sql", "CREATE TABLE next (id int)")
        .write("20260116_next.down.sql", "DROP TABLE next");
    release(strict).prepare();
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
  }

  @Test
  void aStatementThatIsRefusedChangesNothing() {
    files
        .write("20260114_first.sql", "CREATE TABLE first (id int)")
        .write(
            AVATAR + ".sql",
            "CREATE TABLE a (id int);\n\nALTER TABLE users\n  ADD avatar_url txet;\n")
        .write("20260116_next.sql", "CREATE TABLE next (id int)");
    assertThat(refusal(AUTO))
        .contains(
            AVATAR + ".sql, line 4, character 18 of it",
            "\"txet\" does not exist",
            "ALTER TABLE USERS ADD AVATAR_URL TXET");
    assertThat(fixture.value("SELECT to_regclass('first')")).isEqualTo("first");
    assertThat(fixture.value("SELECT to_regclass('a')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("NULL");
    assertThat(fixture.value("SELECT phase FROM migrator.migration WHERE id = '" + AVATAR + "'"))
        .isEqualTo("NULL");
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose();
    assertThat(fixture.value("SELECT to_regclass('next')")).isEqualTo("next");
  }

  @Test
  void aFileThatWasChangedOrIsMissingIsRefusedAndRepaired() {
    files
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text")
        .write("20260116_next.sql", "CREATE TABLE next (id int)");
    runAndClose();
    files.write(AVATAR + ".sql", "-- as it was\nALTER TABLE users ADD avatar_url  text;");
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD COLUMN avatar_url text");
    assertThat(refusal(AUTO))
        .contains(AVATAR + ".sql", "was changed after it ran", "migrator.sql.repair." + AVATAR);
    MigratorSettings repair =
        AUTO.toBuilder().sql(it -> it.repair(AVATAR, "only the word COLUMN")).build();
    Migrator repaired = release(repair);
    repaired.prepare();
    assertThat(status(repaired, AVATAR).events())
        .extracting(MigrationEvent::detail)
        .contains("REPAIR: only the word COLUMN");
    repaired.close();
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose(); // the release before can be started again
    files.delete(AVATAR + ".sql");
    assertThat(refusal(AUTO)).contains(AVATAR, "is missing", "migrator.sql.repair." + AVATAR);
    release(repair).prepare();
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    runAndClose();
  }

  @Test
  void aReleaseStartsAgainBehindTheFilesOfANewerOne(@TempDir Path newer) {
    files.write("20260114_first.sql", "CREATE TABLE first (id int)");
    new SqlFolder(newer)
        .write("20260114_first.sql", "CREATE TABLE first (id int)")
        .write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    release(fixture.dataSource(), AUTO, "file:" + newer).prepare();
    runAndClose();
  }

  @Test
  void aFileThatComesLateIsRefusedUnlessItMay() {
    files.write("20260116_next.sql", "CREATE TABLE next (id int)");
    runAndClose();
    files.write(AVATAR + ".sql", "ALTER TABLE users ADD avatar_url text");
    assertThat(refusal(AUTO))
        .contains(
            AVATAR + ".sql", "has not run, but 20260116_next has", "migrator.sql.out-of-order");
    release(AUTO.toBuilder().sql(it -> it.outOfOrder(true)).build()).prepare();
    assertThat(fixture.value("SELECT count(avatar_url) FROM users")).isEqualTo("0");
    runAndClose();
  }

  @Test
  void manyStartAtOnce() throws Exception {
    Migration bean =
        Migration.define("2026-01-15-t5-c")
            .table("t5")
            .addColumn("c", "text", it -> it.defaultValue("'x'"));
    for (int i = 0; i < 20; i++) {
      files.write(
          "202601%02d_t%d.sql".formatted(10 + i, i), "CREATE TABLE t%d (id int)".formatted(i));
    }
    files.write("20260131_c.sql", "CREATE INDEX ON t5 (c)");
    List<Callable<Void>> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Migrator migrator = release(fixture.pool(1), AUTO, files.location(), bean);
      starts.add(
          () -> {
            migrator.prepare();
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(starts.size());
    try {
      for (Future<Void> start : threads.invokeAll(starts)) {
        start.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(
            fixture.value(
                "SELECT count(*) FROM migrator.step WHERE name = 'sql' AND state = 'DONE' AND attempts = 1"))
        .isEqualTo("21");
    assertThat(order()).contains("20260115_t5,2026-01-15-t5-c,20260116_t6").endsWith(",20260131_c");
  }

  /** The example of the documentation. */
  @Test
  void theyAreFoundOnTheClasspath() {
    DataSource dataSource = fixture.dataSource();
    Migrator migrator = Migrator.builder(dataSource).sqlFiles("classpath:db/migrator/").build();
    fixture.closing(migrator);
    migrator.prepare();
    assertThat(fixture.value("SELECT to_regclass('note')")).isEqualTo("note");
    assertThat(status(migrator, "20260115120000_note").bean())
        .isEqualTo("db/migrator/2026/20260115120000_note.sql");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release(fixture.dataSource(), AUTO, "file:/nowhere/at/all"))
        .withMessageContainingAll("file:/nowhere/at/all", "migrator.locations");
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release(fixture.dataSource(), AUTO, "db/migrator"))
        .withMessageContaining("classpath: or file:");
  }

  /** As pg_dump writes them. */
  @Test
  void aFileCanHaveTheRowsOfACopy() {
    files.write(
        "20260115_rows.sql",
        "COPY public.users (id, name) FROM stdin;\n101\tit's\n102\t\\N\n\\.\n\nUPDATE users SET fax = 'f' WHERE id > 100;\n");
    runAndClose();
    assertThat(fixture.value("SELECT string_agg(name || fax, ',') FROM users WHERE id > 100"))
        .isEqualTo("it'sf");
    assertThat(fixture.value("SELECT count(*) FROM users WHERE id > 100 AND name IS NULL"))
        .isEqualTo("1");
    files.write("20260116_bad.sql", "COPY users (id) FROM stdin;\nx\n\\.\n");
    assertThat(refusal(AUTO)).contains("20260116_bad.sql, line 1", "COPY USERS");
    files.write("20260116_bad.sql", "-- migrator: long\nCOPY users (id) FROM stdin;\n103\n\\.\n");
    runAndClose();
    assertThat(fixture.value("SELECT count(*) FROM users WHERE id > 100")).isEqualTo("3");
  }
}
