package dev.migrator.settings;

/**
 * The tool that ran a team's SQL files before. Its files are read where they are and as they are
 * named, and what it has run is not run again.
 */
public enum Adopt {

  /** No other tool. */
  NONE,

  /**
   * Flyway: files such as {@code V1_2__create_users.sql}, and the history in {@code
   * flyway_schema_history}, which is only read.
   */
  FLYWAY,

  /**
   * The CLI of Supabase: files such as {@code 20260115120000_create_users.sql}, and the history in
   * {@code supabase_migrations.schema_migrations}, which is kept up to date.
   */
  SUPABASE
}
