package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Blocker;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A partitioned table with an index, and a change of its column. */
abstract class PartitionedIndexes {

  static final MigratorSettings KEEPING =
      SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ofHours(1)).approved(Set.of("m")))
          .build();

  /** Where each partition that has rows, and the table as a whole, stands with its index. */
  static final String ON_NEW_COLUMN =
      """
      SELECT i.indrelid::regclass || ' ' || i.indisvalid || CASE WHEN c.relispartition THEN '' ELSE ' alone' END
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE pg_get_indexdef(i.indexrelid) LIKE '%btree (b)%' ORDER BY 1
      """;

  static final String COMPLETE =
      "\"Low\" true,even true,hashed true,high true,odd true,one true,ranged true,rest true,t true alone,two true";

  static final String READ =
      "DO $$ BEGIN SET LOCAL lock_timeout = '2s'; PERFORM count(*) FROM t; END $$";

  final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    PartitionedTable.table(fixture, "id int NOT NULL, region int NOT NULL, a text, n int");
    fixture.execute(
        "INSERT INTO t SELECT n, n % 6, 'value ' || n, n FROM generate_series(1, 3000) n",
        "CREATE INDEX by_a ON t (a)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static Migration.Backfilled rename() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  static Migration addIndex() {
    return Migration.define("m").table("t").addIndex("by_n").on("n");
  }

  Migrator started(DataSource dataSource, Migration migration) {
    Migrator migrator = fixture.migrator(dataSource, KEEPING, migration);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  HookedDataSource before(String statement, Runnable hook) {
    return new HookedDataSource(fixture.dataSource(), statement, hook);
  }

  Connection holding(String sql) {
    try {
      Connection connection = fixture.database().dataSource().getConnection();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL application_name = 'the blocker'");
        statement.execute(sql);
      }
      return connection;
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  static void awaitNamed(Migrator migrator, String step) {
    await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .filter(it -> it.name().equals(step))
                .map(StepStatus::blockers)
                .flatMap(List::stream)
                .map(Blocker::application)
                .anyMatch("the blocker"::equals),
        () -> "the blocker to be named, but it is " + migrator.status("m"));
  }

  void undoTo(Migration migration, Phase left) {
    Migrator migrator = fixture.migrator(KEEPING, migration);
    migrator.start();
    migrator.execute("m", OperatorCommand.UNDO);
    await(
        () -> {
          MigrationStatus status = migrator.status("m").orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(State.FAILED);
          return status.phase() == left;
        },
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
  }

  void resume() {
    Migrator migrator = fixture.migrator(rename());
    migrator.execute("m", OperatorCommand.RESUME);
    migrator.close();
  }

  static String renamed(String catalog) {
    return catalog.replace(".a text", ".b text").replace("(a)", "(b)").replace("(a ", "(b ");
  }

  static List<String> indexes(String catalog) {
    return catalog.lines().filter(it -> it.contains(" INDEX ")).sorted().toList();
  }

  static int attempts(Migrator migrator) {
    return migrator.status("m").orElseThrow().steps().stream()
        .filter(it -> it.name().equals("copy-index-by_a"))
        .mapToInt(StepStatus::attempts)
        .sum();
  }

  /** Stops in the middle: all parts are built but one. */
  void halfBuilt(Migration migration, String step) throws SQLException {
    Migrator first = fixture.migrator(KEEPING, migration);
    first.prepare();
    try (Connection held = holding("LOCK TABLE rest IN SHARE UPDATE EXCLUSIVE MODE")) {
      first.start();
      awaitNamed(first, step);
      first.close();
      held.rollback();
    }
  }
}
