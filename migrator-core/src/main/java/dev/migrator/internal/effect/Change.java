package dev.migrator.internal.effect;

import java.util.Arrays;
import java.util.List;

/**
 * One thing that is different in the catalog.
 *
 * @param kind what happened to it
 * @param what what it is, such as {@code column public.users.name}
 * @param reshapes whether rows that were there have other columns, so that prepared statements can
 *     fail
 */
public record Change(Kind kind, String what, boolean reshapes) {

  /** What it is and what happened to it. */
  public String text() {
    return what + " " + kind.verb;
  }

  /** What can happen. */
  public enum Kind {

    /** Something is there that was not. */
    ADDED("is added", "", ""),

    /** Something is different in a way that nobody has to know. */
    CHANGED("is changed", "", ""),

    /** All rows of a table are in another file. */
    REWRITTEN("is written anew", "", ""),

    /** A column or an attribute of a type is gone, or has another name. */
    COLUMN_REMOVED(
        "is removed or renamed",
        "column-removed",
        "dropColumn(…), or renameColumn(…) which keeps both names in step for a while"),

    /** A table is gone, or has another name or other rows. */
    TABLE_REMOVED("is removed or renamed", "table-removed", "dropTable()"),

    /** A view is gone, or has another name. */
    VIEW_REMOVED("is removed or renamed", "view-removed", "sql(…).inContract()"),

    /** A function is gone, or has another name, other parameters or another result. */
    FUNCTION_REMOVED("is removed or renamed", "function-removed", "sql(…).inContract()"),

    /** An index is gone. */
    INDEX_REMOVED("is removed or renamed", "index-removed", "dropIndex(…)"),

    /** A unique constraint, a key or a foreign key is gone. */
    CONSTRAINT_REMOVED("is removed or renamed", "constraint-removed", "dropConstraint(…)"),

    /** Something else is gone: a schema, sequence, type, trigger, extension or partition. */
    OBJECT_REMOVED("is removed or renamed", "object-removed", "sql(…).inContract()"),

    /** A column has another type. */
    TYPE_CHANGED(
        "has another type",
        "type-changed",
        "changeType(…) for a wider type, or a new column with dualWrite(…)"),

    /** A column refuses NULL. */
    NOT_NULL("refuses NULL", "not-null", "setNotNull(…)"),

    /** A column has no default any longer. */
    DEFAULT_REMOVED("has no default any longer", "default-removed", "dropDefault(…)"),

    /** A row must be given a value that older releases do not know of. */
    VALUE_REQUIRED(
        "must be given a value by every insert",
        "value-required",
        "addColumn(…, it -> it.notNull().defaultValue(…))"),

    /** The values of a column come from the server alone. */
    GENERATED("takes no value from an insert any longer", "generated", "a new column"),

    /** Rows are checked that were not. */
    CONSTRAINT_ADDED(
        "refuses what it took before", "constraint-added", "addCheck(…), addUnique(…), …"),

    /** Somebody may do less than before. */
    PRIVILEGE_REMOVED("lets fewer roles do less", "privilege-removed", "sql(…).inContract()");

    private final String verb;

    private final String rule;

    private final String instead;

    Kind(String verb, String rule, String instead) {
      this.verb = verb;
      this.rule = rule;
      this.instead = instead;
    }

    /** Whether a release that knows nothing of it may fail because of it. */
    public boolean takesAway() {
      return !rule.isEmpty();
    }

    /** By what name a file can allow it; empty if it need not. */
    public String rule() {
      return rule;
    }

    /** What does it in phases. */
    public String instead() {
      return instead;
    }

    /** The names of all kinds that take something away. */
    public static List<String> rules() {
      return Arrays.stream(values()).filter(Kind::takesAway).map(Kind::rule).toList();
    }
  }
}
