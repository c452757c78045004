package dev.migrator.settings;

/** What becomes of a change of a table that a publication sends to subscribers. */
public enum ReplicationMode {

  /** It is refused, as a subscriber without the new columns stops at the first row. */
  HOLD,

  /** It runs: the subscribers have the new columns already, or can do without them. */
  ALLOW
}
