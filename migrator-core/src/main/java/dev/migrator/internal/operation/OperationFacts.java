package dev.migrator.internal.operation;

import dev.migrator.Phase;
import dev.migrator.TableName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of an operation without a database. The journal keeps it, so that decisions
 * about a change do not need the release that declares it.
 *
 * @param affected what it needs for itself, or makes
 * @param declares the last phase that this release declares
 * @param last the last phase in which it does anything, behind which it holds no other change
 * @param needed what must be reached before a release serves that declares so much
 * @param sides the columns of both sides; {@code null} if it has none
 * @param loss what older releases lose in CONTRACT; {@code null} if nothing
 * @param definition what it means, by the phase in which it does it, in a form that does not change
 *     with formatting
 */
public record OperationFacts(
    List<AffectedObjects> affected,
    Phase declares,
    Phase last,
    Phase needed,
    @Nullable Sides sides,
    @Nullable Loss loss,
    Map<Phase, Map<String, Object>> definition) {

  public OperationFacts {
    affected = List.copyOf(affected);
    definition = Map.copyOf(definition);
  }

  /** Of an operation that releases need nothing of. */
  public static OperationFacts of(
      List<AffectedObjects> affected,
      Phase declares,
      Phase last,
      @Nullable Loss loss,
      Map<Phase, Map<String, Object>> definition) {
    return new OperationFacts(
        affected, declares, last, earlier(declares, Phase.DUAL_WRITE), null, loss, definition);
  }

  public static Phase earlier(Phase one, Phase other) {
    return one.includes(other) ? other : one;
  }

  /** The same as far as the phases go that were begun. */
  public OperationFacts upTo(Phase phase) {
    Map<Phase, Map<String, Object>> begun = new EnumMap<>(Phase.class);
    for (Map.Entry<Phase, Map<String, Object>> meaning : definition.entrySet()) {
      if (phase.includes(meaning.getKey())) {
        begun.put(meaning.getKey(), meaning.getValue());
      }
    }
    return defined(begun);
  }

  /** The same with another definition. */
  OperationFacts defined(Map<Phase, Map<String, Object>> other) {
    return new OperationFacts(affected, declares, last, needed, sides, loss, other);
  }

  /** Whether something keeps values in step or filled until the contract. */
  public boolean keepsInStep() {
    return definition.containsKey(Phase.DUAL_WRITE);
  }

  /**
   * The columns of both sides.
   *
   * @param table the literal name of the table, without its schema
   * @param oldColumns what the contract retires
   * @param newColumns what is added
   * @param byApplication whether the code of the releases keeps both in step, and no trigger does
   * @param readsNew whether this release does not work without the new side
   * @param readsAtRuntime whether this release asks which side to read
   * @param wholeTable whether the contract retires the table, with all the columns it has by then
   */
  public record Sides(
      String table,
      List<String> oldColumns,
      List<String> newColumns,
      boolean byApplication,
      boolean readsNew,
      boolean readsAtRuntime,
      boolean wholeTable) {

    public Sides {
      oldColumns = List.copyOf(oldColumns);
      newColumns = List.copyOf(newColumns);
    }

    /** Of columns. */
    public Sides(
        String table,
        List<String> oldColumns,
        List<String> newColumns,
        boolean byApplication,
        boolean readsNew,
        boolean readsAtRuntime) {
      this(table, oldColumns, newColumns, byApplication, readsNew, readsAtRuntime, false);
    }

    /** Of a table that the contract retires. */
    public static Sides retiring(TableName table) {
      return new Sides(table.name(), List.of(), List.of(), false, false, false, true);
    }

    /** Whether the contract retires a column. */
    public boolean retires(String otherTable, String column) {
      return table.equals(otherTable) && (wholeTable || oldColumns.contains(column));
    }

    /** The names that a statement which uses the old side contains, beside that of the table. */
    public List<String> oldNames() {
      return wholeTable ? List.of(table) : oldColumns;
    }
  }

  /**
   * What older releases lose in CONTRACT.
   *
   * @param use how such a release relies on it, behind "still"
   * @param what what it is
   * @param verb how a release declares that it does without
   * @param breaks whether code that relies on it fails
   */
  public record Loss(String use, String what, String verb, boolean breaks) {}
}
