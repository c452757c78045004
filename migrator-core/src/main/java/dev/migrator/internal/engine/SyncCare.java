package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Recorded;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Looks after what keeps both sides in step: triggers, and what they and others were made from. */
final class SyncCare {

  private final TriggerCare triggers;

  private final ColumnCare columns;

  private final TriggerRest rest;

  SyncCare(TriggerCare triggers, ColumnCare columns, TriggerRest rest) {
    this.triggers = triggers;
    this.columns = columns;
    this.rest = rest;
  }

  /** Whether there is anything that has to be looked at from time to time. */
  boolean caresForAny(Snapshot snapshot) {
    return triggers.caresForAny(snapshot) || columns.caresForAny(snapshot);
  }

  /** Those of which something is to be made anew. */
  Set<String> due(Snapshot snapshot) {
    Set<String> due = new HashSet<>(triggers.due(snapshot));
    due.addAll(columns.due(snapshot));
    return due;
  }

  /** Whether anything is to be done, also where nothing goes on. */
  boolean isDue(Snapshot snapshot, Predicate<String> idle) {
    return !due(snapshot).isEmpty() || rest.isDue(snapshot, idle);
  }

  /**
   * Makes anew what is to be made anew.
   *
   * @return whether the change may go on; not if told to end or to yield
   */
  boolean keep(Recorded recorded) {
    return triggers.keep(recorded) && columns.keep(recorded);
  }

  /** To be called before a phase begins. Returns whether it may. */
  boolean begins(Recorded recorded, Phase phase) {
    return rest.wake(recorded, phase);
  }

  /** Lets triggers rest of which nothing is asked for some time. */
  void rest(Snapshot snapshot, Predicate<String> idle) {
    rest.run(snapshot, idle);
  }
}
