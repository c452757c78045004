package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.NotReadyException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Blocker;
import dev.migrator.status.StepStatus;
import dev.migrator.test.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Steps that may wait for long say for whom while they do, and wait no longer than a start may take
 * (PEERS 9.4).
 */
@Tag("server-version")
class WaitingStepIT {

  /** They last longer than an attempt to get a lock. */
  private static final int LOOKS = 3000;

  private static final MigratorSettings KEEPING =
      SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ofHours(1)).approved(Set.of("m")))
          .build();

  /** A step, and who stands in its way from right before its statement on. */
  enum Case {
    COUNT(
        "count-violations",
        "SELECT count(*) FROM \"public\".\"t\"",
        "LOCK TABLE t IN ACCESS EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return table.addCheck("c", "id > 0");
      }
    },
    VALIDATE(
        "validate-check", "VALIDATE CONSTRAINT", "LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return table.addCheck("c", "id > 0");
      }
    },
    BUILD(
        "build-index", "CREATE INDEX CONCURRENTLY", "LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return table.addIndex("i").on("a");
      }
    },
    DROP("drop-index", "DROP INDEX CONCURRENTLY", "SELECT count(*) FROM t") {
      @Override
      Migration migration(OnTable table) {
        return table.dropIndex("by_a");
      }
    },
    FILL("fill-rows", "UPDATE ONLY", "SELECT 1 FROM t WHERE id = 7 FOR UPDATE") {
      @Override
      Migration migration(OnTable table) {
        return table.setNotNull("b").fillNullsWith("'x'");
      }
    },
    /** Behind the backfill's own count, so that it is the dealing out that has to wait. */
    OPEN_VERIFY("verify", "AS differing FROM deleted", "LOCK TABLE t IN ACCESS EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return VERIFY.migration(table);
      }
    },
    OPEN_BACKFILL(
        "backfill", "INSERT INTO migrator.backfill", "LOCK TABLE t IN ACCESS EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return VERIFY.migration(table);
      }
    },
    VERIFY("verify", "AS differing FROM ONLY", "LOCK TABLE t IN ACCESS EXCLUSIVE MODE") {
      @Override
      Migration migration(OnTable table) {
        return table.addColumn("c", "text").dualWrite("b", "c").backfill();
      }
    };

    private final String step;

    private final String statement;

    private final String blocks;

    Case(String step, String statement, String blocks) {
      this.step = step;
      this.statement = statement;
      this.blocks = blocks;
    }

    abstract Migration migration(OnTable table);
  }

  private final Fixture fixture = new Fixture();

  private Connection blocker;

  @BeforeEach
  void table() throws SQLException {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL, b text)",
        "INSERT INTO t SELECT n, 'x' || n FROM generate_series(1, 100) n",
        "CREATE INDEX by_a ON t (a)");
    blocker = fixture.database().dataSource().getConnection();
    blocker.setAutoCommit(false);
  }

  @AfterEach
  void close() throws SQLException {
    blocker.close();
    fixture.close();
  }

  private void block(String sql) {
    try (Statement statement = blocker.createStatement()) {
      statement.execute("SET LOCAL application_name = 'the blocker'");
      statement.execute(sql);
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private DataSource blockedAt(String statement, String sql) {
    return new HookedDataSource(fixture.dataSource(), statement, () -> block(sql));
  }

  private static void awaitNamed(Migrator migrator, String step) {
    Fixture.await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .filter(it -> it.name().equals(step))
                .flatMap(it -> it.blockers().stream())
                .anyMatch(WaitingStepIT::isTheBlocker),
        () -> String.valueOf(migrator.status("m")));
  }

  /** By one connection and without a pause, which see what is on record for a moment only. */
  private void awaitRecordedForGood(String step) throws SQLException {
    String sql =
        "SELECT count(*) FROM migrator.step WHERE name = '%s' AND blockers->0->>'application' = 'the blocker'"
            .formatted(step);
    try (Connection connection = fixture.database().dataSource().getConnection();
        PreparedStatement record = connection.prepareStatement(sql)) {
      Await.until(
          () -> IntStream.range(0, LOOKS).anyMatch(look -> isThere(record)),
          () -> "the blocker to be on record");
      assertThat(IntStream.range(0, LOOKS).allMatch(look -> isThere(record)))
          .as("stays on record as long as it is in the way")
          .isTrue();
    }
  }

  private static boolean isThere(PreparedStatement query) {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getInt(1) > 0;
    } catch (SQLException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private static boolean isTheBlocker(Blocker blocker) {
    return blocker.application().equals("the blocker");
  }

  private static List<Blocker> blockers(Migrator migrator) {
    return migrator.status("m").orElseThrow().steps().stream()
        .map(StepStatus::blockers)
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aStepThatWaitsSaysForWhomAndNoLonger(Case waiting) throws SQLException {
    Migration migration = waiting.migration(Migration.define("m").table("t"));
    Migrator migrator =
        fixture.migrator(blockedAt(waiting.statement, waiting.blocks), KEEPING, migration);
    migrator.prepare();
    migrator.start();
    awaitRecordedForGood(waiting.step);
    awaitNamed(migrator, waiting.step);
    blocker.rollback();
    Fixture.awaitPhase(migrator, "m", migration.declares());
    assertThat(blockers(migrator)).isEmpty();
  }

  @Test
  void takingBackSaysForWhomItWaitsAsWell() throws SQLException {
    Migration migration = Migration.define("m").table("t").addIndex("i").on("a");
    fixture.reach(Phase.BACKFILL, migration);
    Migrator migrator = fixture.migrator(migration);
    block("SELECT count(*) FROM t");
    migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
    migrator.start();
    awaitNamed(migrator, "undo-build-index");
    blocker.rollback();
    Fixture.await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status("m")));
    assertThat(blockers(migrator)).isEmpty();
  }

  /** What a step will be cannot be asked of a table that is locked. */
  @Test
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whileTheNextStepsCannotBeFoundItCanBeStopped() throws SQLException {
    Migration migration = Migration.define("m").table("t").addIndex("i").on("a");
    Migrator migrator = fixture.migrator(migration);
    migrator.prepare();
    block("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
    migrator.start();
    Fixture.await(
        () ->
            fixture
                .value(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE%LIKE%' AND wait_event_type = 'Lock'")
                .equals("1"),
        () -> "the migrator to wait");
    migrator.stop();
    assertThat(migrator.status("m").orElseThrow().phase()).isEqualTo(Phase.DUAL_WRITE);
    blocker.rollback();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
  }

  /** Nobody can look, so the step just waits. */
  @Test
  void withAPoolOfOneConnectionItWaitsUnseen() throws SQLException {
    Migrator migrator =
        fixture.migrator(
            fixture.pool(1), SETTINGS, Migration.define("m").table("t").addIndex("i").on("a"));
    migrator.prepare();
    block("LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE");
    migrator.start();
    Fixture.await(
        () ->
            fixture
                .value(
                    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%CONCURRENTLY%' AND wait_event_type = 'Lock'")
                .equals("1"),
        () -> "the build to wait");
    blocker.rollback();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
  }

  /** The start before it has come to the step, so that this one has little else to do. */
  @ParameterizedTest
  @EnumSource(names = {"BUILD", "VALIDATE"})
  @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aStartGivesUpInTheMiddleOfIt(Case waiting) throws SQLException {
    Migration migration = Migration.define("m").table("t").renameColumn("a", "full_a").switchRead();
    Migrator before =
        fixture.migrator(blockedAt(waiting.statement, waiting.blocks), SETTINGS, migration);
    CompletableFuture<Void> start = CompletableFuture.runAsync(before::prepare);
    // Not for anybody else: an autovacuum may be in the way of a step before it for a moment.
    Fixture.await(
        () -> blockers(before).stream().anyMatch(WaitingStepIT::isTheBlocker),
        () -> String.valueOf(before.status("m")));
    before.stop();
    assertThatThrownBy(start::join).hasCauseInstanceOf(NotReadyException.class);

    Migrator impatient =
        fixture.migrator(
            SETTINGS.toBuilder().startupLimit(Duration.ofSeconds(10)).build(), migration);
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(impatient::prepare)
        .withMessageContaining("to reach SWITCH_READ, it is at DUAL_WRITE")
        .withMessageContaining("the blocker");
    blocker.rollback();
    fixture.migrator(SETTINGS, migration).prepare();
    assertThat(fixture.value("SELECT bool_and(indisvalid) FROM pg_index")).isEqualTo("t");
  }
}
