package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.RangeSql.Share;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * PEERS 9.15: what the speed of a backfill and of the application's writes rests on. The speed
 * itself is measured by the programs of migrator-benchmarks.
 */
@Tag("server-version")
class BackfillCostIT {

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        // Whether a vacuum comes by must be up to the backfill.
        "CREATE TABLE t (id int PRIMARY KEY, a text, n int, filler text) WITH (autovacuum_enabled = off)",
        "INSERT INTO t SELECT n, 'value ' || n, 0, repeat('x', 400) FROM generate_series(1, 60000) n",
        "CREATE INDEX by_n ON t (n)");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void backfill() {
    fixture.reach(Phase.BACKFILL, Migration.define("m").table("t").renameColumn("a", "b"));
  }

  private long size() {
    return Long.parseLong(fixture.value("SELECT pg_relation_size('t')"));
  }

  /** The plain UPDATE doubles the table. */
  @Test
  void theRoomThatRowsLeaveIsUsedForOthers() {
    long table = size();
    backfill();
    assertThat(fixture.value("SELECT count(*) FROM t WHERE a IS DISTINCT FROM b")).isEqualTo("0");
    assertThat(size()).isLessThan(table + table * 3 / 10);
  }

  /** Each page has as many rows of each share, so as few as possible leave it for another one. */
  @Test
  void mostRowsStayOnTheirPage() {
    fixture.execute("CREATE TABLE before AS SELECT id, (ctid::text::point)[0] AS page FROM t");
    backfill();
    long left =
        Long.parseLong(
            fixture.value(
                "SELECT count(*) FROM t JOIN before USING (id) WHERE (t.ctid::text::point)[0] <> page"));
    assertThat(left).isBetween(60_000L / 16, 60_000L / 5);
  }

  /** Without any statistics, with wrong ones, and with right ones. */
  @Test
  void aRangeReadsItsBlocksWhateverTheStatisticsSay() throws SQLException {
    backfill();
    RangeSql sql = Json.read(fixture.value("SELECT ranges FROM migrator.backfill"), RangeSql.class);
    for (String statistics :
        List.of(
            "UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid = 't'::regclass",
            "UPDATE pg_class SET reltuples = 1, relpages = 1 WHERE oid = 't'::regclass",
            "ANALYZE t")) {
      fixture.execute(statistics);
      for (String statement :
          List.of(
              sql.update(100, 200),
              sql.update(100, 200, new Share(3, 8)),
              sql.count(100, 200),
              sql.needy(100, 200))) {
        assertThat(plan(statement))
            .as(statistics)
            .contains("Tid Range Scan on t")
            .doesNotContain("Seq Scan", "Join", "Nested Loop", "Index");
      }
      assertThat(plan(sql.updateUnlocked(100, 200, Share.ALL)))
          .as(statistics)
          .contains("Tid Scan on t", "Tid Range Scan on t")
          .doesNotContain("Seq Scan", "Join", "Nested Loop", "Index");
    }
  }

  private String plan(String statement) {
    return String.join(
        "\n", fixture.jdbc().sql("EXPLAIN (COSTS OFF) " + statement).query(String.class).list());
  }

  /** An update of another column asks the triggers' conditions, and calls nothing. */
  @Test
  void anUnrelatedUpdateCallsNoFunction() throws SQLException {
    backfill();
    try (Connection connection = fixture.database().dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL track_functions = 'all'");
      assertThat(statement.executeUpdate("UPDATE t SET n = n + 1, filler = '' WHERE id <= 1000"))
          .isEqualTo(1000);
      assertThat(calls(statement)).isZero();
      statement.executeUpdate("UPDATE t SET a = 'new' WHERE id <= 10");
      assertThat(calls(statement)).isEqualTo(10);
      connection.rollback();
    }
  }

  private static long calls(Statement statement) throws SQLException {
    try (ResultSet rs =
        statement.executeQuery(
            """
            SELECT coalesce(sum(pg_stat_get_xact_function_calls(oid)), 0) FROM pg_proc
             WHERE pronamespace = 'migrator'::regnamespace
            """)) {
      rs.next();
      return rs.getLong(1);
    }
  }
}
