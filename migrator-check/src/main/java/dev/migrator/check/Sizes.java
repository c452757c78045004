package dev.migrator.check;

import dev.migrator.check.Finding.Blocked;
import dev.migrator.internal.plan.Rates;
import dev.migrator.plan.Work;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of production's tables. */
final class Sizes {

  private final @Nullable TableStatistics statistics;

  private final Map<String, TableStatistics.Table> tables;

  private final Set<String> found = new HashSet<>();

  Sizes(@Nullable TableStatistics statistics) {
    this.statistics = statistics;
    this.tables = (statistics == null) ? Map.of() : statistics.byName();
  }

  /** Whether production has a table; all of them if nobody can say. */
  boolean hasTable(String name) {
    boolean there = tables.containsKey(name);
    if (there) {
      found.add(name);
    }
    return statistics == null || there;
  }

  /** Whether they are of another database, which has none of the tables of the files. */
  boolean areOfAnother() {
    return statistics != null && !tables.isEmpty() && found.isEmpty();
  }

  @Nullable TableStatistics statistics() {
    return statistics;
  }

  /** For how long others wait; {@code null} if nobody can say. */
  @Nullable Blocked blocked(@Nullable String name, Work work) {
    TableStatistics.Table table = (name == null) ? null : tables.get(name);
    if (table == null) {
      return null;
    }
    return switch (work) {
      case NOTHING, UNKNOWN -> new Blocked(table.rows(), table.bytes(), 0);
      case SCAN, BUILD, COPY, REWRITE -> {
        long rate = Rates.UNKNOWN.of("", work).bytesPerSecond();
        yield new Blocked(table.rows(), table.bytes(), (double) table.bytes() / rate);
      }
    };
  }
}
