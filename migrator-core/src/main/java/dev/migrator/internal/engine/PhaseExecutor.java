package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.NotReadyException;
import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.StepRun;
import dev.migrator.internal.engine.step.StepRunner;
import dev.migrator.internal.engine.step.StepTable;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.StepRecord;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.operation.ResolvedMigration;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Drift;
import dev.migrator.internal.plan.Planner;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.BackfillStep;
import dev.migrator.internal.step.Gate;
import dev.migrator.internal.step.PhaseSteps;
import dev.migrator.internal.step.SqlStatementStep;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.StepStatus.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Takes one migration through one phase, as far as it may go now. */
final class PhaseExecutor {

  private static final Logger logger = LoggerFactory.getLogger(PhaseExecutor.class);

  private final Database database;

  private final Lease lease;

  private final Journal journal;

  private final RetryingResolver resolver;

  private final StepRunner runner;

  private final FleetGates gates;

  private final ForeignRecords foreign;

  private final MigratorSettings settings;

  PhaseExecutor(
      Database database,
      Lease lease,
      Journal journal,
      RetryingResolver resolver,
      StepRunner runner,
      FleetGates gates,
      ForeignRecords foreign,
      MigratorSettings settings) {
    this.database = database;
    this.lease = lease;
    this.journal = journal;
    this.resolver = resolver;
    this.runner = runner;
    this.gates = gates;
    this.foreign = foreign;
    this.settings = settings;
  }

  /**
   * Returns whether all that may be done now is done; not if told to end or to yield.
   *
   * @param first whether nothing of the migration has begun
   */
  boolean run(Declaration declaration, Phase phase, boolean first) {
    if (foreign.hasRunMeanwhile(declaration, phase)) {
      return true;
    }
    ResolvedMigration resolved = resolver.resolve(declaration, phase, first).orElse(null);
    if (resolved == null) {
      return false;
    }
    Map<String, StepRecord> records = new HashMap<>();
    if (!begin(declaration, phase, resolved.table(), records)) {
      return false;
    }
    PhaseSteps planned = resolved.steps(phase);
    List<Step> steps =
        LeftSteps.behindRelease(planned.steps(), records).stream()
            .filter(it -> it.info().gate() != Gate.RETENTION)
            .toList();
    requireSameStatements(declaration, steps, records);
    List<Step> left = steps.stream().filter(it -> LeftSteps.isLeft(it, records)).toList();
    if (left.isEmpty() && !planned.complete()) {
      // Copied once, and gone or changed since: copying it again under the same name is no use.
      throw runner.failed(
          declaration.id(),
          phase,
          steps.get(0).name(),
          ErrorCode.COPY_GONE,
          "what was copied to the new column is not there any longer; make it again by hand",
          null);
    }
    return run(declaration, phase, resolved, left, records);
  }

  private boolean run(
      Declaration declaration,
      Phase phase,
      ResolvedMigration resolved,
      List<Step> left,
      Map<String, StepRecord> records) {
    PhaseSteps planned = resolved.steps(phase);
    int position = records.size();
    for (int i = 0; i < left.size(); i++) {
      Step step = asBegun(declaration.id(), left.get(i), records);
      boolean reaches = planned.complete() && i == left.size() - 1;
      BrokenFunctions functions = BrokenFunctions.of(database, declaration, step);
      StepRun run =
          new StepRun(
              declaration.id(),
              null,
              StepTable.of(resolved.tableOf(step)),
              copiedBefore(step, planned.steps()),
              () -> {
                gates.of(declaration, step).run();
                functions.before();
              },
              () -> {
                functions.after();
                if (reaches) {
                  reached(declaration, phase, resolved, records.size());
                }
              });
      if (!runner.run(run, step, position++)) {
        return false;
      }
      if (step.info().gate() == Gate.RELEASE) {
        logger.info("{}: nobody has to write the old side any longer", declaration.id());
        return true; // for the contract another gate counts
      }
      if (!reaches && i < left.size() - 1 && lease.isWanted()) {
        return false;
      }
    }
    if (left.isEmpty()) {
      database.inTransaction(
          () -> {
            lease.check();
            if (phase == Phase.CONTRACT) {
              gates.requireContract(declaration);
            }
            reached(declaration, phase, resolved, records.size());
          });
    }
    if (planned.complete()) {
      logger.info("{}: {} reached", declaration.id(), phase);
    }
    return true; // of an incomplete one, the next look at the catalog finds what follows
  }

  /** A file that was mended after it failed goes on behind what is done, which must be the same. */
  private static void requireSameStatements(
      Declaration declaration, List<Step> steps, Map<String, StepRecord> records) {
    for (Step step : steps) {
      StepRecord record = records.get(step.name());
      if (record != null
          && record.state() == State.DONE
          && declaration.isFile()
          && !record.step().statements().equals(step.statements())) {
        throw new InvalidMigrationException(
            ErrorCode.FILE_CHANGED,
            "%s: its statement %s was changed after it was done. Put it back as it was, or undo the migration by UNDO"
                .formatted(declaration.where(), step.name()));
      }
    }
  }

  private void reached(
      Declaration declaration, Phase phase, ResolvedMigration resolved, int position) {
    String id = declaration.id();
    foreign.reached(declaration, phase);
    journal.reached(id, phase);
    requireNothingRan(declaration, journal.contained().write(id, declaration.contains()));
    if (phase == Phase.CONTRACT) {
      PhaseSteps planned = resolved.steps(phase);
      boolean keeps = position + planned.steps().size() > 0 && !resolved.isOfEmptyTables(database);
      journal.retired(id, keeps ? settings.contract().retention() : Duration.ZERO);
      int next = position + planned.steps().size();
      for (Step step : planned.steps()) {
        if (step.info().gate() == Gate.RETENTION) {
          journal.steps().pending(id, step, next++);
        }
      }
    }
  }

  /** An instance of the release before may have begun with what a baseline contains meanwhile. */
  private static void requireNothingRan(Declaration baseline, int written) {
    if (written != baseline.contains().size()) {
      throw new NotReadyException(
          ErrorCode.BASELINE_IN_PART,
          "%s contains %d migrations, of which %d have begun here meanwhile, so it cannot run in their place. First run the release before to the end of them, and then this one."
              .formatted(
                  baseline.where(),
                  baseline.contains().size(),
                  baseline.contains().size() - written));
    }
  }

  /** What the steps before one have copied, also if an earlier leader did it. */
  private static @Nullable RangeSql copiedBefore(Step step, List<Step> steps) {
    return steps.stream()
        .takeWhile(it -> !it.name().equals(step.name()))
        .filter(BackfillStep.class::isInstance)
        .map(it -> ((BackfillStep) it).ranges())
        .findFirst()
        .orElse(null);
  }

  /** Returns whether it may begin. */
  private boolean begin(
      Declaration declaration, Phase phase, String table, Map<String, StepRecord> records) {
    String id = declaration.id();
    try {
      database.inTransaction(
          () -> {
            lease.check();
            Recorded recorded = journal.only(id).get(id);
            if (recorded != null) {
              Drift.check(declaration, recorded, "");
            }
            if (recorded != null && Planner.waitsForWriters(declaration, recorded)) {
              // Who registers later finds in the journal that it has begun.
              database.limits(settings.lock().budget(), settings.lock().budget());
              gates.requireWriters(id);
            }
            journal.begin(id, table, declaration.operations(), phase);
            resolver.record(id);
            journal.steps().records(id).forEach(it -> records.put(it.name(), it));
          });
      return true;
    } catch (PreconditionChanged ex) {
      return false;
    } catch (DataAccessException ex) {
      if (SqlState.isContention(ex)) {
        logger.debug("{}: {} waits for a registration that is under way", id, phase);
        return false;
      }
      throw ex;
    }
  }

  /**
   * An index that is there may be there because of an attempt that was interrupted before it was
   * recorded. Only what was recorded when that attempt began tells how to undo it.
   */
  private Step asBegun(String id, Step step, Map<String, StepRecord> records) {
    StepRecord record = records.get(step.name());
    if (step instanceof SqlStatementStep statement) {
      boolean cutOff = record != null && record.state() == State.RUNNING;
      return cutOff ? statement.resuming() : step; // it is undone by its file
    }
    boolean begun =
        record != null && (record.state() == State.RUNNING || record.state() == State.FAILED);
    if (record == null || !begun || !step.canBeHalfDone()) {
      return step;
    }
    runner.requireSealed(id, record);
    return step.with(step.info().undo(record.step().undo()));
  }
}
