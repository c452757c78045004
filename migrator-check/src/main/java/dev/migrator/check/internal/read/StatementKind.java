package dev.migrator.check.internal.read;

/** What kinds of statements are told apart. */
public enum StatementKind {
  CREATE_TABLE("CREATE TABLE"),
  CREATE_TABLE_AS("CREATE TABLE AS"),
  CREATE_PARTITION("CREATE TABLE … PARTITION OF"),
  ALTER_TABLE("ALTER TABLE"),
  DROP_TABLE("DROP TABLE"),
  TRUNCATE("TRUNCATE"),
  LOCK_TABLE("LOCK TABLE"),
  CREATE_INDEX("CREATE INDEX"),
  CREATE_INDEX_CONCURRENTLY("CREATE INDEX CONCURRENTLY"),
  ALTER_INDEX("ALTER INDEX"),
  DROP_INDEX("DROP INDEX"),
  DROP_INDEX_CONCURRENTLY("DROP INDEX CONCURRENTLY"),
  REINDEX("REINDEX"),
  REINDEX_CONCURRENTLY("REINDEX CONCURRENTLY"),
  CREATE_VIEW("CREATE VIEW"),
  ALTER_VIEW("ALTER VIEW"),
  DROP_VIEW("DROP VIEW"),
  CREATE_MATERIALIZED_VIEW("CREATE MATERIALIZED VIEW"),
  ALTER_MATERIALIZED_VIEW("ALTER MATERIALIZED VIEW"),
  DROP_MATERIALIZED_VIEW("DROP MATERIALIZED VIEW"),
  REFRESH("REFRESH MATERIALIZED VIEW"),
  REFRESH_CONCURRENTLY("REFRESH MATERIALIZED VIEW CONCURRENTLY"),
  CREATE_TRIGGER("CREATE TRIGGER"),
  ALTER_TRIGGER("ALTER TRIGGER"),
  DROP_TRIGGER("DROP TRIGGER"),
  CREATE_RULE("CREATE RULE"),
  DROP_RULE("DROP RULE"),
  CREATE_POLICY("CREATE POLICY"),
  ALTER_POLICY("ALTER POLICY"),
  DROP_POLICY("DROP POLICY"),
  CREATE_STATISTICS("CREATE STATISTICS"),
  CREATE_TYPE("CREATE TYPE"),
  ALTER_TYPE("ALTER TYPE"),
  DROP_TYPE("DROP TYPE"),
  CREATE_DOMAIN("CREATE DOMAIN"),
  ALTER_DOMAIN("ALTER DOMAIN"),
  DROP_DOMAIN("DROP DOMAIN"),
  CREATE_SCHEMA("CREATE SCHEMA"),
  ALTER_SCHEMA("ALTER SCHEMA"),
  DROP_SCHEMA("DROP SCHEMA"),
  CREATE_FUNCTION("CREATE FUNCTION"),
  ALTER_FUNCTION("ALTER FUNCTION"),
  DROP_FUNCTION("DROP FUNCTION"),
  CREATE_SEQUENCE("CREATE SEQUENCE"),
  ALTER_SEQUENCE("ALTER SEQUENCE"),
  DROP_SEQUENCE("DROP SEQUENCE"),
  CREATE_EXTENSION("CREATE EXTENSION"),
  CREATE_OTHER("CREATE"),
  DROP_OTHER("DROP"),
  DROP_OWNED("DROP OWNED"),
  DROP_DATABASE("DROP DATABASE"),
  INSERT("INSERT"),
  UPDATE("UPDATE"),
  DELETE("DELETE"),
  MERGE("MERGE"),
  COPY("COPY"),
  SELECT("SELECT"),
  COMMENT("COMMENT"),
  GRANT("GRANT"),
  REVOKE("REVOKE"),
  ANALYZE("ANALYZE"),
  VACUUM("VACUUM"),
  VACUUM_FULL("VACUUM FULL"),
  CLUSTER("CLUSTER"),
  SET("SET"),
  TRANSACTION("transaction"),
  DO("DO"),
  OTHER("statement");

  private final String text;

  StatementKind(String text) {
    this.text = text;
  }

  /** As people read it. */
  public String text() {
    return text;
  }

  /** Whether it only brings rows. */
  public boolean bringsRows() {
    return this == INSERT || this == COPY;
  }

  /** Whether it says itself which rows it changes. */
  public boolean changesRows() {
    return switch (this) {
      case INSERT, UPDATE, DELETE, MERGE -> true;
      default -> false;
    };
  }

  /** Whether it may do what stands elsewhere, in a function or a block. */
  public boolean callsOthers() {
    return this == SELECT || this == DO || this == OTHER;
  }

  /** Whether it cannot run in a transaction. */
  public boolean outside() {
    return switch (this) {
      case CREATE_INDEX_CONCURRENTLY,
          DROP_INDEX_CONCURRENTLY,
          REINDEX_CONCURRENTLY,
          VACUUM,
          VACUUM_FULL ->
          true;
      default -> false;
    };
  }
}
