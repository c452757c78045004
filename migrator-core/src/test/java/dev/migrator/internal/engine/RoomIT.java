package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables in which no column has room, and such as cannot be updated. */
class RoomIT {

  private static final Migration RENAME = Migration.define("m").table("t").renameColumn("a", "b");

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String columns(int count, String type) {
    StringBuilder columns = new StringBuilder("a " + type);
    for (int i = 1; i < count; i++) {
      columns.append(", c").append(i).append(' ').append(type);
    }
    return "CREATE TABLE t (" + columns + ")";
  }

  @Test
  void aTableWithTheMostColumnsIsRefusedAlsoIfSomeWereDropped() {
    fixture.execute(columns(1600, "bool"), "ALTER TABLE t DROP COLUMN c7");
    refusedAtStart(fixture, RENAME, "1601 columns", "1600");
    refusedAtStart(fixture, Migration.define("m").table("t").addColumn("b", "text"), "1601");
  }

  @Test
  void theLastColumnIsAccepted() {
    fixture.execute(columns(1599, "bool"));
    fixture.reach(Phase.BACKFILL, RENAME);
  }

  /** The server accepts the column, and then no row with a value in each. */
  @Test
  void aRowThatWouldNotFitIntoAPageIsRefused() {
    fixture.execute(columns(1001, "bigint"));
    refusedAtStart(fixture, RENAME, "bytes", "8160");
  }

  @Test
  void theLastBytesAreUsed() {
    // 999 columns with the new one: a header of 152 bytes, and 7,992 bytes of values.
    fixture.execute(columns(998, "bigint"));
    fixture.execute("INSERT INTO t SELECT " + "1,".repeat(997) + "1");
    fixture.reach(Phase.BACKFILL, RENAME);
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("1");
  }

  @Test
  void aPublishedTableWithoutAReplicaIdentityIsRefused() {
    fixture.execute("CREATE TABLE t (a text)", "CREATE PUBLICATION p FOR TABLE t");
    refusedAtStart(fixture, RENAME, "replica identity", "p publishes");
    fixture.execute("ALTER TABLE t REPLICA IDENTITY FULL");
    fixture.reach(Phase.BACKFILL, RENAME);
  }

  /** Each partition has one of its own, and the server looks at that of the row. */
  @Test
  void aPublishedPartitionWithoutAReplicaIdentityIsNamed() {
    fixture.execute(
        "CREATE TABLE t (id int NOT NULL, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE high PARTITION OF t FOR VALUES FROM (10) TO (20)",
        "ALTER TABLE low ADD PRIMARY KEY (id)",
        "INSERT INTO t VALUES (1, 'x'), (11, 'y')",
        "CREATE PUBLICATION p FOR TABLE t WITH (publish_via_partition_root = true)");
    refusedAtStart(fixture, RENAME, "replica identity", "public.high, whose updates p publishes");
    fixture.execute("ALTER TABLE high REPLICA IDENTITY FULL");
    fixture.reach(Phase.BACKFILL, RENAME);
  }

  /** What is not changed in step, but filled row by row, is updated, too. */
  @Test
  void rowsThatAreFilledNeedAReplicaIdentity() {
    fixture.execute(
        "CREATE TABLE t (a text)",
        "INSERT INTO t VALUES (NULL)",
        "CREATE PUBLICATION p FOR TABLE t");
    Migration filled = Migration.define("m").table("t").setNotNull("a").fillNullsWith("'x'");
    refusedAtStart(fixture, filled, "replica identity");
    refusedAtStart(
        fixture,
        Migration.define("n")
            .table("t")
            .addColumn("b", "uuid", it -> it.defaultValue("gen_random_uuid()").notNull()),
        "replica identity");
    fixture.execute("ALTER TABLE t REPLICA IDENTITY FULL");
    fixture.reach(Phase.BACKFILL, filled);
  }
}
