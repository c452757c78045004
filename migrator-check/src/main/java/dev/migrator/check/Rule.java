package dev.migrator.check;

import java.util.Arrays;
import java.util.Optional;

/** What is looked for. Later versions may add some. */
public enum Rule {

  /** A whole table is written anew while it is locked. */
  TABLE_REWRITE("table-rewrite", "A whole table is written anew while nobody can use it"),

  /** A whole table is read while nobody can use it. */
  SCAN_UNDER_EXCLUSIVE("scan-under-exclusive", "A whole table is read while nobody can use it"),

  /** An index is built while nobody can write its table. */
  INDEX_BUILD_BLOCKING("index-build-blocking", "An index is built while its table is locked"),

  /** Writes wait while a table is read. */
  WRITE_BLOCK("write-block", "Writes wait while a whole table is read"),

  /** Another table than the one that is named is locked. */
  PARENT_LOCK("parent-lock", "A table is locked that the statement does not seem to be about"),

  /** Locks are kept for longer than they need to be, or taken for nothing. */
  LOCK_QUEUE("lock-queue", "A lock is kept, behind which the application queues"),

  /** What could run beside the application does not. */
  CONCURRENT_MISUSE("concurrent-misuse", "CONCURRENTLY is missing, or used in a way that hurts"),

  /** Code of releases that run does not know what it gets. */
  BREAKS_OLD_CODE("breaks-old-code", "Code of running releases may fail on it"),

  /** A column is gone or has another name. */
  COLUMN_REMOVED("column-removed", "A column that running releases use is gone"),

  /** A table is gone or has another name. */
  TABLE_REMOVED("table-removed", "A table that running releases use is gone"),

  /** A view is gone or has another name. */
  VIEW_REMOVED("view-removed", "A view that running releases use is gone"),

  /** A function is gone or has another signature. */
  FUNCTION_REMOVED("function-removed", "A function that running releases use is gone"),

  /** An index is gone. */
  INDEX_REMOVED("index-removed", "An index that queries of running releases use is gone"),

  /** A key is gone. */
  CONSTRAINT_REMOVED("constraint-removed", "A constraint that running releases rely on is gone"),

  /** Something else is gone. */
  OBJECT_REMOVED("object-removed", "An object that running releases use is gone"),

  /** A column has another type. */
  TYPE_CHANGED("type-changed", "A column has another type than running releases know"),

  /** A column refuses NULL. */
  NOT_NULL("not-null", "A column refuses NULL, which running releases may write"),

  /** A default is gone. */
  DEFAULT_REMOVED("default-removed", "A default is gone on which running releases rely"),

  /** Inserts must give a value. */
  VALUE_REQUIRED("value-required", "A column needs a value that running releases do not write"),

  /** Inserts may give no value. */
  GENERATED("generated", "A column takes no value any longer"),

  /** Rows are refused that were not. */
  CONSTRAINT_ADDED("constraint-added", "Rows are refused that running releases may write"),

  /** Somebody may do less. */
  PRIVILEGE_REMOVED("privilege-removed", "A privilege is gone"),

  /** The server, or the migrator, refuses it. */
  WILL_FAIL("will-fail", "It fails"),

  /** Rows are gone. */
  DATA_LOSS("data-loss", "Rows are gone that nothing brings back"),

  /** All rows are changed by one statement. */
  UNBATCHED_DML("unbatched-dml", "All rows of a table are changed by one statement"),

  /** It will hurt later. */
  STYLE("style", "It works, and hurts later"),

  /** It could not be tried, or could not be read. */
  NOT_UNDERSTOOD("not-understood", "What it does could not be found out"),

  /** The file cannot be read, or a statement of it cannot. */
  UNREADABLE("unreadable", "It is no SQL that can be run"),

  /** Something was allowed until a day that is over. */
  ALLOWANCE_EXPIRED("allowance-expired", "An allowance is over"),

  /** Something is allowed that is not there. */
  ALLOWANCE_UNUSED("allowance-unused", "An allowance allows nothing");

  private final String id;

  private final String title;

  Rule(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** Its name, as files and settings write it. */
  public String id() {
    return id;
  }

  /** What it is about. */
  public String title() {
    return title;
  }

  /** Finds one by its name. */
  public static Optional<Rule> of(String id) {
    return Arrays.stream(values()).filter(it -> it.id.equals(id)).findFirst();
  }
}
