package dev.migrator.internal.operation.column;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An index or a constraint of the old column, and what it is on the new one.
 *
 * @param kind what it is
 * @param name its name on the old column
 * @param definition its definition with the new column in place of the old: of an index what
 *     follows USING, of a constraint all of it
 * @param original its definition as it is on the old column
 * @param unique whether an index is unique
 * @param counterpart the name of what the new column has already with that definition; {@code null}
 *     if it has nothing like it
 * @param parent the table a foreign key refers to, quoted; {@code null} for everything else
 * @param duplicate whether another attachment has the same definition, so that this one is not
 *     carried
 * @param deferrability of a unique constraint, as SQL writes it
 * @param details what it has beyond its definition
 * @param parts the names of the parts that an index of a partitioned table has, by the object ids
 *     of the partitions
 */
public record DependentObject(
    Kind kind,
    String name,
    String definition,
    String original,
    boolean unique,
    @Nullable String counterpart,
    @Nullable String parent,
    boolean duplicate,
    String deferrability,
    ObjectDetails details,
    Map<Long, String> parts) {

  public DependentObject {
    parts = Map.copyOf(parts);
  }

  DependentObject with(ObjectDetails other) {
    return new DependentObject(
        kind,
        name,
        definition,
        original,
        unique,
        counterpart,
        parent,
        duplicate,
        deferrability,
        other,
        parts);
  }

  /** Kinds of what hangs on a column and can be copied to another. */
  public enum Kind {
    INDEX,
    UNIQUE_CONSTRAINT,
    CHECK,
    FOREIGN_KEY
  }

  /** Whether an upsert can name it, and another upsert fail on it. */
  boolean isArbiter() {
    return kind == Kind.UNIQUE_CONSTRAINT || (kind == Kind.INDEX && unique);
  }

  /** The same when the new column has it. */
  DependentObject carriedAs(String other) {
    return new DependentObject(
        kind,
        name,
        definition,
        original,
        unique,
        other,
        parent,
        duplicate,
        deferrability,
        details,
        parts);
  }

  /** Whether it can reject a write, beyond making it slower. */
  public boolean constrains() {
    return kind != Kind.INDEX || unique;
  }
}
