package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.effect.Effect;
import dev.migrator.check.internal.effect.Rows;
import dev.migrator.check.internal.effect.Rows.Extent;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.check.internal.effect.Touch.Role;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.plan.Work;
import java.util.List;

/** What one statement does to more rows than it should. */
final class RowChanges {

  private static final String KEPT =
      "their rows stay locked until the end of the file, and the table grows by as much as it has";

  private final Parsed parsed;

  private final Effect effect;

  private RowChanges(Parsed parsed, Effect effect) {
    this.parsed = parsed;
    this.effect = effect;
  }

  static List<Draft> of(Parsed parsed, Effect effect) {
    RowChanges changes = new RowChanges(parsed, effect);
    List<Rows> rows = effect.rows();
    return (rows == null) ? changes.read() : rows.stream().map(changes::told).toList();
  }

  /** Where the server has not told, a WHERE is taken for a bound. */
  private List<Draft> read() {
    boolean whole =
        (parsed.kind() == StatementKind.UPDATE || parsed.kind() == StatementKind.DELETE)
            && !parsed.has(Mark.WHERE);
    return effect.touched().stream()
        .filter(it -> whole && it.known() && it.role() != Role.OTHER)
        .limit(1)
        .map(it -> told(new Rows(it.table(), Extent.ALL, null)))
        .toList();
  }

  private Draft told(Rows rows) {
    String table = rows.table();
    return switch (rows.extent()) {
      case ALL ->
          draft(
              rows,
              parsed.kind() == StatementKind.MERGE && parsed.has(Mark.WHERE)
                  ? Level.WARN
                  : Level.ERROR,
              "all rows of %s are changed by one statement".formatted(table),
              KEPT);
      case JOINED ->
          draft(
              rows,
              Level.WARN,
              "rows of %s are changed by one statement for all rows of %s"
                  .formatted(table, rows.source()),
              KEPT);
      case COPIED ->
          draft(
              rows,
              Level.WARN,
              "all rows of %s are copied to %s by one statement".formatted(rows.source(), table),
              "for as long as it runs, VACUUM removes nothing anywhere that is deleted meanwhile");
    };
  }

  private Draft draft(Rows rows, Level level, String message, String breaks) {
    return Draft.of(
        Rule.UNBATCHED_DML,
        level,
        touch(rows.table()),
        Work.COPY,
        message,
        breaks,
        Remedies.ofRows());
  }

  private Touch touch(String table) {
    return effect.touched().stream()
        .filter(it -> it.table().equals(table))
        .findFirst()
        .orElseGet(() -> Touch.ofRows(table));
  }
}
