package dev.migrator.internal.step;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.migrator.Phase;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.PlannedLock;
import dev.migrator.plan.Work;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The smallest unit that is journaled, and all that is needed to run it: the journal holds it as
 * JSON, so that a release that does not know the change can run or undo it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TransactionStep.class, name = "transaction"),
  @JsonSubTypes.Type(value = ValidationStep.class, name = "validation"),
  @JsonSubTypes.Type(value = CountStep.class, name = "count"),
  @JsonSubTypes.Type(value = ConcurrentIndexStep.class, name = "concurrent-index"),
  @JsonSubTypes.Type(value = PartitionedIndexStep.class, name = "partitioned-index"),
  @JsonSubTypes.Type(value = BackfillStep.class, name = "backfill"),
  @JsonSubTypes.Type(value = VerificationStep.class, name = "verification"),
  @JsonSubTypes.Type(value = SnapshotVerificationStep.class, name = "snapshot-verification"),
  @JsonSubTypes.Type(value = AwaitWritersStep.class, name = "await-writers"),
  @JsonSubTypes.Type(value = SwitchReadStep.class, name = "switch-read"),
  @JsonSubTypes.Type(value = SqlFileStep.class, name = "sql-file"),
  @JsonSubTypes.Type(value = SqlStatementStep.class, name = "sql-statement")
})
public sealed interface Step
    permits TransactionStep,
        ValidationStep,
        CountStep,
        ConcurrentIndexStep,
        PartitionedIndexStep,
        BackfillStep,
        VerificationStep,
        SnapshotVerificationStep,
        AwaitWritersStep,
        SwitchReadStep,
        SqlFileStep,
        SqlStatementStep {

  /** What every step has. */
  StepInfo info();

  /** The same step with something else of what every step has. */
  Step with(StepInfo other);

  /** The SQL it runs, beside its own bookkeeping; of what is done range by range, the first. */
  List<String> statements();

  /** What it does while it has its locks. */
  Work work();

  /**
   * The locks it takes on tables of the user's.
   *
   * @param table the table that it works on, quoted; {@code null} if none is known
   */
  List<PlannedLock> locksOn(@Nullable String table);

  /** Whether it takes further ones, which nobody knows beforehand. */
  default boolean otherLocks() {
    return false;
  }

  /** Whether its statements are one transaction. */
  default boolean isOneTransaction() {
    return true;
  }

  /** Whether it is done for one range of the table after the other. */
  default boolean isDoneInRanges() {
    return false;
  }

  /** One lock on the table that a step works on; none if that is not known. */
  static List<PlannedLock> lock(@Nullable String table, LockMode mode) {
    return (table == null) ? List.of() : List.of(new PlannedLock(table, mode));
  }

  /** What it does, unique within its migration. */
  default String name() {
    return info().name();
  }

  /** The phase it belongs to. */
  default Phase phase() {
    return info().phase();
  }

  /** The steps that undo it, in their order. */
  default List<Step> undo() {
    return info().undo();
  }

  /**
   * Whether it can have changed something although it is not recorded as done. What is one
   * transaction is recorded in that very transaction.
   */
  default boolean canBeHalfDone() {
    return false;
  }

  /** The same under a name that no step of another operation of its migration has. */
  default Step renamed(String suffix) {
    List<Step> undo = undo().stream().map(it -> it.renamed(suffix)).toList();
    return with(info().named(name() + suffix).undo(undo));
  }
}
