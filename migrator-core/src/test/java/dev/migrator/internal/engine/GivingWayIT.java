package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is to lead: starts before the background, brief ones before all. */
class GivingWayIT {

  private static final MigratorSettings STARTING =
      SETTINGS.toBuilder().startupLimit(Duration.ofMinutes(2)).build();

  private static final Migration LONG =
      Migration.define("long").table("t").addColumn("b", "text").dualWrite("a", "b").backfill();

  private static final Migration SHORT = Migration.define("short").table("u").addColumn("c", "int");

  private static final Migration KEPT =
      Migration.define("needed").table("v").addColumn("b", "text").dualWrite("a", "b");

  private static final Migration NEEDED =
      Migration.define("needed")
          .table("v")
          .addColumn("b", "text")
          .dualWrite("a", "b")
          .backfill()
          .switchRead();

  private final Fixture fixture = new Fixture();

  private Connection blocker;

  @BeforeEach
  void tables() throws SQLException {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text)",
        "INSERT INTO t SELECT n, 'value ' || n FROM generate_series(1, 1000) n",
        "CREATE TABLE v (id int PRIMARY KEY, a text)",
        "INSERT INTO v SELECT n, 'value ' || n FROM generate_series(1, 1000) n",
        "CREATE TABLE u (id int PRIMARY KEY)");
    blocker = fixture.database().dataSource().getConnection();
    blocker.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    blocker.close();
    fixture.close();
  }

  private void block(String sql) throws SQLException {
    try (Statement statement = blocker.createStatement()) {
      statement.execute(sql);
    }
  }

  private String columns(String table) {
    return fixture.value(
        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 ORDER BY attnum"
            .formatted(table));
  }

  /** In the background, until {@link #blocker} lets go of a row. */
  private Migrator longAtItsBackfill() throws SQLException {
    Migrator migrator = fixture.migrator(LONG);
    migrator.prepare();
    block("SELECT FROM t WHERE id = 7 FOR UPDATE");
    migrator.start();
    await(
        () -> fixture.value("SELECT count(*) FROM t WHERE b IS NOT NULL").equals("999"),
        () -> String.valueOf(migrator.status("long")));
    return migrator;
  }

  private static void awaitBlocked(Migrator migrator, String id) {
    await(
        () ->
            migrator.status(id).stream()
                .flatMap(it -> it.steps().stream())
                .anyMatch(it -> !it.blockers().isEmpty()),
        () -> String.valueOf(migrator.status(id)));
  }

  @Test
  void aBackfillLetsTheStartOfAnotherGoFirst() throws SQLException {
    Migrator first = longAtItsBackfill();

    Migrator second = fixture.migrator(STARTING, SHORT);
    second.prepare();
    assertThat(columns("u")).isEqualTo("id,c");
    assertThat(first.status("long").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);

    blocker.rollback();
    awaitPhase(first, "long", Phase.BACKFILL);
  }

  @Test
  void aStartThatWaitsForALockLetsTheStartOfAnotherGoFirst() throws Exception {
    block("SELECT count(*) FROM t");
    Migrator first =
        fixture.migrator(Migration.define("first").table("t").addColumn("needed", "int"));
    CompletableFuture<Void> start = CompletableFuture.runAsync(first::prepare);
    awaitBlocked(first, "first");

    Migrator second = fixture.migrator(STARTING, SHORT);
    second.prepare();
    assertThat(columns("u")).isEqualTo("id,c");
    assertThat(start).isNotDone();

    blocker.rollback();
    start.get();
    assertThat(columns("t")).isEqualTo("id,a,needed");
  }

  @Test
  void startsThatCannotComeForwardDoNotKeepTheOthers() throws Exception {
    block("SELECT count(*) FROM u");
    Migrator first = fixture.migrator(STARTING, SHORT);
    Migrator second =
        fixture.migrator(STARTING, Migration.define("other").table("u").addColumn("d", "text"));
    CompletableFuture<Void> starts =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(first::prepare),
            CompletableFuture.runAsync(second::prepare));
    Migrator third = fixture.migrator(LONG);
    third.prepare();
    assertThat(third.status("long").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    assertThat(columns("u")).isEqualTo("id");
    assertThat(starts).isNotDone();

    blocker.rollback();
    starts.get();
    assertThat(columns("u").split(",")).containsExactlyInAnyOrder("id", "c", "d");
    third.start();
    awaitPhase(third, "long", Phase.BACKFILL);
  }

  @Test
  void aStartThatNeedsLongGoesBeforeWhatIsLongInTheBackground() throws SQLException {
    fixture.migrator(KEPT).prepare();
    Migrator first = longAtItsBackfill();

    Migrator second = fixture.migrator(STARTING, NEEDED);
    second.prepare();
    assertThat(second.status("needed").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    assertThat(first.status("long").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);

    blocker.rollback();
    awaitPhase(first, "long", Phase.BACKFILL);
  }

  @Test
  void aStartThatWaitsForALockLetsOneThatNeedsLongGoFirst() throws Exception {
    fixture.migrator(KEPT).prepare();
    block("SELECT count(*) FROM u");
    Migrator first = fixture.migrator(STARTING, SHORT);
    CompletableFuture<Void> start = CompletableFuture.runAsync(first::prepare);
    awaitBlocked(first, "short");

    Migrator second = fixture.migrator(STARTING, NEEDED);
    second.prepare();
    assertThat(second.status("needed").orElseThrow().phase()).isEqualTo(Phase.SWITCH_READ);
    assertThat(start).isNotDone();

    blocker.rollback();
    start.get();
    assertThat(columns("u")).isEqualTo("id,c");
  }

  @Test
  void aStartThatOthersHaveToHelpDoesNotLeadMeanwhile() throws Exception {
    Migrator before = fixture.migrator(KEPT);
    before.prepare();
    before.execute("needed", OperatorCommand.PAUSE);
    Migrator held = fixture.migrator(STARTING, NEEDED);
    CompletableFuture<Void> start = CompletableFuture.runAsync(held::prepare);
    await(
        () ->
            fixture
                .value("SELECT count(*) FROM migrator.instance WHERE left_at IS NULL")
                .equals("2"),
        () -> "both are registered");

    for (int i = 1; i <= 5; i++) { // as the other one would take the lead in between
      Migration brief = Migration.define("brief" + i).table("u").addColumn("c" + i, "int");
      fixture.migrator(STARTING, brief).prepare();
    }
    assertThat(columns("u")).isEqualTo("id,c1,c2,c3,c4,c5");
    assertThat(start).isNotDone();

    before.execute("needed", OperatorCommand.RESUME);
    start.get();
  }
}
