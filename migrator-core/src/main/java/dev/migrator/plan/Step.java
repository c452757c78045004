package dev.migrator.plan;

import dev.migrator.Phase;
import dev.migrator.postgres.RangeSql;
import dev.migrator.postgres.TableLock;
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
   * @param lock the lock they need; {@code null} if they need none that anybody could notice
   */
  record Ddl(
      String name,
      Phase phase,
      @Nullable TableLock lock,
      List<String> statements,
      List<String> undo)
      implements Step {

    public Ddl {
      statements = List.copyOf(statements);
      undo = List.copyOf(undo);
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

  /** Both sides compared, range by range. */
  record Verify(String name, Phase phase, RangeSql ranges) implements Step {

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
   * The word that reads may switch, given only if the triggers are there.
   *
   * @param table the table's object id
   * @param triggers the names of the triggers that must be active
   */
  record SwitchRead(String name, Phase phase, long table, List<String> triggers) implements Step {

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
