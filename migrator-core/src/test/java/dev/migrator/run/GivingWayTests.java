package dev.migrator.run;

import static dev.migrator.run.Fixture.SETTINGS;
import static dev.migrator.run.Fixture.await;
import static dev.migrator.run.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorSettings;
import dev.migrator.Phase;
import dev.migrator.Word;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A start that only needs a column does not wait for what another instance is long at. */
class GivingWayTests {

  private static final MigratorSettings STARTING = SETTINGS.withStartupLimit(Duration.ofMinutes(2));

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

  @Test
  void aBackfillLetsTheStartOfAnotherGoFirst() throws SQLException {
    Migrator first = fixture.migrator(LONG);
    first.prepare();
    block("SELECT FROM t WHERE id = 7 FOR UPDATE");
    first.start();
    await(
        () -> fixture.value("SELECT count(*) FROM t WHERE b IS NOT NULL").equals("999"),
        () -> String.valueOf(first.status("long")));

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
    await(
        () ->
            first.status("first").stream()
                .flatMap(it -> it.steps().stream())
                .anyMatch(it -> !it.blockers().isEmpty()),
        () -> String.valueOf(first.status("first")));

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
    Migrator first = fixture.migrator(LONG);
    first.prepare();
    block("SELECT FROM t WHERE id = 7 FOR UPDATE");
    first.start();
    await(
        () -> fixture.value("SELECT count(*) FROM t WHERE b IS NOT NULL").equals("999"),
        () -> String.valueOf(first.status("long")));

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
    await(
        () ->
            first.status("short").stream()
                .flatMap(it -> it.steps().stream())
                .anyMatch(it -> !it.blockers().isEmpty()),
        () -> String.valueOf(first.status("short")));

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
    before.say("needed", Word.PAUSE);
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

    before.say("needed", Word.RESUME);
    start.get();
  }
}
