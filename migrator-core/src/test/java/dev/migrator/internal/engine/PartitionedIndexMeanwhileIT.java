package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.StepStatus;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What happens to the parts of an index on a partitioned table while it is built, undone or
 * dropped.
 */
@Tag("server-version")
class PartitionedIndexMeanwhileIT extends PartitionedIndexes {

  /** Before the parts, between them, and right before all partitions are locked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX CONCURRENTLY",
        "ON \"public\".\"rest\" USING",
        "LOCK TABLE \"public\".\"t\" IN SHARE MODE"
      })
  void onesThatComeMeanwhileGetTheirs(String statement) {
    DataSource dataSource =
        before(
            statement,
            () ->
                fixture.execute(
                    "CREATE TABLE late (LIKE t)",
                    "INSERT INTO late (id, region) VALUES (9001, 70)",
                    "ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (70)",
                    "CREATE TABLE deep PARTITION OF ranged FOR VALUES FROM (2000000) TO (3000000)",
                    "CREATE TABLE part PARTITION OF t FOR VALUES IN (71) PARTITION BY LIST (id)",
                    "CREATE TABLE of_part PARTITION OF part DEFAULT"));
    Migrator migrator = started(dataSource, rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN))
        .isEqualTo(
            "\"Low\" true,deep true,even true,hashed true,high true,late true,odd true,of_part true,one true,part true,ranged true,rest true,t true alone,two true");
  }

  /** With an index that the server takes for the part, as a copy of another partition has. */
  @Test
  void oneThatComesWithItsIndexKeepsIt() {
    DataSource dataSource =
        before(
            "LOCK TABLE \"public\".\"t\" IN SHARE MODE",
            () ->
                fixture.execute(
                    "CREATE TABLE late (LIKE one INCLUDING INDEXES)",
                    "ALTER TABLE t ATTACH PARTITION late FOR VALUES IN (70)"));
    Migrator migrator = started(dataSource, rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN))
        .isEqualTo(COMPLETE.replace("high true,", "high true,late true,"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ON "public"."odd" USING  | DROP TABLE odd
          ON "public"."two" USING  | ALTER TABLE t DETACH PARTITION two; ALTER TABLE two RENAME TO away
          ON "public"."high" USING | DROP TABLE ranged
          IN SHARE MODE            | ALTER TABLE t DETACH PARTITION one
          ON "public"."one" USING  | ALTER TABLE one RENAME TO "Other"
          """)
  void onesThatGoMeanwhileAreNoError(String statement, String sql) {
    Migrator migrator =
        started(before(statement, () -> fixture.execute(sql.split("; "))), rename());
    awaitPhase(migrator, "m", Phase.BACKFILL);
    assertThat(fixture.value(ON_NEW_COLUMN)).contains("t true alone").doesNotContain("false");
  }

  @Test
  void anotherInstanceGoesOnWithWhatIsBuilt() throws SQLException {
    halfBuilt(rename(), "copy-index-by_a");
    // As a build leaves it that was cut off.
    fixture.execute(
        """
        UPDATE pg_index SET indisvalid = false
         WHERE indrelid = 'two'::regclass AND pg_get_indexdef(indexrelid) LIKE '%btree (b)%'""");
    String parts =
        """
        SELECT indrelid::regclass || ' ' || indexrelid FROM pg_index
         WHERE pg_get_indexdef(indexrelid) LIKE '%btree (b)%'
           AND indrelid::regclass::text IN ('"Low"', 'even', 'high', 'odd', 'one', 'two') ORDER BY 1""";
    String before = fixture.value(parts);
    assertThat(before.split(",")).hasSize(6);
    fixture.reach(Phase.BACKFILL, rename());
    assertThat(fixture.value(ON_NEW_COLUMN)).isEqualTo(COMPLETE);
    String after = fixture.value(parts);
    assertThat(after.replaceAll("two .*", "")).isEqualTo(before.replaceAll("two .*", ""));
    assertThat(after).as("the broken one was built again").isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsHalfBuiltIsUndone(boolean change) throws SQLException {
    String before = fixture.catalog();
    Migration migration = change ? rename() : addIndex();
    halfBuilt(migration, change ? "copy-index-by_a" : "build-index");
    assertThat(fixture.catalog()).isNotEqualTo(before);
    fixture.execute("UPDATE migrator.migration SET undoing = true");
    Migrator migrator = fixture.migrator(KEEPING, migration);
    migrator.start();
    await(
        () ->
            migrator.status("m").orElseThrow().steps().stream()
                .anyMatch(
                    it -> it.name().contains("index") && it.state() == StepStatus.State.UNDONE),
        () -> String.valueOf(migrator.status("m")));
    migrator.close();
    assertThat(indexes(fixture.catalog())).isEqualTo(indexes(before));
  }

  @Test
  void theUndoWaitsWithinTheLockBudget() throws SQLException {
    fixture.reach(Phase.BACKFILL, addIndex());
    Migrator migrator = fixture.migrator(KEEPING, addIndex());
    try (Connection held = holding("SELECT FROM odd")) {
      migrator.execute("m", OperatorCommand.undo(Phase.BACKFILL));
      migrator.start();
      awaitNamed(migrator, "undo-build-index");
      fixture.execute(READ);
      held.rollback();
    }
    await(
        () -> migrator.status("m").orElseThrow().phase() == Phase.DUAL_WRITE,
        () -> String.valueOf(migrator.status("m")));
    assertThat(fixture.catalog()).doesNotContain("by_n");
  }

  @Test
  void oneIsDroppedAndBuiltAgain() throws SQLException {
    fixture.execute(
        "CREATE INDEX old ON t (n DESC) INCLUDE (id) WHERE (n > 3)",
        "COMMENT ON INDEX old IS 'it''s old'",
        "ALTER INDEX one_n_id_idx RENAME TO \"Mine\"",
        "ALTER INDEX ranged_n_id_idx RENAME TO of_ranged");
    String before = fixture.catalog();
    Migration drop = Migration.define("m").table("t").dropIndex("old");
    Migrator migrator = fixture.migrator(KEEPING, drop);
    migrator.prepare();
    try (Connection held = holding("SELECT FROM odd")) {
      migrator.start();
      awaitNamed(migrator, "drop-index");
      fixture.execute(READ);
      held.rollback();
    }
    awaitPhase(migrator, "m", Phase.CONTRACT);
    migrator.close();
    assertThat(indexes(fixture.catalog()))
        .isEqualTo(indexes(before).stream().filter(it -> it.contains("(a)")).toList());

    // Where taking it back was interrupted in the middle of a build.
    fixture.execute(
        "CREATE INDEX \"Mine\" ON one (n DESC) INCLUDE (id) WHERE (n > 3)",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"Mine\"'::regclass");
    OperationLife.undo(fixture, drop);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT obj_description('old'::regclass)")).isEqualTo("it's old");
  }
}
