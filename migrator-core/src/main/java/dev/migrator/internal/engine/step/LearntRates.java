package dev.migrator.internal.engine.step;

import dev.migrator.internal.journal.MeasureStore;
import dev.migrator.internal.plan.Rates;
import dev.migrator.internal.sql.Database;
import dev.migrator.plan.Work;
import org.jspecify.annotations.Nullable;

/**
 * How fast steps were on this database. It is read anew for work whose time depends on the size of
 * a table; for a step that only changes the catalog, which takes not much longer than to read it,
 * what was read last will do.
 */
final class LearntRates {

  private final MeasureStore measures;

  private volatile @Nullable Rates last;

  LearntRates(Database database) {
    this.measures = new MeasureStore(database);
  }

  Rates of(Work work) {
    Rates known = last;
    if (work == Work.UNKNOWN) {
      return Rates.UNKNOWN;
    }
    if (known == null || work != Work.NOTHING) {
      known = measures.rates();
      last = known;
    }
    return known;
  }
}
