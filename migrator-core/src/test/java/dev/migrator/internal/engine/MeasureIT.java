package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.plan.Estimate;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedStep;
import dev.migrator.plan.Work;
import dev.migrator.status.StepMeasure;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What steps took is noted, and what comes later is estimated by it. */
class MeasureIT {

  private static final Migration RENAME = Migration.define("m").table("t").renameColumn("a", "b");

  private static final Migration INDEX = Migration.define("i").table("t").addIndex("by_a").on("a");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text, c text)",
        "INSERT INTO t SELECT n, repeat('value ', 20) || n, 'c' FROM generate_series(1, 20000) n",
        "ANALYZE t");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void whatStepsTookIsNotedBesideWhatWasPredicted() {
    Migrator migrator = fixture.migrator(RENAME);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    Map<String, StepStatus> steps =
        migrator.status("m").orElseThrow().steps().stream()
            .collect(Collectors.toMap(StepStatus::name, Function.identity()));
    assertThat(steps.values()).allMatch(it -> it.measure() != null);
    StepMeasure backfill = steps.get("backfill").measure();
    assertThat(backfill.rows()).isEqualTo(20_000);
    assertThat(backfill.bytes()).isGreaterThan(2_000_000);
    assertThat(backfill.walBytes()).isGreaterThan(1_000_000);
    assertThat(backfill.duration()).isPositive();
    assertThat(backfill.predicted()).as("by a default").isPositive();
    assertThat(steps.get("backfill").statements().get(0)).startsWith("UPDATE ONLY");
    assertThat(steps.get("add-columns").measure().lockWait())
        .isLessThanOrEqualTo(steps.get("add-columns").measure().duration());
    assertThat(steps.get("add-columns").measure().bytes()).as("of no matter").isZero();

    Migration next = Migration.define("n").table("t").renameColumn("c", "d");
    PlannedStep copy = copy(fixture.migrator(RENAME, next).plan());
    assertThat(copy.estimate().basis()).isEqualTo(Estimate.Basis.MEASURED);
    assertThat(copy.estimate().explanation()).contains("measured here on 1 step");
  }

  private static PlannedStep copy(MigrationPlan plan) {
    return plan.steps().filter(it -> it.work() == Work.COPY).findFirst().orElseThrow();
  }

  @Test
  void whatOnlyChangesTheCatalogIsEstimatedByTheMiddleOfTheLast() {
    assertThat(catalog().estimate().basis()).isEqualTo(Estimate.Basis.DEFAULT);
    for (String duration : List.of("8 ms", "1 hour", "12 ms")) {
      fixture.execute(
          """
          INSERT INTO migrator.measure (migration_id, step, kind, work, whole, bytes, duration, lock_wait, wal_bytes)
          VALUES ('other', 's', 'Transaction', 'NOTHING', true, 0, '%s', '2 ms', 0)"""
              .formatted(duration));
    }
    assertThat(catalog().estimate().basis()).isEqualTo(Estimate.Basis.MEASURED);
    assertThat(catalog().estimate().duration()).isEqualTo(Duration.ofMillis(10));
    assertThat(catalog().estimate().explanation()).contains("measured here on 3 steps");
  }

  /** One that waits for a gate within its transaction is none like those that add a constraint. */
  @Test
  void whatHasHadThatNameBeforeIsEstimatedByIt() {
    for (int i = 0; i < 25; i++) {
      noted(i < 22 ? "s" : "add-columns", i < 22 ? "2 ms" : "30 ms");
    }
    assertThat(catalog().estimate().duration()).isEqualTo(Duration.ofMillis(30));
    assertThat(catalog().estimate().explanation()).contains("measured here on 3 steps");
  }

  private void noted(String step, String duration) {
    fixture.execute(
        """
        INSERT INTO migrator.measure (migration_id, step, kind, work, whole, bytes, duration, lock_wait, wal_bytes)
        VALUES ('other', '%s', 'Transaction', 'NOTHING', true, 0, '%s', '0', 0)"""
            .formatted(step, duration));
  }

  private PlannedStep catalog() {
    return fixture
        .migrator(RENAME)
        .plan()
        .steps()
        .filter(it -> it.name().equals("add-columns"))
        .findFirst()
        .orElseThrow();
  }

  private PlannedStep build() {
    return fixture
        .migrator(INDEX)
        .plan()
        .steps()
        .filter(it -> it.work() == Work.BUILD)
        .findFirst()
        .orElseThrow();
  }

  private void measured(String kind, boolean whole, long bytes, String duration) {
    fixture.execute(
        """
        INSERT INTO migrator.measure (migration_id, step, kind, work, whole, bytes, duration, lock_wait, wal_bytes)
        VALUES ('other', 's', '%s', 'BUILD', %s, %d, '%s', '0', 0)"""
            .formatted(kind, whole, bytes, duration));
  }

  @Test
  void estimatesComeFromTheLastWholeStepsOfThatKind() {
    assertThat(build().estimate().basis()).isEqualTo(Estimate.Basis.DEFAULT);
    measured("ConcurrentIndex", false, 2_000_000, "1 hour");
    measured("ConcurrentIndex", true, 10_000, "1 hour");
    measured("Backfill", true, 2_000_000, "1 hour");
    assertThat(build().estimate().basis())
        .as("cut off, too small, of another kind")
        .isEqualTo(Estimate.Basis.DEFAULT);

    measured("ConcurrentIndex", true, 100_000_000, "100.05 seconds");
    PlannedStep build = build();
    long seconds = build.volume().bytes() / 1_000_000;
    assertThat(build.estimate().basis()).isEqualTo(Estimate.Basis.MEASURED);
    assertThat(build.estimate().duration())
        .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 2));

    for (int i = 0; i < 20; i++) {
      measured("ConcurrentIndex", true, 100_000_000, "1000.05 seconds");
    }
    assertThat(build().estimate().duration())
        .as("what is long ago does not count")
        .isGreaterThan(Duration.ofSeconds(10 * seconds));
  }
}
