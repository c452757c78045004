package dev.migrator.test.rehearsal;

import dev.migrator.test.rehearsal.TableShape.Column;
import dev.migrator.test.rehearsal.TableShape.ForeignKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The SQL that makes further rows of one table. */
final class RowSql {

  private final TableShape shape;

  private final String asked;

  private final long there;

  private final Map<String, String> given;

  /** Of the columns whose values are made anew. */
  private final Map<String, Spread> spread;

  private final Set<String> distinct = new HashSet<>();

  private final Map<String, String> values = new LinkedHashMap<>();

  private final List<String> before = new ArrayList<>();

  private final List<String> joins = new ArrayList<>();

  /** How many rows further each next foreign key goes, so that all combinations come. */
  private long stride = 1;

  private RowSql(
      TableShape shape,
      String asked,
      long there,
      Map<String, String> given,
      Map<String, Spread> spread) {
    this.shape = shape;
    this.asked = asked;
    this.there = there;
    this.given = given;
    this.spread = spread;
  }

  static RowSql of(
      Connection connection,
      TableShape shape,
      long there,
      long number,
      String asked,
      Map<String, String> given,
      Map<String, Spread> spread)
      throws SQLException {
    RowSql sql = new RowSql(shape, asked, there, given, spread);
    given.keySet().forEach(shape::column);
    shape.unique().forEach(sql::chooseDistinct);
    if (there > 0) {
      sql.fromRows(Math.min(there, RowMaker.MOST_SOURCES));
    }
    for (ForeignKey key : shape.foreignKeys()) {
      sql.refer(connection, key, number);
    }
    shape.columns().forEach(sql::value);
    return sql;
  }

  /** Of a unique index one column has to differ, if none does by itself. */
  private void chooseDistinct(List<String> index) {
    boolean byItself =
        index.stream()
            .anyMatch(
                it ->
                    given.containsKey(it)
                        || shape.column(it).isDistinctByItself()
                        || distinct.contains(it));
    if (byItself) {
      return;
    }
    index.stream()
        .filter(it -> shape.foreignKeyOf(it) == null)
        .filter(it -> ColumnValues.varied(shape.column(it), "x", "x") != null)
        .reduce((first, second) -> second)
        .ifPresentOrElse(
            distinct::add,
            () -> {
              if (index.size() == 1) {
                distinct.add(index.get(0));
              }
            });
  }

  private void fromRows(long sources) {
    before.add(
        """
        CREATE TEMPORARY TABLE rehearsal_source AS
        SELECT *, row_number() OVER () - 1 AS "~k" FROM %s LIMIT %d
        """
            .formatted(shape.name(), sources));
    joins.add("JOIN pg_temp.rehearsal_source s ON s.\"~k\" = i % " + sources);
  }

  private void refer(Connection connection, ForeignKey key, long number) throws SQLException {
    boolean copied = there > 0 && key.columns().stream().noneMatch(this::isInUniqueKey);
    if (copied || key.columns().stream().anyMatch(given::containsKey)) {
      return;
    }
    boolean alone = key.columns().stream().anyMatch(distinct::contains);
    String from = key.table();
    if (alone) {
      from += " r WHERE NOT EXISTS (SELECT FROM %s t WHERE %s)".formatted(shape.name(), pairs(key));
    }
    long referred = Sql.number(connection, "SELECT count(*) FROM " + from);
    boolean leaves = key.columns().stream().noneMatch(it -> shape.column(it).notNull());
    boolean enough = referred > 0 && (!alone || referred >= number - there);
    if (!enough && leaves) {
      key.columns().forEach(it -> values.put(it, "NULL"));
      return;
    }
    if (!enough) {
      throw new RehearsalException(
          "rows of %s cannot be made: its %s refer to %s, which has %s rows that are left; make more by withRows(\"%s\", …)"
              .formatted(
                  asked, key.columns(), key.table(), TextReport.count(referred), key.table()));
    }
    String name = "rehearsal_referred_" + before.size();
    before.add(
        "CREATE TEMPORARY TABLE %s AS SELECT %s, row_number() OVER () - 1 AS \"~k\" FROM %s"
            .formatted(
                name,
                key.referred().stream().map(Sql::name).collect(Collectors.joining(", ")),
                from));
    joins.add(
        alone
            ? "JOIN pg_temp.%1$s ON %1$s.\"~k\" = n".formatted(name)
            : "LEFT JOIN pg_temp.%1$s ON %1$s.\"~k\" = %2$s"
                .formatted(name, referredNumber(key, referred)));
    if (key.columns().stream().anyMatch(this::isInUniqueKey)) {
      stride *= referred;
    }
    for (int i = 0; i < key.columns().size(); i++) {
      values.put(key.columns().get(i), name + "." + Sql.name(key.referred().get(i)));
    }
  }

  /** Which of the rows it refers to; none where the column is to be NULL. */
  private String referredNumber(ForeignKey key, long referred) {
    Spread known = spread.get(key.columns().get(0));
    if (known == null || there > 0 || key.columns().stream().anyMatch(this::isInUniqueKey)) {
      return "(i / %d) %% %d".formatted(stride, referred);
    }
    String number = "%s %% %d".formatted(known.number(), referred);
    boolean leaves = key.columns().stream().noneMatch(it -> shape.column(it).notNull());
    return leaves ? known.orNull(number) : number;
  }

  private String pairs(ForeignKey key) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < key.columns().size(); i++) {
      pairs.add(
          "t.%s = r.%s".formatted(Sql.name(key.columns().get(i)), Sql.name(key.referred().get(i))));
    }
    return String.join(" AND ", pairs);
  }

  private boolean isInUniqueKey(String column) {
    return shape.unique().stream()
        .anyMatch(
            it ->
                it.contains(column)
                    && it.stream()
                        .noneMatch(
                            other ->
                                shape.column(other).isDistinctByItself()
                                    || (distinct.contains(other) && !other.equals(column))));
  }

  private void value(Column column) {
    String name = column.name();
    String expression = given.get(name);
    if (expression != null) {
      values.put(name, "(" + expression + ")");
    } else if (column.filled() || values.containsKey(name) || column.fresh()) {
      return;
    } else if (there > 0) {
      String source = "s." + Sql.name(name);
      if (distinct.contains(name)) {
        putOrRefuse(column, ColumnValues.varied(column, source, most(column)));
      } else {
        values.put(name, source);
      }
    } else if (!column.defaultValue() || distinct.contains(name)) {
      makeNew(column);
    }
  }

  /** Looked up once, as the table grows. */
  private String most(Column column) {
    String name = "rehearsal_most_" + before.size();
    if (ColumnValues.isCounted(column)) {
      before.add(
          "CREATE TEMPORARY TABLE %s AS SELECT max(%s) AS most FROM %s"
              .formatted(name, Sql.name(column.name()), shape.name()));
    }
    return "(SELECT most FROM pg_temp.%s)".formatted(name);
  }

  private void makeNew(Column column) {
    boolean differs = distinct.contains(column.name());
    String made = ColumnValues.made(column, differs);
    if (made == null && !column.notNull()) {
      return;
    }
    Spread known = spread.get(column.name());
    if (made == null || differs) {
      putOrRefuse(column, made);
    } else if (known != null) {
      String value = known.of(made);
      values.put(column.name(), column.notNull() ? value : known.orNull(value));
    } else {
      values.put(
          column.name(), column.notNull() ? made : "CASE WHEN i % 10 <> 9 THEN " + made + " END");
    }
  }

  private void putOrRefuse(Column column, @Nullable String value) {
    if (value == null) {
      throw new RehearsalException(
          "rows of %1$s cannot be made: nobody knows a value for its column %2$s of type %3$s%4$s. Give one: withColumn(\"%1$s.%2$s\", \"…\"), an SQL expression of i, the number of the row from 0"
              .formatted(
                  asked,
                  column.name(),
                  column.type(),
                  distinct.contains(column.name()) ? " that is another one in each row" : ""));
    }
    values.put(column.name(), value);
  }

  List<String> before() {
    return before;
  }

  /** Rows from one number to another. */
  String insert(long from, long until) {
    String head = "INSERT INTO " + shape.name();
    String rows =
        "FROM (SELECT i, i - %d AS n FROM generate_series(%d::bigint, %d::bigint) AS g (i)) AS g %s"
            .formatted(there, from, until, String.join(" ", joins));
    if (values.isEmpty()) {
      return head + " SELECT " + rows; // every column has its default
    }
    return "%s (%s) SELECT %s %s%s"
        .formatted(
            head,
            values.keySet().stream().map(Sql::name).collect(Collectors.joining(", ")),
            String.join(", ", values.values()),
            rows,
            stride > 1 && there > 0 ? " ON CONFLICT DO NOTHING" : "");
  }

  List<String> after() {
    return List.of("DISCARD TEMPORARY");
  }
}
