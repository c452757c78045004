package dev.migrator.internal.plan;

import dev.migrator.ColumnChange;
import dev.migrator.Migration;
import dev.migrator.NewColumn;
import dev.migrator.Phase;
import dev.migrator.Recipe;
import dev.migrator.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a declaration means, phase by phase, in a form that does not change with formatting. It is
 * recorded when a phase begins, and compared at every start.
 */
public final class Definition {

  private static final String DROP = "drop ";

  private static final String BY_APPLICATION = "by the application, ";

  private Definition() {}

  /** One text for each declared phase, in their order. */
  public static List<String> of(Migration change) {
    List<String> texts = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      if (change.declares().includes(phase)) {
        texts.add(
            (change instanceof ColumnChange columns)
                ? of(columns, phase)
                : OperationDefinition.of((Recipe) change, phase));
      }
    }
    return texts;
  }

  /** Whether the contract of a change takes away what code could use. */
  public static boolean takesFromCode(Recorded recorded) {
    List<String> definition = recorded.definition();
    if (definition.size() <= Phase.CONTRACT.ordinal()) {
      return false;
    }
    String contract = definition.get(Phase.CONTRACT.ordinal());
    return contract.startsWith(DROP) || contract.equals(OperationDefinition.STOP_FILLING);
  }

  /** Whether the releases themselves keep both sides in step, as it was recorded. */
  public static boolean byApplication(Recorded recorded) {
    List<String> definition = recorded.definition();
    return definition.size() > Phase.DUAL_WRITE.ordinal()
        && definition.get(Phase.DUAL_WRITE.ordinal()).startsWith(BY_APPLICATION);
  }

  private static String of(ColumnChange change, Phase phase) {
    Sync sync = change.sync();
    return switch (phase) {
      case EXPAND ->
          "table %s, add %s"
              .formatted(
                  change.table(),
                  change.newColumns().stream()
                      .map(Definition::column)
                      .collect(Collectors.joining(", ")));
      case DUAL_WRITE ->
          (sync == null)
              ? ""
              : "%skeep %s and %s in step%s"
                  .formatted(
                      change.byApplication() ? BY_APPLICATION : "",
                      sync.oldColumns(),
                      sync.newColumns(),
                      transforms(sync));
      case BACKFILL -> "backfill";
      case SWITCH_READ -> "switch reads";
      case CONTRACT -> (sync == null) ? "" : DROP + sync.oldColumns();
    };
  }

  private static String column(NewColumn column) {
    String type =
        (column.type() == null)
            ? "of the same type"
            : normalised(column.type()).toLowerCase(Locale.ROOT);
    return "\"%s\" %s".formatted(column.name(), type);
  }

  private static String transforms(Sync sync) {
    List<String> all = new ArrayList<>();
    List<String> columns = new ArrayList<>(sync.newColumns());
    columns.addAll(sync.oldColumns());
    for (String column : columns) {
      String transform = sync.transforms().get(column);
      if (transform != null) {
        all.add("\"%s\" = %s".formatted(column, normalised(transform)));
      }
    }
    return all.isEmpty() ? "" : ", " + String.join(", ", all);
  }

  /** Whether what was recorded is a change of columns, and not a recipe. */
  static boolean ofColumns(List<String> recorded) {
    return !recorded.isEmpty() && !recorded.get(0).isEmpty();
  }

  /** Folds white space outside of quotes. */
  static String normalised(String sql) {
    StringBuilder text = new StringBuilder();
    char quote = 0;
    boolean space = false;
    for (char c : sql.strip().toCharArray()) {
      if (quote == 0 && Character.isWhitespace(c)) {
        space = true;
        continue;
      }
      if (space) {
        text.append(' ');
        space = false;
      }
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
      text.append(c);
    }
    return text.toString();
  }
}
