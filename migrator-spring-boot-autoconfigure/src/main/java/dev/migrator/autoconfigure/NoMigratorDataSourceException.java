package dev.migrator.autoconfigure;

import dev.migrator.error.ErrorCode;
import java.util.List;

/** There is no {@code DataSource} for the migrations, or more than one and no way to choose. */
final class NoMigratorDataSourceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> candidates;

  NoMigratorDataSourceException(List<String> candidates, List<String> migrations) {
    super(ErrorCode.DATA_SOURCE_MISSING + ": " + describe(candidates, migrations));
    this.candidates = List.copyOf(candidates);
  }

  List<String> candidates() {
    return candidates;
  }

  private static String describe(List<String> candidates, List<String> migrations) {
    String declared =
        migrations.isEmpty()
            ? "migrator"
            : "the migrations declared by the beans " + String.join(", ", migrations);
    if (candidates.isEmpty()) {
      return "There is no DataSource bean for " + declared + ".";
    }
    return "There are %d DataSource beans and none is the primary one, so there is none to choose for %s: %s."
        .formatted(candidates.size(), declared, String.join(", ", candidates));
  }
}
