package dev.migrator.internal.engine.step;

import dev.migrator.internal.fleet.Announcements;
import dev.migrator.internal.fleet.Announcements.Found;
import dev.migrator.internal.fleet.Protection;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.lease.Lease;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.sql.Database;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has every instance protect its prepared statements before a table gets other columns. */
public final class ShapeChanges {

  private static final Logger logger = LoggerFactory.getLogger(ShapeChanges.class);

  private final Database database;

  private final Lease lease;

  private final Registry registry;

  private final Announcements announcements;

  private final Protection own;

  private final LeaderPause pause;

  private final Deadline deadline;

  private final Duration limit;

  private final Duration lookAgain;

  /** The number of the last announcement of this instance. */
  private volatile long announced;

  /**
   * Makes it.
   *
   * @param own what this instance does itself, at once
   * @param limit how long answers are waited for
   */
  public ShapeChanges(
      Database database,
      Lease lease,
      Registry registry,
      Announcements announcements,
      Protection own,
      LeaderPause pause,
      Deadline deadline,
      Duration limit,
      Duration lookAgain) {
    this.database = database;
    this.lease = lease;
    this.registry = registry;
    this.announcements = announcements;
    this.own = own;
    this.pause = pause;
    this.deadline = deadline;
    this.limit = limit;
    this.lookAgain = lookAgain;
  }

  /**
   * Waits until every live instance has answered, or the limit is over.
   *
   * @return whether to go on; not if told to end, or if another instance is to lead
   */
  public boolean isProtected(String step, boolean longWork) {
    long giveUp = System.nanoTime() + limit.toNanos();
    while (true) {
      Found found = announced(longWork);
      announced = found.number();
      own.heed(found);
      List<String> unanswered = unanswered(found.number());
      if (unanswered.isEmpty()) {
        return true;
      }
      if (System.nanoTime() - giveUp > 0) {
        logger.warn(
            "{} goes on, though these instances did not say within {} that they protect their prepared statements: {}; a statement of theirs can fail with \"cached plan must not change result type\"",
            step,
            limit,
            String.join(", ", unanswered));
        return true;
      }
      // Then it would not pause, either.
      if (deadline.isOver() || !pause.until(System.nanoTime() + lookAgain.toNanos())) {
        return false;
      }
    }
  }

  private Found announced(boolean longWork) {
    return database.inTransaction(
        () -> {
          lease.check();
          return announcements.announce(longWork);
        });
  }

  private List<String> unanswered(long number) {
    return database.inTransaction(
        () -> {
          lease.check();
          registry.presumeDead();
          return announcements.unanswered(number);
        });
  }

  /**
   * To be called in the transaction that gives a table other columns.
   *
   * @throws PreconditionChanged if it has taken so long that statements may not be protected any
   *     more; it is rolled back, and done again
   */
  public void changed() {
    if (!announcements.changed(announced)) {
      throw new PreconditionChanged();
    }
  }

  /** Whether no other instance lives that could be hurt. */
  public boolean isAlone() {
    return fleet().live().count() <= 1;
  }

  /** Whether every live instance declares a migration, until the transaction ends. */
  boolean isKnownToAll(String id) {
    return registry.close(Duration.ZERO).live().allMatch(it -> it.declares().containsKey(id));
  }

  /** Who lives. */
  Fleet fleet() {
    return registry.read(Duration.ZERO);
  }
}
