package dev.migrator.internal.operation;

import dev.migrator.internal.catalog.TableFacts;

/** A recipe with everything the catalog adds to its declaration, and the SQL made from that. */
public interface ResolvedOperation {

  /** The table as it is. */
  TableFacts table();
}
