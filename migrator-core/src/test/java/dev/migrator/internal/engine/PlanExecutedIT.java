package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Scripts;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The SQL of a plan is the SQL that is executed: of every operation there is. */
@Tag("server-version")
class PlanExecutedIT {

  /** What does more than to look, and is none of the journal's own. */
  private static final Pattern CHANGES =
      Pattern.compile("(?s)(ALTER|CREATE|DROP|COMMENT|DO|ANALYZE|LOCK|UPDATE|INSERT|DELETE)\\s.*");

  /** Of the part of a partition that has partitions itself: the server chooses its name first. */
  private static final Pattern SERVERS_NAME = Pattern.compile("ALTER INDEX .*_idx\" RENAME TO .*");

  private static final MigratorSettings AT_ONCE =
      Fixture.SETTINGS.toBuilder().contract(it -> it.approved(Set.of("m"))).build();

  record Change(String name, Migration migration, String... more) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Change> changes() {
    Stream<Change> operations =
        Arrays.stream(OperationCrashIT.Kind.values())
            .map(it -> new Change(it.name(), it.migration()));
    return Stream.concat(
        operations,
        Stream.of(
            new Change("RENAME", rename("full_name")),
            new Change(
                "RENAME_WITH_DEPENDENTS",
                rename("full_name"),
                "ALTER TABLE t ALTER name SET NOT NULL, ALTER name SET DEFAULT 'nobody'",
                "COMMENT ON COLUMN t.name IS 'what it is called'",
                "CREATE INDEX by_name ON t (name, id)",
                "ALTER TABLE t ADD CONSTRAINT unique_name UNIQUE (name)",
                "ALTER TABLE t ADD CONSTRAINT named CHECK (name <> '')",
                "CREATE TABLE names (name text PRIMARY KEY)",
                "INSERT INTO names SELECT name FROM t",
                "ALTER TABLE t ADD CONSTRAINT known FOREIGN KEY (name) REFERENCES names"),
            new Change(
                "SPLIT",
                Migration.define("m")
                    .table("t")
                    .addColumn("first", "text")
                    .addColumn("rest", "text")
                    .dualWrite(
                        Sync.of("name")
                            .with("first", "rest")
                            .compute("first", "left(name, 1)")
                            .compute("rest", "substr(name, 2)")
                            .compute("name", "first || rest"))
                    .backfill()
                    .switchRead()
                    .dropColumn("name")),
            new Change(
                "RENAME_IN_PARTITIONS",
                Migration.define("m")
                    .table("parts")
                    .addColumn("mail", "text")
                    .dualWrite("email", "mail")
                    .backfill()
                    .switchRead()
                    .dropColumn("email"))));
  }

  private static Migration rename(String to) {
    return Migration.define("m")
        .table("t")
        .addColumn(to, "text")
        .dualWrite("name", to)
        .backfill()
        .switchRead()
        .dropColumn("name");
  }

  static Fixture tables(Change change) {
    Fixture fixture = OperationTables.fixture();
    fixture.execute("ALTER TABLE t ADD name text", "UPDATE t SET name = 'n' || id");
    fixture.execute(change.more());
    fixture.execute("ANALYZE t, parent, child, parts");
    return fixture;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whatIsPlannedIsExecutedAndNothingElse(Change change) {
    try (Fixture fixture = tables(change)) {
      RecordingDataSource recording = new RecordingDataSource(fixture.dataSource());
      Migrator migrator = fixture.migrator(recording, AT_ONCE, change.migration());
      String before = fixture.catalog();
      MigrationPlan plan = migrator.plan();
      assertThat(fixture.catalog()).isEqualTo(before);
      assertThat(recording.committed())
          .as("changed by the plan")
          .noneMatch(PlanExecutedIT::changes);
      assertThat(plan.outcome()).as(plan.toText()).isEqualTo(MigrationPlan.Outcome.REACHED);
      run(migrator, change.migration());
      List<String> executed =
          recording.committed().stream().map(PlanExecutedIT::normalized).toList();
      List<String> planned =
          plan.steps()
              .flatMap(it -> it.statements().stream())
              .map(PlanExecutedIT::normalized)
              .toList();
      assertInOrder(planned, executed, plan);
      Set<String> foreseen = new HashSet<>(planned);
      plan.steps().flatMap(it -> it.locks().stream()).forEach(it -> foreseen.addAll(locking(it)));
      assertThat(executed.stream().filter(PlanExecutedIT::changes).distinct().toList())
          .as("executed, though not in %s", plan.toText())
          .isSubsetOf(foreseen);
      assertThat(migrator.plan().isEmpty()).as(migrator.plan().toText()).isTrue();
      assertScriptDoesTheSame(change, fixture.catalog());
    }
  }

  /** Rows are copied by workers, and what was retired is kept for a while: no script does that. */
  private static void assertScriptDoesTheSame(Change change, String wanted) {
    try (Fixture fixture = tables(change)) {
      MigrationPlan plan = fixture.migrator(AT_ONCE, change.migration()).plan();
      String script = plan.toScript();
      if (plan.steps().anyMatch(it -> it.work() == Work.COPY || it.afterRetention())) {
        assertThat(script).containsAnyOf("range after range", "kept long enough");
      } else {
        Scripts.run(fixture.database().dataSource(), script);
        assertThat(fixture.catalog().replace("rest_lower_idx", "rest_i"))
            .as(script)
            .isEqualTo(wanted);
      }
    }
  }

  static void run(Migrator migrator, Migration migration) {
    migrator.prepare();
    migrator.start();
    if (migration.declares() == Phase.CONTRACT) {
      Fixture.awaitState(migrator, migration.id(), State.COMPLETED);
    } else {
      Fixture.awaitPhase(migrator, migration.id(), migration.declares());
    }
    migrator.stop();
  }

  private static void assertInOrder(
      List<String> planned, List<String> executed, MigrationPlan plan) {
    int at = 0;
    for (String statement : planned) {
      int found = executed.subList(at, executed.size()).indexOf(statement);
      assertThat(found)
          .as(
              "not executed, or not in this order: %s%nexecuted: %s%n%s",
              statement, String.join("\n", executed), plan.toText())
          .isNotNegative();
      at += found + 1;
    }
  }

  private static List<String> locking(PlannedLock lock) {
    String how = "LOCK TABLE " + lock.table() + " IN %s MODE";
    return List.of(
        how.formatted(lock.mode().sql()), how.formatted(LockMode.SHARE_UPDATE_EXCLUSIVE.sql()));
  }

  private static boolean changes(String sql) {
    return CHANGES.matcher(sql).matches()
        && !sql.contains(" migrator.")
        && !SERVERS_NAME.matcher(sql).matches();
  }

  /** Without the mark of a long statement, and whatever range it is. */
  private static String normalized(String sql) {
    String text = sql.startsWith("/* migrator ") ? sql.substring(Database.LONG_MARK) : sql;
    return text.strip()
        .replaceAll("'\\(\\d+,0\\)'::tid", "'(n,0)'::tid")
        .replaceAll(
            " AND pg_catalog.get_byte\\(pg_catalog.tidsend\\(ctid\\), 5\\) % \\d+ = \\d+", "");
  }
}
