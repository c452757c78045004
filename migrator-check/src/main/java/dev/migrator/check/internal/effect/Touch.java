package dev.migrator.check.internal.effect;

import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.List;

/**
 * What a statement does to a table.
 *
 * @param table its name, with its schema, as SQL writes it
 * @param role what it is to the statement
 * @param lock the strongest lock on it
 * @param indexesLocked whether its indexes are locked so that queries wait as well
 * @param work what is done under the lock
 * @param built the indexes that are built
 * @param known whether running releases can use it
 * @param partitioned whether it is made of partitions
 */
public record Touch(
    String table,
    Role role,
    LockMode lock,
    boolean indexesLocked,
    Work work,
    List<String> built,
    boolean known,
    boolean partitioned) {

  public Touch {
    built = List.copyOf(built);
  }

  /** One whose rows are changed, or get more. */
  public static Touch ofRows(String table) {
    return new Touch(
        table, Role.TARGET, LockMode.ROW_EXCLUSIVE, false, Work.COPY, List.of(), true, false);
  }

  /** Whether a statement that reads rows waits for it. */
  public boolean blocksReads() {
    return lock.blocksReads() || indexesLocked;
  }

  /** What a table is to a statement. */
  public enum Role {

    /** The statement is about it. */
    TARGET,

    /** A partition of the target, a child, or one of many. */
    FAMILY,

    /** Another table that is locked with it. */
    OTHER
  }
}
