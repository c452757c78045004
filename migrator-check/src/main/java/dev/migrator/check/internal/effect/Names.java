package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.check.internal.read.StatementKind;
import java.util.ArrayList;
import java.util.List;

/** Which of the names of a statement it is about. */
final class Names {

  private Names() {}

  static List<QualifiedName> targets(Parsed parsed) {
    List<QualifiedName> targets = new ArrayList<>();
    boolean index =
        switch (parsed.kind()) {
          case ALTER_INDEX, DROP_INDEX, DROP_INDEX_CONCURRENTLY -> true;
          case REINDEX, REINDEX_CONCURRENTLY -> !"TABLE".equals(parsed.name());
          case ALTER_TYPE, DROP_TYPE, ALTER_DOMAIN, DROP_DOMAIN, DROP_SCHEMA, DROP_FUNCTION -> true;
          default -> false;
        };
    if (parsed.table() != null && !index) {
      targets.add(parsed.table());
    }
    if (parsed.kind() == StatementKind.DROP_TABLE
        || parsed.kind() == StatementKind.TRUNCATE
        || parsed.kind() == StatementKind.LOCK_TABLE) {
      targets.addAll(parsed.others());
    }
    parsed
        .actions()
        .forEach(
            it -> {
              switch (it.kind()) {
                case ATTACH_PARTITION, DETACH_PARTITION, DETACH_CONCURRENTLY -> {
                  if (it.references() != null) {
                    targets.add(it.references());
                  }
                }
                default -> {}
              }
            });
    return targets;
  }

  /** Whether a table that is locked is one that it is about, though it does not name it. */
  static boolean isAboutAll(Parsed parsed) {
    return switch (parsed.kind()) {
      case CREATE_TABLE,
          CREATE_TABLE_AS,
          CREATE_PARTITION,
          CREATE_VIEW,
          CREATE_MATERIALIZED_VIEW,
          DROP_TYPE,
          DROP_DOMAIN,
          DROP_SCHEMA,
          DROP_FUNCTION,
          DROP_SEQUENCE,
          DROP_OTHER,
          DROP_OWNED ->
          false;
      default -> true;
    };
  }
}
