package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.await;
import static dev.migrator.internal.engine.OperationLife.KEEPING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.MigratorException;
import dev.migrator.internal.engine.FailingDataSource.Failure;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing is recorded as done that was not done, in either direction: whichever statement fails and
 * however, journal and catalog agree, and RETRY leads to what an undisturbed run leads to. Some
 * statements are drawn in each run; {@code -Dmigrator.test.seed} draws the same again.
 */
class FailureIT {

  private static final String ID = "m";

  /** Of each life; by default one, in one of the directions. */
  private static final int DRAWN = Integer.getInteger("migrator.test.failures", 0);

  /** What is cut off, by name. */
  record Life(String name, Migration migration, String... more) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Life> lives() {
    Migration rename =
        Migration.define(ID)
            .table("t")
            .renameColumn("email", "mail")
            .switchRead()
            .dropColumn("email");
    return Stream.concat(
        Stream.of(
            new Life(
                "RENAME",
                rename,
                "UPDATE t SET email = 'e' || id",
                "ALTER TABLE t ALTER email SET NOT NULL, ALTER email SET DEFAULT 'none'",
                "ALTER TABLE t ADD CONSTRAINT one_mail UNIQUE (email), ADD CONSTRAINT some_mail CHECK (email <> '')")),
        Stream.of(OperationCrashIT.Kind.values()).map(it -> new Life(it.name(), it.migration())));
  }

  private static final MigratorSettings UNDOING =
      KEEPING.toBuilder().lock(it -> it.retryLimit(Duration.ZERO)).build();

  private static final MigratorSettings SETTINGS =
      UNDOING.toBuilder().contract(it -> it.approved(Set.of(ID))).build();

  @ParameterizedTest
  @MethodSource("lives")
  void journalAndCatalogAgree(Life life) {
    Map<String, Set<String>> forward = new HashMap<>();
    Map<String, Set<String>> back = new HashMap<>();
    int there;
    int again;
    try (Fixture fixture = made(life)) {
      FailingDataSource counting =
          FailingDataSource.counting(fixture.dataSource(), () -> note(forward, fixture));
      forward(fixture, counting, life, Map.of(), "");
      note(forward, fixture);
      there = counting.sent();
      FailingDataSource undoing =
          FailingDataSource.counting(fixture.dataSource(), () -> note(back, fixture));
      undo(fixture, undoing, life, Map.of(), "");
      note(back, fixture);
      again = undoing.sent();
    }
    Random random = new Random(FaultSample.SEED + life.name().hashCode());
    for (int i = 0; i < Math.max(1, DRAWN); i++) {
      boolean first = random.nextBoolean();
      if (DRAWN > 0 || first) {
        fail(life, 1 + random.nextInt(there), 0, random, forward, back);
      }
      if (DRAWN > 0 || !first) {
        fail(life, 0, 1 + random.nextInt(again), random, forward, back);
      }
    }
  }

  private static void fail(
      Life life,
      int there,
      int again,
      Random random,
      Map<String, Set<String>> forward,
      Map<String, Set<String>> back) {
    Failure failure = Failure.values()[random.nextInt(Failure.values().length)];
    boolean afterwards = random.nextBoolean();
    String where =
        "%s, %s %s statement %d %s; -Dmigrator.test.seed=%d"
            .formatted(
                life,
                failure,
                afterwards ? "behind" : "before",
                Math.max(there, again),
                there > 0 ? "forward" : "of the undo",
                FaultSample.SEED);
    try (Fixture fixture = made(life)) {
      String before = fixture.catalog();
      forward(
          fixture,
          FailingDataSource.at(fixture.dataSource(), there, failure, afterwards),
          life,
          forward,
          where);
      assertThat(fixture.catalog()).as(where).isIn(forward.get(done(fixture)));
      undo(
          fixture,
          FailingDataSource.at(fixture.dataSource(), again, failure, afterwards),
          life,
          back,
          where);
      assertThat(fixture.catalog()).as("undone: " + where).isEqualTo(before);
      assertThat(
              fixture.value(
                  "SELECT string_agg(name || ' ' || state, ', ') FROM migrator.step WHERE state NOT IN ('UNDONE', 'PENDING') AND name NOT LIKE 'verify%'"))
          .as("steps left: " + where)
          .isEqualTo("NULL");
    }
  }

  private static Fixture made(Life life) {
    Fixture fixture = OperationTables.fixture();
    fixture.execute(life.more());
    return fixture;
  }

  /** An undo of several transactions has several catalogs behind one record. */
  private static void note(Map<String, Set<String>> seen, Fixture fixture) {
    seen.computeIfAbsent(done(fixture), it -> new HashSet<>()).add(fixture.catalog());
  }

  /** What the journal says that is done; a step that is being undone is until all of that is. */
  private static String done(Fixture fixture) {
    return fixture.value(
        "SELECT CASE WHEN to_regclass('migrator.step') IS NULL THEN '' ELSE coalesce("
            + " (xpath('/row/s/text()', query_to_xml('SELECT string_agg(name, '','' ORDER BY name) AS s FROM migrator.step WHERE state IN (''DONE'', ''UNDOING'')', true, true, '')))[1]::text, '') END");
  }

  private static void forward(
      Fixture fixture,
      FailingDataSource dataSource,
      Life life,
      Map<String, Set<String>> expected,
      String where) {
    Migrator migrator = fixture.migrator(dataSource, SETTINGS, life.migration());
    try {
      migrator.prepare();
    } catch (MigratorException ex) {
      assertThat(dataSource.hasFailed()).as("%s: %s", where, ex).isTrue();
    }
    migrator.start();
    untilRetried(
        fixture,
        migrator,
        dataSource,
        it -> it.phase() == life.migration().declares(),
        expected,
        where);
    migrator.close();
  }

  private static void undo(
      Fixture fixture,
      FailingDataSource dataSource,
      Life life,
      Map<String, Set<String>> expected,
      String where) {
    Phase reached = life.migration().declares();
    if (reached == Phase.CONTRACT) {
      Migrator declaring = fixture.migrator(dataSource, UNDOING, life.migration());
      declaring.start();
      undo(fixture, declaring, reached, dataSource, expected, where);
      declaring.close();
      reached = Phase.SWITCH_READ;
    }
    Migrator migrator = fixture.migrator(dataSource, UNDOING);
    migrator.start();
    await(() -> migrator.status().fleet().size() == 1, () -> String.valueOf(migrator.status()));
    for (int i = reached.ordinal(); i >= 0; i--) {
      undo(fixture, migrator, Phase.values()[i], dataSource, expected, where);
    }
    migrator.close();
  }

  private static void undo(
      Fixture fixture,
      Migrator migrator,
      Phase phase,
      FailingDataSource dataSource,
      Map<String, Set<String>> expected,
      String where) {
    migrator.execute(ID, OperatorCommand.undo(phase));
    Phase before = (phase == Phase.EXPAND) ? null : Phase.values()[phase.ordinal() - 1];
    untilRetried(fixture, migrator, dataSource, it -> it.phase() == before, expected, where);
  }

  private static void untilRetried(
      Fixture fixture,
      Migrator migrator,
      FailingDataSource dataSource,
      java.util.function.Predicate<MigrationStatus> end,
      Map<String, Set<String>> expected,
      String where) {
    await(
        () -> {
          MigrationStatus status = migrator.status(ID).orElseThrow();
          return end.test(status) || status.state() == State.FAILED;
        },
        () -> where + ": " + migrator.status(ID));
    if (end.test(migrator.status(ID).orElseThrow())) {
      return;
    }
    assertThat(dataSource.hasFailed())
        .as("%s: %s", where, migrator.status(ID).orElseThrow().holds())
        .isTrue();
    // What no transaction ties to its record may be there already, and is judged when it is
    // retried.
    if (!dataSource.failing().contains("CONCURRENTLY")) {
      assertThat(fixture.catalog())
          .as("journal and catalog: " + where)
          .isIn(expected.get(done(fixture)));
    }
    dataSource.heal();
    migrator.execute(ID, OperatorCommand.RETRY);
    await(
        () -> {
          MigrationStatus status = migrator.status(ID).orElseThrow();
          assertThat(status.state()).as("%s: %s", where, status).isNotEqualTo(State.FAILED);
          return end.test(status);
        },
        () -> where + ": " + migrator.status(ID));
  }
}
