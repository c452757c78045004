package dev.migrator.internal.engine;

import dev.migrator.internal.engine.FaultDataSource.Moment;

/**
 * A commit to strike at: the so manieth transaction of its kind. Kinds are told apart by {@link
 * FaultLabel}, so a point is the same one in every run, however many heartbeats or ranges of a
 * backfill come before it.
 *
 * @param label the kind of transaction
 * @param ordinal counted from 1; one behind the last is never met
 * @param moment right before or right after the commit
 */
record FaultPoint(String label, int ordinal, Moment moment) {

  /** The label of a point that is counted over transactions of every kind. */
  static final String ANY = "";

  static final FaultPoint NONE = new FaultPoint(ANY, 0, Moment.AFTER);

  /** Says whether a commit is this point. */
  boolean is(String label, int ordinalOfKind, int ordinalOfAll) {
    return this.label.equals(ANY)
        ? ordinal == ordinalOfAll
        : ordinal == ordinalOfKind && this.label.equals(label);
  }

  @Override
  public String toString() {
    return "%s commit %d of [%s]".formatted(moment, ordinal, label);
  }
}
