package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.Blockers;
import dev.migrator.status.Blocker;
import java.util.List;
import java.util.Set;

/**
 * The transactions that have written to a table until a moment. They are waited for where from that
 * moment on every live instance writes both sides: one that was killed is not registered any
 * longer, but the statement that it had sent may still run, or its transaction be open. What that
 * writes no verification could see, and it would differ when it commits.
 */
public final class AwaitedWriters {

  private final Blockers blockers;

  private final long table;

  private final Set<String> left;

  /** Takes those who have written until now. */
  AwaitedWriters(Blockers blockers, long table) {
    this.blockers = blockers;
    this.table = table;
    this.left = blockers.writers(table);
  }

  /** Returns whether none of them is left. */
  boolean areGone() {
    left.retainAll(blockers.writers(table));
    return left.isEmpty();
  }

  /** Who is left, as far as the server tells. */
  List<Blocker> inTheWay() {
    return blockers.of(left);
  }
}
