package dev.migrator.autoconfigure;

import java.util.Collection;

/** What the sessions of the application's pools are called, so that they are known for its own. */
public interface SessionNames {

  /**
   * Returns the names.
   *
   * @return those of all pools that are there by now
   */
  Collection<String> all();
}
