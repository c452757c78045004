package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * When two values, and two sides of a row, count as the same. Everything that decides this, the
 * triggers, the backfill and the verification, is made from here, so that they cannot disagree.
 */
final class Comparison {

  private Comparison() {}

  /**
   * Two values differ. Where equality is not sameness ({@code 1.0} and {@code 1.00}, {@code
   * citext}) or does not exist ({@code json}), the stored bytes are compared: otherwise a write
   * that changes only the form of a value would not reach the other side.
   */
  static String differs(ColumnFacts column, String left, String right) {
    // There is no = of varchar itself: somebody's own would be nearer than that of text.
    return column.exactEquality()
        ? asText(column, left) + " IS DISTINCT FROM " + asText(column, right)
        : "ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s)::record".formatted(left, right);
  }

  private static String asText(ColumnFacts column, String value) {
    return isVarchar(column) ? "(" + value + ")::text" : value;
  }

  static String anyDiffers(
      List<ColumnFacts> columns,
      Function<ColumnFacts, String> left,
      Function<ColumnFacts, String> right) {
    return columns.stream()
        .map(it -> differs(it, left.apply(it), right.apply(it)))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  /**
   * The same for the body of a function that runs in the sessions of others, where {@code =} would
   * be looked up on a path that is not ours: operators are named with their schema, and NULL is
   * asked for without one, which {@code IS DISTINCT FROM} would not do.
   */
  static String differsAnywhere(
      List<ColumnFacts> columns,
      Function<ColumnFacts, String> left,
      Function<ColumnFacts, String> right) {
    List<String> tests = new ArrayList<>();
    columns.stream()
        .filter(Comparison::hasOperator)
        .map(it -> operator(it, left.apply(it), right.apply(it)))
        .forEach(tests::add);
    List<ColumnFacts> others = columns.stream().filter(it -> !hasOperator(it)).toList();
    if (!others.isEmpty()) {
      tests.add(
          "ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s)::record"
              .formatted(
                  others.stream().map(left).collect(Collectors.joining(", ")),
                  others.stream().map(right).collect(Collectors.joining(", "))));
    }
    return tests.stream().collect(Collectors.joining(" OR ", "(", ")"));
  }

  /**
   * Of {@code character} there are equal values of other bytes, as blanks at the end do not count.
   */
  static boolean hasOperator(ColumnFacts column) {
    return column.exactEquality()
        && !column.type().equals("bpchar")
        && !column.type().equals("character")
        && !column.type().startsWith("character(");
  }

  /** Half as dear as the comparison of records. */
  private static String operator(ColumnFacts column, String left, String right) {
    return "coalesce(%s, %s IS NOT NULL OR %s IS NOT NULL)"
        .formatted(compared(column, left, "<>", right), left, right);
  }

  /**
   * Two values by an operator of the server, for the body of a function; NULL if one of them is. By
   * the collation "C" text is compared byte by byte; said once, it holds for both.
   */
  static String compared(ColumnFacts column, String left, String operator, String right) {
    String collate = isText(column) ? " COLLATE pg_catalog.\"C\"" : "";
    return "%s%s OPERATOR(pg_catalog.%s) %s".formatted(left, collate, operator, right);
  }

  private static boolean isText(ColumnFacts column) {
    return column.type().equals("text") || isVarchar(column);
  }

  private static boolean isVarchar(ColumnFacts column) {
    return column.type().startsWith("character varying");
  }

  static String allNull(List<ColumnFacts> columns, Function<ColumnFacts, String> value) {
    return columns.stream()
        .map(it -> value.apply(it) + " IS NULL")
        .collect(Collectors.joining(" AND ", "(", ")"));
  }

  /**
   * A row whose two sides do not agree. They agree if the new side is what the old one gives, or
   * the old side is what the new one gives: with transforms that lose something only one of the two
   * can hold, depending on which side was written. A row that is empty on both sides must hold
   * forwards, because that is how rows from before the change look.
   *
   * @param change whose columns are in scope by their plain names
   */
  static String disagrees(ResolvedColumnChange change) {
    if (change.isCopy()) {
      ColumnFacts target = change.newSide().get(0);
      return "(" + differs(target, target.quoted(), change.oldSide().get(0).quoted()) + ")";
    }
    String forward = anyDiffers(change.newSide(), ColumnFacts::quoted, it -> computed(change, it));
    String backward = anyDiffers(change.oldSide(), ColumnFacts::quoted, it -> computed(change, it));
    String empty =
        allNull(change.newSide(), ColumnFacts::quoted)
            + " AND "
            + allNull(change.oldSide(), ColumnFacts::quoted);
    return "(%s AND (%s OR (%s)))".formatted(forward, backward, empty);
  }

  /**
   * The same where the new side is the truth, after a contract was undone: there, an empty row is
   * one that a writer of the new side left empty.
   */
  static String disagreesAfterContract(ResolvedColumnChange change) {
    if (change.isCopy()) {
      return disagrees(change);
    }
    String mustHave =
        change.oldSide().stream()
            .filter(ColumnFacts::notNull)
            .map(it -> " OR " + it.quoted() + " IS NULL")
            .collect(Collectors.joining());
    return "(%s AND (%s%s))"
        .formatted(
            anyDiffers(change.oldSide(), ColumnFacts::quoted, it -> computed(change, it)),
            anyDiffers(change.newSide(), ColumnFacts::quoted, it -> computed(change, it)),
            mustHave);
  }

  static String computed(ResolvedColumnChange change, ColumnFacts column) {
    return "CAST((%s) AS %s)".formatted(change.expression(column), column.type());
  }
}
