package dev.migrator.diff.internal.mapping;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What maps a column.
 *
 * @param where the entity and the attribute, as {@code Owner.phone}
 * @param formerNames the names that the column had
 * @param type how much of its type the mapping says
 * @param role what else it is
 * @param constants those of its enum
 */
public record Attribute(
    String where,
    List<String> formerNames,
    TypeSaid type,
    Role role,
    @Nullable Constants constants) {

  /** How much of a column's type a mapping says. */
  public enum TypeSaid {
    /** Nothing: any type that the driver takes will do. */
    NOTHING,

    /** The type, but its length or precision is that of everybody who says none. */
    KIND,

    /** All of it. */
    ALL
  }

  /** What an attribute is beyond its value. */
  public enum Role {
    PLAIN,

    /** Counts the updates of a row. */
    VERSION,

    /** Of one class among others in the same table: rows of the others have NULL. */
    OF_SUBCLASS
  }

  /** Both, where two attributes map one column. */
  Attribute and(Attribute other) {
    return new Attribute(
        where,
        Stream.concat(formerNames.stream(), other.formerNames.stream()).distinct().toList(),
        type.compareTo(other.type) >= 0 ? type : other.type,
        role == other.role ? role : Role.PLAIN,
        constants == null ? other.constants : constants);
  }
}
