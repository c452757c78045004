package dev.migrator.autoconfigure;

import dev.migrator.Phase;
import dev.migrator.status.BackfillStatus;
import dev.migrator.status.Blocker;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a migrator may report. */
public final class Statuses {

  private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");

  private Statuses() {}

  public static MigrationStatus backfilling() {
    return new MigrationStatus(
        "full-name",
        "usersFullName",
        "public.users",
        Phase.DUAL_WRITE,
        Phase.BACKFILL,
        MigrationStatus.State.RUNNING,
        NINE,
        List.of(
            new StepStatus(
                "add columns",
                Phase.EXPAND,
                StepStatus.State.DONE,
                2,
                "orders-7c9f/41",
                NINE,
                Duration.ofMillis(12),
                null,
                List.of(
                    new Blocker(
                        4711, "reports", "idle in transaction", NINE.minusSeconds(60), null))),
            new StepStatus(
                "copy rows",
                Phase.BACKFILL,
                StepStatus.State.RUNNING,
                1,
                "orders-7c9f/41",
                NINE,
                null,
                null,
                List.of()),
            new StepStatus(
                "compare rows",
                Phase.BACKFILL,
                StepStatus.State.PENDING,
                0,
                null,
                null,
                null,
                null,
                List.of())),
        List.of(),
        new BackfillStatus(
            812_000,
            3_000_000,
            27.0667,
            5400.4,
            Duration.ofMillis(405_300),
            NINE,
            null,
            0,
            12.34,
            null,
            List.of(new BackfillStatus.Worker("pod-1 migrator-backfill-1", 17, 12_000, 5400.4)),
            "a standby is 12.0 s behind, more than 10.0 s (replication-lag)",
            80,
            3,
            2,
            List.of("id=7 (SQLSTATE 22P02)", "id=9 (SQLSTATE 22P02)")),
        List.of(),
        List.of());
  }

  /** A migration that only another release declares. */
  public static MigrationStatus foreign() {
    return new MigrationStatus(
        "old-flag",
        null,
        "public.orders",
        null,
        null,
        MigrationStatus.State.HELD,
        null,
        List.of(),
        List.of(
            new Hold(
                Hold.Reason.NOT_DECLARED,
                "this release does not declare it",
                "deploy the release that does")),
        null,
        List.of(),
        List.of());
  }

  public static MigrationStatus failed(String id, Phase declares, Phase failed) {
    return new MigrationStatus(
        id,
        "bean",
        "public.users",
        null,
        declares,
        MigrationStatus.State.FAILED,
        null,
        List.of(
            new StepStatus(
                "step",
                failed,
                StepStatus.State.FAILED,
                1,
                "orders-7c9f/41",
                NINE,
                Duration.ofMillis(5),
                "canceling statement due to lock timeout",
                List.of())),
        List.of(),
        null,
        List.of(),
        List.of());
  }
}
