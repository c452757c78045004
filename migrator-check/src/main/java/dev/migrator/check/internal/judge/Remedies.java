package dev.migrator.check.internal.judge;

import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The safe statements in the place of one that is not, for a version of the server. */
final class Remedies {

  /** What a line begins with that names another way. */
  static final String INSTEAD = "or ";

  private final Parsed parsed;

  private final boolean partitioned;

  private final int version;

  private final List<String> safe = new ArrayList<>();

  private Remedies(Parsed parsed, boolean partitioned, int version) {
    this.parsed = parsed;
    this.partitioned = partitioned;
    this.version = version;
  }

  static List<String> of(Parsed parsed, boolean partitioned, int version) {
    Remedies remedies = new Remedies(parsed, partitioned, version);
    remedies.collect();
    return remedies.safe;
  }

  /** What changes rows in ranges. */
  static List<String> ofRows() {
    return List.of(
        "change the rows in small ranges, each a transaction of its own; or by the builder: .backfill()");
  }

  /**
   * Only what does it in phases: the other statements lock less, but take away the same, and would
   * be refused again.
   */
  static List<String> inPhases(Parsed parsed, boolean partitioned, int version) {
    return of(parsed, partitioned, version).stream().filter(it -> it.startsWith(INSTEAD)).toList();
  }

  private void collect() {
    String table = text(parsed.table());
    switch (parsed.kind()) {
      case ALTER_TABLE -> {
        if (parsed.table() != null) {
          parsed
              .actions()
              .forEach(it -> safe.addAll(AlterRemedies.of(parsed, it, partitioned, version)));
        }
      }
      case CREATE_INDEX -> index();
      case REINDEX -> add("REINDEX %s CONCURRENTLY %s;".formatted(parsed.name(), table));
      case DROP_INDEX -> {
        add("DROP INDEX CONCURRENTLY %s;".formatted(table));
        add("or by the builder: .dropIndex(\"%s\")".formatted(name(parsed.table())));
      }
      case REFRESH -> {
        add("REFRESH MATERIALIZED VIEW CONCURRENTLY %s;".formatted(table));
        add("it needs a unique index on columns of the view");
      }
      case VACUUM_FULL, CLUSTER ->
          add(
              "a plain VACUUM frees the space for new rows; pg_repack makes a table smaller beside the application");
      case TRUNCATE ->
          add("delete the rows in small ranges, or drop whole partitions; nobody brings them back");
      case DROP_TABLE -> {
        add("drop its foreign keys first, each in a file of its own");
        add(BuilderLine.of(parsed.table(), ".dropTable(), which retires it first"));
      }
      case CREATE_PARTITION -> partition();
      case CREATE_TRIGGER, DROP_TRIGGER, ALTER_TRIGGER ->
          add(
              "keep the trigger, and replace its function by CREATE OR REPLACE FUNCTION, which locks no table; make a new one in a file of its own");
      case ALTER_DOMAIN -> {
        domain(table);
      }
      case LOCK_TABLE -> add("name the weakest mode that is enough, such as IN SHARE MODE");
      case CREATE_INDEX_CONCURRENTLY -> concurrently();
      default -> {}
    }
  }

  /** To validate one, the server locks all tables with SHARE while it reads them. */
  private void domain(String domain) {
    if (parsed.has(Mark.REFUSES_NULL)) {
      add(
          "ALTER DOMAIN %s ADD CONSTRAINT %s CHECK (VALUE IS NOT NULL) NOT VALID;"
              .formatted(domain, QualifiedName.plain(name(parsed.table()) + "_not_null")));
    } else if (parsed.has(Mark.ADDS_CHECK) && !parsed.has(Mark.NOT_VALID)) {
      add("ALTER DOMAIN %s %s NOT VALID;".formatted(domain, parsed.rest()));
    }
    add(
        "new values are checked from then on; to VALIDATE it blocks writes as well, so find old rows by a query");
  }

  private void add(String line) {
    safe.add(line);
  }

  private void index() {
    String unique = parsed.has(Mark.UNIQUE) ? "UNIQUE " : "";
    String name = parsed.name() == null ? "…" : QualifiedName.plain(parsed.name());
    String table = text(parsed.table());
    if (partitioned) {
      add("CREATE %sINDEX %s ON ONLY %s %s;".formatted(unique, name, table, parsed.rest()));
      add("CREATE %sINDEX CONCURRENTLY … ON … %s;".formatted(unique, parsed.rest()));
      add("ALTER INDEX %s ATTACH PARTITION …;".formatted(name));
      add("the last two for each partition, each in a file of its own");
    } else {
      add("CREATE %sINDEX CONCURRENTLY %s ON %s %s;".formatted(unique, name, table, parsed.rest()));
    }
    add(BuilderLine.index(parsed));
  }

  /** What was left behind by a failure has the name already, and counts as made. */
  private void concurrently() {
    String name = parsed.name() == null ? "…" : QualifiedName.plain(parsed.name());
    add("DROP INDEX CONCURRENTLY IF EXISTS %s;".formatted(name));
    add(
        "CREATE %sINDEX CONCURRENTLY %s ON %s %s;"
            .formatted(
                parsed.has(Mark.UNIQUE) ? "UNIQUE " : "",
                name,
                text(parsed.table()),
                parsed.rest()));
  }

  private void partition() {
    String parent = parsed.others().isEmpty() ? "…" : parsed.others().get(0).text();
    String table = text(parsed.table());
    add("CREATE TABLE %s (LIKE %s INCLUDING ALL);".formatted(table, parent));
    add("ALTER TABLE %s ADD CONSTRAINT … CHECK (…);".formatted(table));
    add("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES …;".formatted(parent, table));
  }

  static String text(@Nullable QualifiedName name) {
    return (name == null) ? "…" : name.text();
  }

  static String name(@Nullable QualifiedName name) {
    return (name == null) ? "…" : name.name();
  }
}
