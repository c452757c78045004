package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.internal.engine.PlanExecutedIT.Change;
import dev.migrator.settings.MigratorSettings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Phases reached in one transaction end where the same phases end one by one. */
@Tag("server-version")
class OneTransactionIT {

  private static final MigratorSettings SETTINGS =
      Fixture.SETTINGS.toBuilder()
          .contract(it -> it.approved(Set.of("m")))
          .safety(it -> it.oneTransactionRows(1_000))
          .build();

  /** Of partitions, of locks that nobody knows beforehand, and of SQL that is not ours. */
  private static final Set<String> ONE_BY_ONE =
      Set.of(
          "PARTITIONED_INDEX",
          "DROP_PARTITIONED_INDEX",
          "RENAME_INDEX",
          "RENAME_IN_PARTITIONS",
          "SQL",
          "FILE_IN_CONTRACT",
          "FILE_OUTSIDE");

  /** Half of them, drawn anew in every run; all of them with {@code -Dmigrator.test.long=true}. */
  static Stream<Change> changes() {
    return PlanExecutedIT.changes()
        .filter(it -> !ONE_BY_ONE.contains(it.name()))
        .filter(it -> FaultSample.ALL || (it.name().hashCode() + FaultSample.SEED) % 2 == 0);
  }

  static Stream<Change> otherChanges() {
    return PlanExecutedIT.changes().filter(it -> ONE_BY_ONE.contains(it.name()));
  }

  /** Those that copy or take away. */
  static Stream<Change> longChanges() {
    return changes().filter(it -> it.migration().declares() != Phase.EXPAND);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theEndIsTheSame(Change change) {
    assertSame(change);
  }

  @ParameterizedTest
  @MethodSource("otherChanges")
  void theOthersArePutOffUntilTheirPhases(Change change) {
    try (Fixture fixture = PlanExecutedIT.tables(change)) {
      PlanExecutedIT.run(fixture.migrator(SETTINGS, change.migration()), change.migration());
      assertThat(isAtOnce(fixture)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("longChanges")
  void theEndIsTheSameWithoutARow(Change change) {
    assertSame(change, "TRUNCATE t, parent, child, parts CASCADE");
  }

  private void assertSame(Change change, String... first) {
    try (Fixture other = PlanExecutedIT.tables(change);
        Fixture fixture = PlanExecutedIT.tables(change)) {
      String where = "-Dmigrator.test.seed=" + FaultSample.SEED;
      other.execute(first);
      PlanExecutedIT.run(
          other.migrator(
              SETTINGS.toBuilder().safety(it -> it.oneTransactionRows(0)).build(),
              change.migration()),
          change.migration());
      fixture.execute(first);
      PlanExecutedIT.run(fixture.migrator(SETTINGS, change.migration()), change.migration());
      assertThat(isAtOnce(fixture))
          .as("in one transaction")
          .isNotEqualTo(ONE_BY_ONE.contains(change.name()));
      assertThat(fixture.catalog()).as(where).isEqualTo(other.catalog());
      for (String recorded : RECORDED) {
        assertThat(comparable(fixture.value(recorded)))
            .isEqualTo(comparable(other.value(recorded)));
      }
      for (String table : List.of("t", "parts")) {
        String rows = "SELECT string_agg(x::text, ' ' ORDER BY x::text) FROM %s x".formatted(table);
        assertThat(comparable(fixture.value(rows))).isEqualTo(comparable(other.value(rows)));
      }
    }
  }

  /** Without random values. */
  private static String comparable(String value) {
    return value.replaceAll("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", "");
  }

  /** With all that undoes a step. */
  private static final List<String> RECORDED =
      List.of(
          "SELECT to_jsonb(m) - 'since' - 'created_at' - 'drop_due' - 'seal' FROM migrator.migration m",
          """
          SELECT string_agg(phase || ' ' || name || ' ' || state || ' '
                   || regexp_replace(definition::text, '\\m(\\d{5,}|"estimatedRows": \\d+)\\M', '', 'g'), chr(10)
                   ORDER BY phase, name)
            FROM migrator.step
          """,
          "SELECT string_agg(DISTINCT kind || coalesce(phase, '') || coalesce(step, ''), ' ') FROM migrator.event",
          "SELECT rows_verified, rows_differing, work, finished_at IS NULL, verified_at IS NULL FROM migrator.backfill");

  private static boolean isAtOnce(Fixture fixture) {
    return fixture
        .value("SELECT count(*) > 0 FROM migrator.event WHERE detail = 'in one transaction'")
        .equals("t");
  }
}
