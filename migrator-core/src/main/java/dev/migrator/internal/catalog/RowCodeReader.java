package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Mentions;
import dev.migrator.internal.sql.RowCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds functions whose text uses the rows of a table in a way that a new column changes. The
 * catalog knows nothing of it. What it has read once it does not read again: for one look at one
 * table.
 */
public final class RowCodeReader {

  /** A table with all its partitions. */
  private static final String TREE =
      """
      WITH RECURSIVE tree(oid) AS (
        SELECT :table::oid
        UNION ALL SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid)
      """;

  private final Database database;

  private final Map<Long, List<Candidate>> candidates = new HashMap<>();

  private final Map<Long, List<TriggerArguments>> arguments = new HashMap<>();

  private @Nullable Boolean anyFunction;

  public RowCodeReader(Database database) {
    this.database = database;
  }

  /**
   * A function, and where it does so.
   *
   * @param name the function with its argument types
   * @param plain its name with its schema alone
   * @param what what it does, for people
   * @param certain whether it fails, or stores values in other columns, with one column more
   */
  public record Use(String name, String plain, String what, boolean certain) {

    @Override
    public String toString() {
      return name + ": " + what;
    }
  }

  /**
   * Checks, policies and indexes of the table, or of a partition, that look at the whole row, by
   * their descriptions: with one column more, {@code t IS NOT NULL} rejects what it has accepted.
   * Where a function takes the row, it is named: it may look at columns only.
   */
  public List<Use> ofWholeRow(TableFacts table) {
    List<Use> uses = new ArrayList<>();
    for (Stored stored : stored(table)) {
      for (long function : WholeRow.takers(stored.expression, table.oid())) {
        String name = function == WholeRow.NO_FUNCTION ? "" : function(function);
        String what = name.isEmpty() ? "it takes the whole row" : name + " takes the whole row";
        uses.add(new Use(stored.description, name, what, true));
      }
    }
    return uses;
  }

  private List<Stored> stored(TableFacts table) {
    return database
        .jdbc()
        .sql(
            TREE
                + """
            , found(class, object, expression) AS (
              SELECT 'pg_catalog.pg_constraint'::regclass, c.oid, c.conbin::text
                FROM pg_catalog.pg_constraint c JOIN tree ON tree.oid = c.conrelid
              UNION ALL
              SELECT 'pg_catalog.pg_policy'::regclass, p.oid, concat(p.polqual::text, p.polwithcheck::text)
                FROM pg_catalog.pg_policy p JOIN tree ON tree.oid = p.polrelid
              UNION ALL
              SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid, concat(i.indexprs::text, i.indpred::text)
                FROM pg_catalog.pg_index i JOIN tree ON tree.oid = i.indrelid)
            SELECT pg_describe_object(class, object, 0) AS description, expression FROM found
             WHERE expression LIKE '%:varattno 0 %' ORDER BY 1
            """)
        .param("table", table.oid())
        .query((rs, row) -> new Stored(rs.getString("description"), rs.getString("expression")))
        .list();
  }

  private String function(long oid) {
    return database
        .jdbc()
        .sql(
            """
            SELECT n.nspname || '.' || p.proname
              FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
             WHERE p.oid = ?::oid
            """)
        .param(oid)
        .query(String.class)
        .single();
  }

  /** An expression, and what it belongs to. */
  private record Stored(String description, String expression) {}

  /** Those that depend on how many columns the table has, and in which order. */
  public List<Use> byPosition(TableFacts table) {
    List<Use> uses = new ArrayList<>();
    for (Candidate candidate : candidates(table)) {
      RowCode code = RowCode.of(candidate.body);
      OptionalInt whole =
          candidate.ofTable ? code.insertsWholeRow(candidate.transitions) : OptionalInt.empty();
      OptionalInt list = returnsList(candidate, code);
      OptionalInt copied = code.copiesAllColumns(table.name());
      OptionalInt all = code.takesAllColumns(table.name());
      if (whole.isPresent()) {
        uses.add(
            candidate.use(
                "line %d inserts the whole row of its trigger without naming columns"
                    .formatted(whole.getAsInt()),
                true));
      } else if (candidate.returnsRow && candidate.parsed) {
        uses.add(candidate.use("it returns rows of the table, with the columns of now", true));
      } else if (list.isPresent()) {
        uses.add(
            candidate.use(
                "line %d lists the columns of the row that it returns".formatted(list.getAsInt()),
                true));
      } else if (copied.isPresent()) {
        uses.add(
            candidate.use(
                "line %d inserts all columns into another table".formatted(copied.getAsInt()),
                true));
      } else if (all.isPresent()) {
        uses.add(candidate.use("line %d takes all columns".formatted(all.getAsInt()), false));
      }
    }
    return uses;
  }

  private static OptionalInt returnsList(Candidate candidate, RowCode code) {
    if (!candidate.returnsRow) {
      return OptionalInt.empty();
    }
    return switch (candidate.language) {
      case "sql" -> code.selectsList();
      case "plpgsql" -> code.returnsList();
      default -> OptionalInt.empty();
    };
  }

  /** The functions of BEFORE ROW triggers of the table that give one of the columns a value. */
  public List<Use> writing(TableFacts table, Set<String> columns) {
    List<Use> uses = new ArrayList<>();
    for (Candidate candidate : candidates(table)) {
      for (String column : candidate.before ? columns : Set.<String>of()) {
        OptionalInt line = candidate.assigns(column);
        if (line.isPresent()) {
          uses.add(candidate.use("line %d writes \"%s\"".formatted(line.getAsInt(), column), true));
        }
      }
    }
    for (TriggerArguments given : arguments(table)) {
      columns.stream()
          .filter(given::mayWrite)
          .map(it -> "it may write \"%s\", an argument of its trigger".formatted(it))
          .forEach(it -> uses.add(new Use(given.signature(), given.function(), it, true)));
    }
    return uses;
  }

  /** The functions of BEFORE ROW triggers of the table that name one of the columns otherwise. */
  public List<Use> reading(TableFacts table, Set<String> columns) {
    List<Use> uses = new ArrayList<>();
    for (Candidate candidate : candidates(table)) {
      for (String column : candidate.before ? columns : Set.<String>of()) {
        OptionalInt line = Mentions.in(candidate.body).line(column);
        if (line.isPresent() && candidate.assigns(column).isEmpty()) {
          uses.add(candidate.use("line %d names \"%s\"".formatted(line.getAsInt(), column), false));
        }
      }
    }
    for (TriggerArguments given : arguments(table)) {
      columns.stream()
          .filter(it -> given.ofTable() && given.before())
          .filter(it -> given.name(table.name(), it) && !given.mayWrite(it))
          .map(it -> "\"%s\" is an argument of its trigger".formatted(it))
          .forEach(it -> uses.add(new Use(given.signature(), given.function(), it, false)));
    }
    return uses;
  }

  /** The user's triggers that fire on an update of a row, and can refuse it. */
  public List<String> updateTriggers(long table, String prefix) {
    return database
        .jdbc()
        .sql(
            TREE
                + """
            SELECT DISTINCT format('%s (%s)', tgname, tgfoid::regprocedure) FROM pg_catalog.pg_trigger
             WHERE tgrelid IN (SELECT oid FROM tree) AND NOT tgisinternal AND tgenabled <> 'D'
               AND tgtype & 16 <> 0 AND NOT starts_with(tgname::text, :prefix)
             ORDER BY 1
            """)
        .param("table", table)
        .param("prefix", prefix)
        .query(String.class)
        .list();
  }

  /**
   * The user's BEFORE ROW triggers that can change or drop what is written, and rules that put
   * something else in its place.
   */
  public List<String> beforeTriggers(long table, String prefix) {
    return database
        .jdbc()
        .sql(
            TREE
                + """
            SELECT DISTINCT format('%s (%s)', tgname, tgfoid::regprocedure) FROM pg_catalog.pg_trigger
             WHERE tgrelid IN (SELECT oid FROM tree) AND NOT tgisinternal AND tgenabled <> 'D'
               AND tgtype & 3 = 3 AND tgtype & 20 <> 0 AND NOT starts_with(tgname::text, :prefix)
             UNION ALL
            SELECT 'rule ' || rulename FROM pg_catalog.pg_rewrite
             WHERE ev_class IN (SELECT oid FROM tree) AND is_instead AND ev_type IN ('2', '3') AND ev_enabled <> 'D'
             ORDER BY 1
            """)
        .param("table", table)
        .param("prefix", prefix)
        .query(String.class)
        .list();
  }

  private List<TriggerArguments> arguments(TableFacts table) {
    return arguments.computeIfAbsent(
        table.oid(), it -> isAnyFunction() ? TriggerArguments.on(database, table) : List.of());
  }

  private List<Candidate> candidates(TableFacts table) {
    return candidates.computeIfAbsent(
        table.oid(), it -> isAnyFunction() ? candidates(it) : List.of());
  }

  /** Many databases have none, and to ask that takes a tenth of the time. */
  private boolean isAnyFunction() {
    if (anyFunction == null) {
      anyFunction = new FunctionReader(database).isAny();
    }
    return anyFunction;
  }

  private List<Candidate> candidates(long table) {
    return database
        .jdbc()
        .sql(
            (TREE
                    + """
            SELECT p.oid::regprocedure::text AS signature, n.nspname || '.' || p.proname AS name, l.lanname::text,
                   p.prosrc, p.prosqlbody IS NOT NULL AS parsed, p.prorettype = c.reltype AS returns_row,
                   count(t.oid) > 0 AS of_table,
                   coalesce(bool_or(t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0), false) AS before,
                   coalesce(array_agg(DISTINCT x.name) FILTER (WHERE x.name IS NOT NULL), '{}')::text[] AS transitions
              FROM pg_catalog.pg_class c
             CROSS JOIN pg_catalog.pg_proc p
              JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid = p.prolang
              LEFT JOIN pg_catalog.pg_trigger t
                ON t.tgfoid = p.oid AND t.tgrelid IN (SELECT oid FROM tree) AND NOT t.tgisinternal AND t.tgenabled <> 'D'
              LEFT JOIN LATERAL (VALUES (t.tgoldtable::text), (t.tgnewtable::text)) AS x(name) ON true
             WHERE c.oid = :table::oid AND %s
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                                WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
               AND (t.oid IS NOT NULL OR p.prorettype = c.reltype
                    OR strpos(lower(p.prosrc), lower(replace(c.relname, '"', '""'))) > 0
                    OR strpos(lower(p.prosrc), lower(c.relname)) > 0)
             GROUP BY p.oid, n.nspname, l.lanname, c.reltype
             ORDER BY 1
            """)
                .formatted(UserFunctions.READABLE))
        .param("table", table)
        .query(
            (rs, row) ->
                new Candidate(
                    rs.getString("signature"),
                    rs.getString("name"),
                    rs.getString("lanname"),
                    rs.getString("prosrc"),
                    rs.getBoolean("parsed"),
                    rs.getBoolean("returns_row"),
                    rs.getBoolean("of_table"),
                    rs.getBoolean("before"),
                    List.of((String[]) rs.getArray("transitions").getArray())))
        .list();
  }

  private record Candidate(
      String signature,
      String name,
      String language,
      String body,
      boolean parsed,
      boolean returnsRow,
      boolean ofTable,
      boolean before,
      List<String> transitions) {

    OptionalInt assigns(String column) {
      return language.equals("plpgsql")
          ? RowCode.of(body).assigns(column)
          : Mentions.in(body).line(column);
    }

    Use use(String what, boolean certain) {
      return new Use(signature, name, what, certain);
    }
  }
}
