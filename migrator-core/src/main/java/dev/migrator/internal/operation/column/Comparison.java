package dev.migrator.internal.operation.column;

import dev.migrator.internal.catalog.ColumnFacts;
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
    return column.type().startsWith("character varying") ? "(" + value + ")::text" : value;
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
   * be looked up on a path that is not ours: the operator is named with its schema, and takes any
   * types.
   */
  static String differsAnywhere(
      List<ColumnFacts> columns,
      Function<ColumnFacts, String> left,
      Function<ColumnFacts, String> right) {
    return "ROW(%s)::record OPERATOR(pg_catalog.*<>) ROW(%s)::record"
        .formatted(
            columns.stream().map(left).collect(Collectors.joining(", ")),
            columns.stream().map(right).collect(Collectors.joining(", ")));
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
