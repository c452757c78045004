package dev.migrator.internal.engine;

import dev.migrator.internal.backfill.ProgressStore;
import dev.migrator.internal.catalog.Leaf;
import dev.migrator.internal.catalog.LeafReader;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.step.AwaitWritersStep;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.ConcurrentIndexStep;
import dev.migrator.internal.step.CountStep;
import dev.migrator.internal.step.SnapshotVerificationStep;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.Step;
import dev.migrator.internal.step.SwitchReadStep;
import dev.migrator.internal.step.TransactionStep;
import dev.migrator.internal.step.ValidationStep;
import dev.migrator.internal.step.VerificationStep;
import dev.migrator.settings.MigratorSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs steps in a transaction that has locked the table, so that nobody else reads or writes. */
final class StepsAtOnce {

  /** Behind the last block that a table can have. */
  private static final long END = 4_294_967_295L;

  private final Database database;

  private final String id;

  private final MigratorSettings settings;

  private final boolean empty;

  private final StepRunner runner;

  private @Nullable RangeSql copied;

  private long rows;

  /**
   * Makes it.
   *
   * @param empty whether there is no row, so that nothing is to be copied and compared
   */
  StepsAtOnce(
      Database database, String id, MigratorSettings settings, boolean empty, StepRunner runner) {
    this.database = database;
    this.id = id;
    this.settings = settings;
    this.empty = empty;
    this.runner = runner;
  }

  /**
   * Runs a step.
   *
   * @throws NotInOneTransaction if it cannot be run in this way
   */
  void run(Step step) {
    if (step instanceof TransactionStep transaction && !transaction.otherLocks()) {
      transaction.statements().forEach(database::execute);
    } else if (step instanceof ConcurrentIndexStep index) {
      index.inTransaction().forEach(database::execute);
    } else if (step instanceof ValidationStep validation) {
      validation.statements().forEach(database::execute);
    } else if (step instanceof CountStep count) {
      NotInOneTransaction.unless(
          empty || database.countLong(count.rows().count()) == 0, "rows are in the way");
    } else if (step instanceof BackfillStep backfill) {
      copied = backfill.ranges();
      if (!empty) {
        copy(backfill.ranges());
      }
    } else if (step instanceof VerificationStep verification) {
      compare(verification.ranges());
    } else if (step instanceof SnapshotVerificationStep verification) {
      compare(verification.ranges());
    } else if (step instanceof SqlFileStep file && !file.longWork()) {
      runner.runWithin(id, file);
    } else if (step instanceof SwitchReadStep) {
      NotInOneTransaction.unless(!hasStandbys(), "standbys are to be waited for");
    } else {
      // Of those that write, nobody has to be waited for: the table is locked.
      NotInOneTransaction.unless(step instanceof AwaitWritersStep, step.name());
    }
  }

  private void copy(RangeSql ranges) {
    NotInOneTransaction.unless(ranges.userTriggers(), "triggers are not to fire");
    database.copyLimits(settings.lock().budget(), settings.lock().hold());
    rows = database.update(ranges.update(0, END));
    database.noRange(settings.lock().budget(), settings.lock().hold());
    // No table can be altered that has triggers to be fired still.
    database.execute("SET CONSTRAINTS ALL IMMEDIATE");
  }

  private void compare(RangeSql ranges) {
    if (!empty) {
      List<Long> counts = database.numbersLong(ranges.compareAll());
      rows = counts.get(0);
      NotInOneTransaction.unless(counts.get(1) == 0, "rows differ");
    }
  }

  private boolean hasStandbys() {
    return !settings.safety().standbyLimit().isZero()
        && database
            .jdbc()
            .sql("SELECT EXISTS (SELECT FROM pg_catalog.pg_stat_replication)")
            .query(Boolean.class)
            .single();
  }

  /** Behind the record of the migration. */
  void recordCopied() {
    if (copied != null) {
      List<Leaf> leaves = new LeafReader(database).of(copied.table());
      new ProgressStore(database).doneAtOnce(id, rows, leaves);
    }
  }
}
