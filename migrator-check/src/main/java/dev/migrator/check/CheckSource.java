package dev.migrator.check;

import dev.migrator.check.internal.text.Script;
import java.util.List;

/**
 * What is checked, in its order.
 *
 * @param what what one of them is called
 * @param nowhere what has no place in the order
 * @param units the rest
 * @param closing what is to be closed behind the last one
 */
record CheckSource(String what, List<Script> nowhere, List<CheckUnit> units, Runnable closing)
    implements AutoCloseable {

  CheckSource {
    nowhere = List.copyOf(nowhere);
    units = List.copyOf(units);
  }

  CheckSource(String what, List<Script> nowhere, List<CheckUnit> units) {
    this(what, nowhere, units, () -> {});
  }

  @Override
  public void close() {
    closing.run();
  }
}
