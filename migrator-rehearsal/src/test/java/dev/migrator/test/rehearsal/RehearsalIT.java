package dev.migrator.test.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.plan.LockMode;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.test.rehearsal.MeasuredLock.Blocked;
import dev.migrator.test.rehearsal.UseFinding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalIT {

  static final String USERS =
      """
      CREATE TABLE users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL,
        email text,
        created_at timestamptz NOT NULL DEFAULT now());
      """;

  static final Migration RENAME =
      Migration.define("2026-11-22-users-full-name")
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name")
          .backfill()
          .switchRead()
          .dropColumn("name");

  static final List<String> STAGES =
      List.of(
          "EXPAND",
          "DUAL_WRITE",
          "BACKFILL",
          "SWITCH_READ",
          "CONTRACT",
          "CONTRACT after retention");

  @Test
  void everyPhaseIsMeasured() {
    List<String> progress = new ArrayList<>();
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaSql(USERS)
            .declare("usersFullName", RENAME)
            .productionVersion(9)
            .progress(progress::add)
            .build()) {
      RehearsalReport report =
          rehearsal
              .of(RENAME.id())
              .withRows("users", 20_000)
              .usedBy("select name, email from users where id = 1", "select * from users")
              .usedBy("insert into users (name) values ('x')", "select nothing from users")
              .usedFrom(Phase.BACKFILL, "select full_name from users where id = 1")
              .usedFrom(Phase.SWITCH_READ, "select name from users")
              .run();
      assertPhases(report);
      assertThat(report.findings())
          .extracting(UseFinding::stage, UseFinding::statement, UseFinding::kind)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(
                  "the beginning", "select nothing from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple("EXPAND", "select * from users", Kind.STALE_ONCE),
              org.assertj.core.groups.Tuple.tuple(
                  "EXPAND", "select nothing from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple(
                  "DUAL_WRITE", "select nothing from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple(
                  "BACKFILL", "select nothing from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple(
                  "SWITCH_READ", "select nothing from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple("CONTRACT", "select name from users", Kind.FAILS),
              org.assertj.core.groups.Tuple.tuple(
                  "CONTRACT after retention", "select name from users", Kind.FAILS));
      assertThat(report.warnings())
          .singleElement()
          .asString()
          .contains("production has PostgreSQL 9");
      assertThat(report.toText())
          .contains("BACKFILL: ", "ACCESS EXCLUSIVE on users", "blocks reads and writes")
          .contains("fails once without the starter after EXPAND: select * from users");
    }
    assertThat(progress)
        .contains("users: 20,000 of 20,000 rows", RENAME.id() + ": CONTRACT reached");
  }

  private static void assertPhases(RehearsalReport report) {
    assertThat(report.phases()).extracting(PhaseReport::name).containsExactlyElementsOf(STAGES);
    PhaseReport backfill = report.phases().get(2);
    assertThat(backfill.steps())
        .extracting(StepReport::name)
        .containsExactly("backfill", "add-not-null", "validate-added-not-null", "verify");
    assertThat(backfill.growth()).extracting(TableGrowth::table).containsExactly("users");
    assertThat(backfill.walBytes()).isGreaterThan(20_000 * 40);
    StatementReport update = backfill.steps().get(0).statements().get(0);
    assertThat(update.executions()).isGreaterThan(1);
    assertThat(update.locks())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.blocked()).isEqualTo(Blocked.WRITES_OF_SAME_ROWS);
              assertThat(it.table()).isEqualTo("users");
              assertThat(it.times()).isEqualTo(update.executions());
              assertThat(it.longest()).isPositive();
            });
    assertThat(backfill.steps().get(2).statements().get(0).scanned()).containsExactly("users");
    assertThat(report.longestBlock()).isPresent();
    assertThat(report.phases().get(0).longestBlock())
        .hasValueSatisfying(it -> assertThat(it.mode()).isEqualTo(LockMode.ACCESS_EXCLUSIVE));
  }

  /** A statement alone is looked at while it runs, and what ours do is said by the server. */
  @Test
  void sqlOfOnesOwnIsMeasuredAsItIs(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("20260101000000_first.sql"), "ALTER TABLE t ADD b int NOT NULL DEFAULT 1");
    Files.writeString(
        folder.resolve("20260102000000_type.sql"),
        """
        -- migrator: contract
        ALTER TABLE t ALTER a TYPE bigint;
        CREATE INDEX t_a ON t (a);
        """);
    Migration index = Migration.define("2026-01-02-index").table("t").addIndex("t_b").on("b");
    try (TestDatabase original = TestPostgres.newDatabase()) {
      Databases.execute(original, "CREATE TABLE t (id int PRIMARY KEY, a int)");
      Databases.execute(original, "INSERT INTO t SELECT i, i FROM generate_series(1, 20000) i");
      try (Rehearsal rehearsal =
          Rehearsal.builder()
              .copyOf(original)
              .sqlFiles("file:" + folder)
              .declare("index", index)
              .build()) {
        RehearsalReport report = rehearsal.of("20260102000000_type").withRows("t", 50_000).run();
        assertThat(report.statements().flatMap(it -> it.rewritten().stream())).contains("t");
        assertThat(report.statements().flatMap(it -> it.built().stream())).contains("t_a on t");
        RehearsalReport concurrent = rehearsal.of(index.id()).withRows("t", 50_000).run();
        assertThat(concurrent.statements().filter(it -> it.sql().contains("CONCURRENTLY")))
            .singleElement()
            .satisfies(
                it ->
                    assertThat(it.locks())
                        .extracting(MeasuredLock::mode)
                        .contains(LockMode.SHARE_UPDATE_EXCLUSIVE));
        assertThat(concurrent.longestBlock()).isEmpty();
        assertThatThrownBy(() -> rehearsal.of("unknown").run())
            .hasMessageContaining("no migration \"unknown\" is declared")
            .hasMessageContaining("20260102000000");
      }
    }
  }

  @Test
  void whatFailsIsSaid() {
    Migration never = Migration.define("never").sql("DROP TABLE nothing").withoutUndo("it fails");
    try (Rehearsal rehearsal = Rehearsal.builder().declare("never", never).build()) {
      assertThatThrownBy(() -> rehearsal.of("never").run())
          .isInstanceOf(RehearsalException.class)
          .hasMessageContaining("never failed on its way from its beginning")
          .hasMessageContaining("nothing");
    }
  }
}
