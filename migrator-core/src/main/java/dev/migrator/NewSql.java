package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.Statements;
import dev.migrator.operation.RawSql;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL of the user's own that needs to be told how it is undone.
 *
 * <pre>{@code
 * Migration.define("2026-11-26-price-sequence")
 *     .sql("CREATE SEQUENCE price_number")
 *     .undo("DROP SEQUENCE price_number");
 * }</pre>
 */
public final class NewSql {

  private final MigrationBuilder before;

  private final List<String> statements;

  private final boolean contract;

  NewSql(MigrationBuilder before, String sql) {
    this(before, split(before, "sql", sql), false);
  }

  private NewSql(MigrationBuilder before, List<String> statements, boolean contract) {
    this.before = before;
    this.statements = statements;
    this.contract = contract;
  }

  /**
   * Says that the SQL takes something from older releases: it runs in {@link Phase#CONTRACT}, when
   * every live instance declares it.
   *
   * @return the same, but for that
   */
  public NewSql inContract() {
    return new NewSql(before, statements, true);
  }

  /**
   * Gives the SQL that undoes it.
   *
   * @param sql one statement or more, with semicolons between them
   * @return a migration that ends at {@link Phase#EXPAND}, or {@link Phase#CONTRACT}
   */
  public Migration.Whole undo(String sql) {
    return whole(split(before, "undo", sql), null);
  }

  /**
   * Says that nothing undoes it. A command UNDO of its phase is then refused.
   *
   * @param reason why not, for whoever gives that command
   * @return a migration that ends at {@link Phase#EXPAND}, or {@link Phase#CONTRACT}
   */
  public Migration.Whole withoutUndo(String reason) {
    if (reason.isBlank()) {
      throw new InvalidMigrationException(
          ErrorCode.TEXT_MISSING,
          "migration \"%s\": withoutUndo(…) needs a reason".formatted(before.id()));
    }
    return whole(List.of(), reason);
  }

  private Migration.Whole whole(List<String> undo, @Nullable String withoutUndo) {
    return new WholeStage(before, new RawSql(statements, undo, withoutUndo, contract));
  }

  private static List<String> split(MigrationBuilder before, String verb, String sql) {
    try {
      return Statements.split(sql);
    } catch (MalformedSqlException ex) {
      throw new InvalidMigrationException(
          ErrorCode.SQL_NOT_POSSIBLE,
          "migration \"%s\": the SQL of %s(…) cannot be run: %s"
              .formatted(before.id(), verb, ex.getMessage()));
    }
  }
}
