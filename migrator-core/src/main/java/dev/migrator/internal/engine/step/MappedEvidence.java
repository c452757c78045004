package dev.migrator.internal.engine.step;

import dev.migrator.MappedColumn;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.sql.Database;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the mappings of live instances use: a SQL file says itself whether every release can do
 * without what it takes away, and the mappings say whether that is true.
 */
final class MappedEvidence {

  private static final int NAMED = 10;

  private final Database database;

  private final List<Use> uses = new ArrayList<>();

  private final Set<Use> before;

  /** Looks what is there, in the transaction of the file and before its first statement. */
  MappedEvidence(Database database, Fleet fleet) {
    this.database = database;
    fleet
        .live()
        .forEach(
            member -> {
              List<MappedColumn> mapped = member.mapped();
              if (mapped != null) {
                mapped.forEach(it -> uses.add(new Use(member, it)));
              }
            });
    this.before = there();
  }

  /**
   * Looks again behind its last statement.
   *
   * @throws FileRefused if something is gone that a live instance maps
   */
  void requireAllThere(String path) {
    Set<Use> gone = new HashSet<>(before);
    gone.removeAll(there());
    if (!gone.isEmpty()) {
      throw new FileRefused(
          "%s: it takes away what running instances map: %s. Deploy a release that does not map it, and give the command RETRY"
              .formatted(
                  path,
                  gone.stream()
                      .map(Use::text)
                      .sorted()
                      .distinct()
                      .limit(NAMED)
                      .collect(Collectors.joining("; "))));
    }
  }

  private Set<Use> there() {
    if (uses.isEmpty()) {
      return Set.of();
    }
    Set<List<String>> columns =
        new HashSet<>(
            database
                .jdbc()
                .sql(
                    """
                    SELECT c.relname, a.attname
                      FROM unnest(:tables::text[], :columns::text[]) AS mapped (relname, attname)
                      JOIN pg_catalog.pg_class c ON c.relname = mapped.relname
                      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = mapped.attname
                     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                    """)
                .param(
                    "tables", uses.stream().map(it -> it.column().table()).toArray(String[]::new))
                .param(
                    "columns", uses.stream().map(it -> it.column().column()).toArray(String[]::new))
                .query((rs, row) -> List.of(rs.getString(1), rs.getString(2)))
                .list());
    return uses.stream()
        .filter(it -> columns.contains(List.of(it.column().table(), it.column().column())))
        .collect(Collectors.toSet());
  }

  private record Use(Member member, MappedColumn column) {

    String text() {
      return "%s (column \"%s\" of \"%s\") in %s %s on %s"
          .formatted(
              column.where(),
              column.column(),
              column.table(),
              member.application(),
              member.release(),
              member.name());
    }
  }
}
