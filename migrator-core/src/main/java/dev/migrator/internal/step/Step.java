package dev.migrator.internal.step;

import dev.migrator.Phase;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.internal.sql.ViolatingRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The smallest unit that is journaled. */
public sealed interface Step {

  /** What it does, unique within its change. */
  String name();

  /** The phase it belongs to. */
  Phase phase();

  /** The SQL to record. */
  List<String> statements();

  /** The SQL that takes it back, in its order; empty if there is nothing to take back. */
  List<String> undo();

  /**
   * Statements of one transaction.
   *
   * @param locks the locks they need, in the order in which they are taken
   */
  record Ddl(
      String name, Phase phase, List<TableLock> locks, List<String> statements, List<String> undo)
      implements Step {

    public Ddl {
      locks = List.copyOf(locks);
      statements = List.copyOf(statements);
      undo = List.copyOf(undo);
    }
  }

  /**
   * A scan under a lock that nobody notices: one transaction that may take its time.
   *
   * @param undo what takes it back
   */
  record Validation(String name, Phase phase, List<String> statements, List<String> undo)
      implements Step {

    public Validation {
      statements = List.copyOf(statements);
      undo = List.copyOf(undo);
    }
  }

  /**
   * An index built or dropped without blocking writes, which cannot be done in a transaction: the
   * catalog says afterwards whether it happened.
   *
   * @param index the index
   * @param present whether it shall be there
   * @param create the statement that builds it; {@code null} if it is only to go
   */
  record Index(
      String name,
      Phase phase,
      IndexName index,
      boolean present,
      @Nullable String create,
      List<String> undo)
      implements Step {

    public Index {
      undo = List.copyOf(undo);
    }

    @Override
    public List<String> statements() {
      return List.of((present && create != null) ? create : index.drop());
    }

    /** The same with what was recorded for taking it back when it was begun. */
    public Index withUndo(List<String> recorded) {
      return new Index(name, phase, index, present, create, recorded);
    }
  }

  /**
   * An index of a partitioned table, built partition by partition without blocking writes, and then
   * made a whole in one transaction, which records it.
   *
   * @param index the index
   */
  record PartitionedIndex(
      String name,
      Phase phase,
      dev.migrator.internal.catalog.PartitionedIndex index,
      List<String> undo)
      implements Step {

    public PartitionedIndex {
      undo = List.copyOf(undo);
    }

    @Override
    public List<String> statements() {
      return List.of(index.create());
    }
  }

  /**
   * Rows that stand in the way, looked for before anything is changed. Fails if there are any.
   *
   * @param rows how to count them and what to say of them
   */
  record Count(String name, Phase phase, ViolatingRows rows) implements Step {

    @Override
    public List<String> statements() {
      return List.of(rows.count());
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }

  /** Rows brought over, range by range. */
  record Backfill(String name, Phase phase, RangeSql ranges) implements Step {

    @Override
    public List<String> statements() {
      return List.of(ranges.update(0, 1));
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }

  /**
   * Both sides compared, range by range. Worth something only while the triggers are there.
   *
   * @param triggers the names of the triggers that must be active
   * @param mends whether rows that differ are brought over again; not where either side can be the
   *     one that was written last
   */
  record Verify(String name, Phase phase, RangeSql ranges, List<String> triggers, boolean mends)
      implements Step {

    public Verify {
      triggers = List.copyOf(triggers);
    }

    @Override
    public List<String> statements() {
      return List.of(ranges.count(0, 1));
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }

  /**
   * Those transactions waited for that have written to a table when it begins. It blocks nobody,
   * and does not wait for who writes later.
   *
   * @param ranges of which table
   */
  record AwaitWriters(String name, Phase phase, RangeSql ranges) implements Step {

    @Override
    public List<String> statements() {
      return List.of();
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }

  /**
   * Both sides compared over the whole table by one statement, so in one snapshot.
   *
   * @param mends whether rows that differ are brought over, until there is none; not where either
   *     side can be the one that was written last
   */
  record Proof(String name, Phase phase, RangeSql ranges, boolean mends) implements Step {

    @Override
    public List<String> statements() {
      return List.of(ranges.compareAll());
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }

  /**
   * The word that reads may switch, given only if the triggers are there.
   *
   * @param ranges how rows are brought over and compared that have come with a partition since
   * @param triggers the names of the triggers that must be active
   */
  record SwitchRead(String name, Phase phase, RangeSql ranges, List<String> triggers)
      implements Step {

    public SwitchRead {
      triggers = List.copyOf(triggers);
    }

    @Override
    public List<String> statements() {
      return List.of();
    }

    @Override
    public List<String> undo() {
      return List.of();
    }
  }
}
