package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.test.TestDatabase;
import java.util.ArrayList;
import java.util.List;

/**
 * The changes that are disturbed: a plain rename, with triggers and without, and a split in two
 * that loses something.
 */
enum FaultChange {
  RENAME("full_name") {
    @Override
    Migration.Backfilled backfilled() {
      return Migration.define(id()).table("users").renameColumn("name", "full_name");
    }

    /** An index is built without a transaction, and judged by the catalog when that is cut off. */
    @Override
    List<String> table(int rows) {
      List<String> sql = new ArrayList<>(super.table(rows));
      sql.add("CREATE INDEX users_name ON users (name DESC)");
      return sql;
    }

    @Override
    List<String> forward(String name) {
      return List.of(name);
    }

    @Override
    String back(List<String> values) {
      return values.get(0);
    }
  },

  /** Partitions come and go while nobody is there, after one instance and before the next. */
  PARTITIONED("full_name") {
    @Override
    Migration.Backfilled backfilled() {
      return Migration.define(id()).table("users").renameColumn("name", "full_name");
    }

    @Override
    List<String> table(int rows) {
      return FaultPartitions.table(rows);
    }

    @Override
    void meanwhile(TestDatabase database) {
      FaultPartitions.comeAndGo(database);
    }

    @Override
    String comparable(String catalog) {
      return FaultPartitions.comparable(catalog);
    }

    @Override
    boolean keepsItsRows() {
      return false;
    }

    @Override
    List<String> forward(String name) {
      return RENAME.forward(name);
    }

    @Override
    String back(List<String> values) {
      return RENAME.back(values);
    }
  },

  BY_APPLICATION("full_name") {
    @Override
    Migration.Backfilled backfilled() {
      return Migration.define(id())
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name", byApplication())
          .backfill();
    }

    @Override
    List<String> table(int rows) {
      return RENAME.table(rows);
    }

    @Override
    List<String> forward(String name) {
      return RENAME.forward(name);
    }

    @Override
    String back(List<String> values) {
      return RENAME.back(values);
    }
  },

  SPLIT("first_name", "last_name") {
    @Override
    Migration.Backfilled backfilled() {
      return Migration.define(id())
          .table("users")
          .addColumn("first_name", "text")
          .addColumn("last_name", "text")
          .dualWrite(
              Sync.of("name")
                  .with("first_name", "last_name")
                  .compute("first_name", "split_part(name, ' ', 1)")
                  .compute("last_name", "substr(name, length(split_part(name, ' ', 1)) + 2)")
                  .compute("name", "concat_ws(' ', first_name, nullif(last_name, ''))"))
          .backfill();
    }

    @Override
    List<String> forward(String name) {
      int space = name.indexOf(' ');
      return (space < 0)
          ? List.of(name, "")
          : List.of(name.substring(0, space), name.substring(space + 1));
    }

    @Override
    String back(List<String> values) {
      return values.get(1).isEmpty() ? values.get(0) : String.join(" ", values);
    }
  };

  private final List<String> newColumns;

  FaultChange(String... newColumns) {
    this.newColumns = List.of(newColumns);
  }

  String id() {
    return "change-" + name().toLowerCase(java.util.Locale.ROOT);
  }

  List<String> newColumns() {
    return newColumns;
  }

  abstract Migration.Backfilled backfilled();

  /** What the transforms compute from the old side, said once more in Java. */
  abstract List<String> forward(String name);

  /** What the transforms compute from the new side. */
  abstract String back(List<String> values);

  /** The chain as a release has it that ends at a phase. */
  Migration upTo(Phase phase) {
    return switch (phase) {
      case BACKFILL -> backfilled();
      case SWITCH_READ -> backfilled().switchRead();
      case CONTRACT -> backfilled().switchRead().dropColumn("name");
      default -> throw new IllegalArgumentException("no release ends at " + phase);
    };
  }

  /** What somebody else does when one instance is dead and the next one has not come. */
  void meanwhile(TestDatabase database) {}

  /** What of the catalog must be the same, wherever a life was struck. */
  String comparable(String catalog) {
    return catalog;
  }

  /** Whether there are as many rows at any time. */
  boolean keepsItsRows() {
    return true;
  }

  /** A table with rows in several ranges of a backfill. */
  List<String> table(int rows) {
    return List.of(
        """
        CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text,
                            visits integer NOT NULL DEFAULT 0, filler text NOT NULL DEFAULT repeat('x', 400))
        """,
        "COMMENT ON COLUMN users.name IS 'how the user is called'",
        "INSERT INTO users (id, name, email) SELECT n, 'User ' || n, n || '@here' FROM generate_series(1, "
            + rows
            + ") n");
  }
}
