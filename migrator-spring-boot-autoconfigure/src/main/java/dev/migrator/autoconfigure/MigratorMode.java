package dev.migrator.autoconfigure;

/** What an application does with its migrations: {@code migrator.mode}. */
public enum MigratorMode {

  /** Runs them, and serves. */
  RUN,

  /** Says what would run, runs nothing, and ends. */
  PLAN,

  /** Runs what the gates allow, nothing else of the application, and ends. */
  MIGRATE
}
