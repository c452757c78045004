package dev.migrator.internal.operation.comment;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.Comment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comment on a table or one of its columns. */
public final class CommentType implements OperationType<Comment> {

  @Override
  public Class<Comment> operation() {
    return Comment.class;
  }

  @Override
  public OperationFacts facts(Comment comment) {
    String column = comment.column();
    AffectedObjects affected =
        (column == null)
            ? AffectedObjects.of(comment.table(), AffectedObjects.Kind.CONSTRAINTS, List.of())
            : AffectedObjects.of(comment.table(), AffectedObjects.Kind.COLUMNS, List.of(column));
    return OperationFacts.of(
        List.of(affected),
        comment.declares(),
        comment.last(),
        null,
        Map.of(
            Phase.EXPAND,
            Definitions.of(
                "comment",
                "table",
                comment.table().toString(),
                "column",
                column,
                "text",
                comment.text())));
  }

  @Override
  public ResolvedComment resolve(Comment comment, Resolution resolution) {
    TableFacts table = resolution.tables().changed(comment.table());
    String column = comment.column();
    String present =
        (column == null)
            ? ofTable(resolution, table)
            : resolution.tables().column(table, column).comment();
    return new ResolvedComment(
        table, column, present, comment.text().isEmpty() ? null : comment.text());
  }

  private static @Nullable String ofTable(Resolution resolution, TableFacts table) {
    return resolution
        .database()
        .jdbc()
        .sql(
            "SELECT description FROM pg_description WHERE objoid = ?::oid AND objsubid = 0"
                + " AND classoid = 'pg_class'::regclass")
        .param(table.oid())
        .query(String.class)
        .optional()
        .orElse(null);
  }
}
