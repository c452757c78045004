package dev.migrator.diff.internal.difference;

import dev.migrator.diff.internal.schema.SchemaTable;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out that names are made by another rule than before: then everything is missing, and all of
 * it for one reason.
 */
final class NamingCause {

  /** Fewer may be two attributes that were renamed. */
  private static final int MANY = 3;

  private int missing;

  private int alike;

  private String example = "";

  private NamingCause() {}

  static Optional<Refusal> of(Facts facts) {
    NamingCause cause = new NamingCause();
    Map<String, SchemaTable> unmapped =
        facts.history().tables().values().stream()
            .filter(it -> facts.mapped().table(it.id()) == null)
            .collect(Collectors.toMap(it -> it.id().name(), it -> it, (one, other) -> one));
    for (SchemaTable table : facts.mapped().tables().values()) {
      SchemaTable old = facts.history().table(table.id());
      if (old == null) {
        old = cause.count(table.id().name(), unmapped.keySet()).map(unmapped::get).orElse(null);
      }
      if (old != null) {
        cause.columns(table, old);
      }
    }
    return cause.refusal();
  }

  private void columns(SchemaTable table, SchemaTable old) {
    Set<String> unmapped =
        old.columns().keySet().stream()
            .filter(it -> table.column(it) == null)
            .collect(Collectors.toSet());
    for (String column : table.columns().keySet()) {
      if (old.column(column) == null) {
        count(column, unmapped);
      }
    }
  }

  /** Looks for the same name, written in another way. */
  private Optional<String> count(String name, Collection<String> others) {
    missing++;
    Optional<String> other = others.stream().filter(it -> bare(it).equals(bare(name))).findFirst();
    if (other.isPresent()) {
      alike++;
      example = "%s where the database has %s".formatted(name, other.get());
    }
    return other;
  }

  private static String bare(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private Optional<Refusal> refusal() {
    if (alike < MANY || alike * 2 <= missing) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            "%d names of tables and columns are made by another rule than before, such as %s: the naming strategy has changed"
                .formatted(alike, example),
            "give spring.jpa.hibernate.naming.physical-strategy (or the NamingStrategy bean) its old value; whatever else differs shows then"));
  }
}
