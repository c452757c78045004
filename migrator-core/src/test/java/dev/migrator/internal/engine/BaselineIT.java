package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.MigratorException;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.engine.FaultDataSource.Moment;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that stands for those before it, on databases that have run those and on new ones. */
class BaselineIT {

  private static final MigratorSettings SETTINGS =
      AUTO.toBuilder()
          .contract(it -> it.retention(Duration.ZERO))
          .leaseTime(Duration.ofSeconds(2))
          .build();

  private static final String USERS = "20260101_users";

  private static final String RENAME = "2026-01-02-full-name";

  private static final String ORDERS = "20260103_orders";

  private static final String BASELINE = "20260201_baseline";

  private static final Migration BEAN =
      Migration.define(RENAME)
          .table("users")
          .renameColumn("name", "full_name")
          .switchRead()
          .dropColumn("name");

  private final Fixture fixture = new Fixture();

  @TempDir Path before;

  @TempDir Path after;

  private int releases;

  @BeforeEach
  void files() {
    new SqlFolder(before)
        .write(USERS + ".sql", "CREATE TABLE users (id int PRIMARY KEY, name text)")
        .write(ORDERS + ".sql", "CREATE TABLE orders (id int PRIMARY KEY)");
    new SqlFolder(after)
        .write(
            BASELINE + ".sql",
            """
            -- migrator: contains %s EXPAND
            -- migrator: contains %s CONTRACT
            -- migrator: contains %s EXPAND
            CREATE TABLE users (id int PRIMARY KEY, full_name text);
            CREATE TABLE orders (id int PRIMARY KEY);
            """
                .formatted(USERS, RENAME, ORDERS))
        .write("20260301_note.sql", "ALTER TABLE users ADD note text");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator release(DataSource dataSource, List<Path> folders, Migration... beans) {
    MigratorBuilder builder =
        Fixture.builder(dataSource)
            .settings(SETTINGS)
            .application("shop", "release-" + ++releases)
            .sqlFiles(folders.stream().map(it -> "file:" + it).toArray(String[]::new));
    for (Migration bean : beans) {
      builder.declare(bean.id() + "-bean", bean);
    }
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    return migrator;
  }

  private Migrator release(List<Path> folders, Migration... beans) {
    return release(fixture.dataSource(), folders, beans);
  }

  /** With what ran before, to its end. */
  private void history() {
    Migrator migrator = release(List.of(before), BEAN);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, RENAME, State.COMPLETED);
    migrator.close();
  }

  private String columns() {
    return fixture.value(
        "SELECT string_agg(attrelid::regclass || '.' || attname, ',' ORDER BY attrelid::regclass::text, attname) FROM pg_attribute WHERE attrelid IN ('users'::regclass, 'orders'::regclass) AND attnum > 0 AND NOT attisdropped");
  }

  private static State state(Migrator migrator, String id) {
    return migrator.status(id).orElseThrow().state();
  }

  private static final String ALL = "orders.id,users.full_name,users.id,users.note";

  @Test
  void aNewDatabaseRunsTheBaselineAndNotWhatItContains() {
    Migrator migrator = release(List.of(before, after), BEAN);
    migrator.prepare();
    migrator.start();
    assertThat(columns()).isEqualTo(ALL);
    assertThat(fixture.value("SELECT string_agg(DISTINCT migration_id, ',') FROM migrator.step"))
        .isEqualTo("20260201_baseline,20260301_note");
    for (String contained : List.of(USERS, RENAME, ORDERS)) {
      assertThat(state(migrator, contained)).as(contained).isEqualTo(State.COMPLETED);
    }
    assertThat(fixture.value("SELECT phase FROM migrator.migration WHERE id = '" + RENAME + "'"))
        .isEqualTo("CONTRACT");
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute(USERS, OperatorCommand.UNDO));
  }

  @Test
  void aNewDatabaseNeedsTheBaselineOnly() {
    Migrator migrator = release(List.of(after));
    migrator.prepare();
    assertThat(columns()).isEqualTo(ALL);
    migrator.close();
    // The next start does nothing, and the release before comes again.
    String steps = fixture.value("SELECT count(*) FROM migrator.event");
    release(List.of(after)).prepare();
    release(List.of(before), BEAN).prepare();
    assertThat(fixture.value("SELECT count(*) FROM migrator.event")).isEqualTo(steps);
  }

  /** One that needs the old column does not. */
  @Test
  void aReleaseThatIsTooOldForTheBaselineDoesNotStart() {
    release(List.of(after)).prepare();
    Migration earlier = Migration.define(RENAME).table("users").renameColumn("name", "full_name");
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> release(List.of(before), earlier).prepare())
        .withMessageContaining("MIG-3001");
  }

  /** What is not there although all of it could be missing elsewhere, too. */
  @Test
  void aNewDatabaseRunsABaselineOfRepeatableFilesOnly(@TempDir Path repeatable) {
    SqlFolder folder =
        new SqlFolder(repeatable)
            .write(
                BASELINE + ".sql",
                "-- migrator: contains R__one.0123456789ab EXPAND\nCREATE VIEW one AS SELECT 1 AS a");
    release(List.of(repeatable)).prepare();
    assertThat(fixture.value("SELECT a FROM one")).isEqualTo("1");
    // On another that ran the file with a later content it is noted only.
    try (Fixture other = new Fixture()) {
      folder.delete(BASELINE + ".sql");
      folder.write("R__one.sql", "CREATE VIEW one AS SELECT 2 AS a");
      release(other.dataSource(), List.of(repeatable)).prepare();
      folder.write(
          BASELINE + ".sql",
          "-- migrator: contains R__one.0123456789ab EXPAND\nCREATE VIEW one AS SELECT 1 AS a");
      Migrator migrator = release(other.dataSource(), List.of(repeatable));
      migrator.prepare();
      assertThat(state(migrator, BASELINE)).isEqualTo(State.REACHED);
      assertThat(other.value("SELECT a FROM one")).isEqualTo("2");
      migrator.close();
    }
  }

  @Test
  void aDatabaseThatHasRunTheHistoryOnlyNotesTheBaseline() {
    history();
    Migrator migrator = release(List.of(after));
    migrator.prepare();
    migrator.start();
    assertThat(columns()).isEqualTo(ALL);
    assertThat(state(migrator, BASELINE)).isEqualTo(State.REACHED);
    assertThat(migrator.status(BASELINE).orElseThrow().events())
        .anyMatch(it -> "BASELINE: all that it contains has run".equals(it.detail()));
    // Nothing of it is undone while a release has the baseline that contains it.
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> migrator.execute(ORDERS, OperatorCommand.UNDO));
    migrator.close();
    release(List.of(before), BEAN).prepare();
    release(List.of(after), Migration.completed(RENAME)).prepare();
  }

  @Test
  void aDatabaseThatHasRunAPartIsRefusedAndGoesOnByTheReleaseBefore() {
    Path part = before;
    new SqlFolder(part).delete(ORDERS + ".sql");
    Migrator first = release(List.of(part));
    first.prepare();
    first.close();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> release(List.of(after)).prepare())
        .withMessageContainingAll(
            "MIG-3014", BASELINE, "run 1 only", RENAME + ", " + ORDERS, "release before");
    assertThat(fixture.value("SELECT to_regclass('orders')")).isEqualTo("NULL");
    new SqlFolder(part).write(ORDERS + ".sql", "CREATE TABLE orders (id int PRIMARY KEY)");
    history();
    release(List.of(after)).prepare();
    assertThat(columns()).isEqualTo(ALL);
  }

  /** A rename that is not at its end is a part, too. */
  @Test
  void aPhaseThatIsMissingIsAPart() {
    Migrator migrator =
        release(
            List.of(before),
            Migration.define(RENAME).table("users").renameColumn("name", "full_name"));
    migrator.prepare();
    migrator.close();
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> release(List.of(after)).prepare())
        .withMessageContaining("not " + RENAME + ".");
  }

  @Test
  void anotherListIsAnotherFile() {
    release(List.of(after)).prepare();
    new SqlFolder(after)
        .write(
            BASELINE + ".sql",
            """
            -- migrator: contains %s EXPAND
            CREATE TABLE users (id int PRIMARY KEY, full_name text);
            CREATE TABLE orders (id int PRIMARY KEY);
            """
                .formatted(USERS));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(() -> release(List.of(after)).prepare())
        .withMessageContaining("MIG-1019");
  }

  /** A second baseline contains the first, which need not be there any longer. */
  @Test
  void aBaselineContainsAnother() {
    Path third = after.resolve("third");
    third.toFile().mkdir();
    new SqlFolder(third)
        .write(
            "20260401_again.sql",
            """
            -- migrator: contains %s EXPAND
            -- migrator: contains %s CONTRACT
            -- migrator: contains %s EXPAND
            -- migrator: contains %s EXPAND
            -- migrator: contains 20260301_note EXPAND
            CREATE TABLE users (id int PRIMARY KEY, full_name text, note text);
            CREATE TABLE orders (id int PRIMARY KEY);
            """
                .formatted(USERS, RENAME, ORDERS, BASELINE));
    // The folder of all files has it, too.
    release(List.of(after)).prepare();
    assertThat(columns()).isEqualTo(ALL);
    assertThat(fixture.value("SELECT string_agg(DISTINCT migration_id, ',') FROM migrator.step"))
        .isEqualTo("20260401_again");
    release(List.of(third)).prepare();
  }

  /** Right before every record that it writes is committed, until all are there. */
  @Test
  void anInstanceThatDiesLeavesAllOrNothing() {
    int commits = 0;
    boolean struck;
    do {
      try (Fixture other = new Fixture()) {
        struck = dieAndGoOn(other, new FaultPoint(FaultPoint.ANY, ++commits, Moment.BEFORE));
      }
    } while (struck);
    assertThat(commits).isGreaterThan(6);
  }

  private boolean dieAndGoOn(Fixture other, FaultPoint point) {
    boolean struck;
    try (FaultDataSource dying =
        new FaultDataSource(other.database().dataSource(), point, FaultDataSource.KILL)) {
      Migrator first = release(dying, List.of(before, after), BEAN);
      try {
        first.prepare();
      } catch (MigratorException
          | org.springframework.dao.DataAccessException
          | org.springframework.transaction.TransactionException ex) {
        assertThat(dying.hasStruck()).as("%s", ex).isTrue();
      }
      struck = dying.hasStruck();
      first.close();
    }
    Migrator second = release(other.dataSource(), List.of(before, after), BEAN);
    second.prepare();
    assertThat(
            other.value(
                "SELECT string_agg(attname, ',' ORDER BY attname) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped"))
        .as("%s", point)
        .isEqualTo("full_name,id,note");
    assertThat(other.value("SELECT string_agg(DISTINCT migration_id, ',') FROM migrator.step"))
        .as("%s", point)
        .isEqualTo("20260201_baseline,20260301_note");
    assertThat(other.value("SELECT count(*) FROM migrator.migration WHERE completed"))
        .as("%s", point)
        .isEqualTo("3");
    assertThat(second.status(RENAME).orElseThrow().phase()).isEqualTo(Phase.CONTRACT);
    second.close();
    return struck;
  }
}
