package dev.migrator.internal.journal;

import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/** The journal's tables in the schema {@code migrator}, made at the first start. */
public final class Installation {

  private static final int OLDEST_SERVER = 140000;

  /** A key of our own for the moment in which the schema is made; "migrator" in ASCII. */
  private static final long LOCK_KEY = 0x6d69677261746f72L;

  /** Another instance that makes the schema at the same time is seen at the second look. */
  private static final int ATTEMPTS = 100;

  /** Grows with every change of the tables below. */
  private static final int LAYOUT = 3;

  private static final String TABLES =
      """
      CREATE TABLE migrator.lease (
        name text NOT NULL UNIQUE,
        token bigint NOT NULL,
        instance text,
        since timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        -- Whether the leader, or the one that has yielded, leads for its start and waits for no lock.
        starting boolean NOT NULL DEFAULT false,
        -- Who wants to lead next, and when it last renewed that wish.
        wanted_by uuid,
        wanted_at timestamptz,
        -- The token is part of a key so that FOR KEY SHARE holds off a takeover, but not a renewal.
        PRIMARY KEY (name, token)
      );
      INSERT INTO migrator.lease (name, token, expires_at)
      VALUES ('leader', 0, '-infinity'), ('registration', 0, '-infinity');
      CREATE TABLE migrator.instance (
        key uuid PRIMARY KEY,
        name text NOT NULL,
        application text NOT NULL,
        release text NOT NULL,
        -- How the server sees its sessions, to find those that nobody accounts for.
        address inet,
        session_name text,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        beats bigint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL,
        left_at timestamptz,
        declares jsonb NOT NULL,
        reads jsonb NOT NULL DEFAULT '{}',
        mapped jsonb
      );
      CREATE INDEX ON migrator.instance (left_at);
      CREATE TABLE migrator.migration (
        id text PRIMARY KEY,
        -- Its first table, quoted.
        table_name text NOT NULL,
        -- What was declared of the phases that were begun.
        operations jsonb NOT NULL,
        begun text,
        phase text,
        since timestamptz,
        -- Whether it holds no later change of its columns.
        settled boolean NOT NULL DEFAULT false,
        contract_approved boolean NOT NULL DEFAULT false,
        paused boolean NOT NULL DEFAULT false,
        undoing boolean NOT NULL DEFAULT false,
        undone boolean NOT NULL DEFAULT false,
        failure text,
        drop_due timestamptz,
        completed boolean NOT NULL DEFAULT false,
        -- Who has to write the old side, of a change that the application keeps in step.
        old_side text NOT NULL DEFAULT 'KEPT',
        speed smallint NOT NULL DEFAULT 100,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE migrator.step (
        migration_id text NOT NULL REFERENCES migrator.migration,
        name text NOT NULL,
        phase text NOT NULL,
        position integer NOT NULL,
        -- Of a step that undoes another one, the name of that.
        undoes text,
        state text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        instance text,
        started_at timestamptz,
        finished_at timestamptz,
        -- All that is needed to run it and to undo it.
        definition jsonb NOT NULL,
        error text,
        blockers jsonb NOT NULL DEFAULT '[]',
        PRIMARY KEY (migration_id, name)
      );
      CREATE TABLE migrator.event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        instance text NOT NULL,
        release text NOT NULL,
        migration_id text NOT NULL,
        phase text,
        step text,
        kind text NOT NULL,
        duration interval,
        detail text,
        blockers jsonb NOT NULL DEFAULT '[]'
      );
      CREATE INDEX ON migrator.event (migration_id, id);
      CREATE TABLE migrator.backfill (
        migration_id text PRIMARY KEY REFERENCES migrator.migration,
        -- What the chunks are for at present, COPY or VERIFY, and by which SQL.
        work text,
        ranges jsonb,
        undo boolean NOT NULL DEFAULT false,
        blocks bigint NOT NULL DEFAULT 0,
        rows_done bigint NOT NULL DEFAULT 0,
        rows_estimated bigint NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        -- The tables and partitions that are done, each as it was attached then.
        copied text[] NOT NULL DEFAULT '{}',
        verified text[] NOT NULL DEFAULT '{}',
        rows_verified bigint NOT NULL DEFAULT 0,
        rows_differing bigint NOT NULL DEFAULT 0,
        verified_at timestamptz,
        -- Why all workers wait, when that was last read, and where the log was then.
        throttle text,
        read_at timestamptz NOT NULL DEFAULT '-infinity',
        wal_lsn pg_lsn,
        wal_at timestamptz
      );
      CREATE TABLE migrator.chunk (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        migration_id text NOT NULL REFERENCES migrator.migration,
        relation oid NOT NULL,
        source text NOT NULL,
        -- What that table or partition was like when it was allocated: attachment and file.
        mark text NOT NULL,
        first_block bigint NOT NULL,
        end_block bigint NOT NULL,
        -- Where it goes on: which pass over the blocks from here, and at which of them.
        window_block bigint NOT NULL,
        pass integer NOT NULL DEFAULT 0,
        next_block bigint NOT NULL,
        blocks_done bigint NOT NULL DEFAULT 0,
        rows_done bigint NOT NULL DEFAULT 0,
        rows_differing bigint NOT NULL DEFAULT 0,
        rate double precision NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        token bigint NOT NULL DEFAULT 0,
        worker text,
        throttle text,
        expires_at timestamptz NOT NULL DEFAULT '-infinity',
        finished boolean NOT NULL DEFAULT false,
        -- The transaction that finished it, until a vacuum has come by.
        finished_by xid8
      );
      CREATE INDEX chunk_unfinished ON migrator.chunk (migration_id) WHERE NOT finished;
      CREATE TABLE migrator.quarantine (
        migration_id text NOT NULL REFERENCES migrator.migration,
        relation oid NOT NULL,
        source text NOT NULL,
        mark text NOT NULL,
        block bigint NOT NULL,
        key text NOT NULL,
        sqlstate text NOT NULL,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (migration_id, relation, key)
      );
      """;

  private Installation() {}

  /**
   * Looks at the server, and makes the journal if it is not there.
   *
   * @return the version of the server, for people
   * @throws UnsupportedDatabaseException if the server or the role will not do
   */
  public static String ensure(Database database) {
    Server server = lookForTheFirstTime(database);
    if (server.number() < OLDEST_SERVER) {
      throw new UnsupportedDatabaseException(
          "the server is PostgreSQL %s; the migrator needs 14 or newer".formatted(server.version()),
          null);
    }
    for (int attempt = 1; !server.installed(); attempt++) {
      if (!server.mayCreate()) {
        throw new UnsupportedDatabaseException(
            "the role \"%s\" may not create the schema \"%s\" for the journal; for the first start run: GRANT CREATE ON DATABASE \"%s\" TO \"%s\" (or make the schema with that role as its owner), or give the migrator a DataSource with another role"
                .formatted(server.role(), ObjectNames.SCHEMA, server.database(), server.role()),
            null);
      }
      install(database, attempt < ATTEMPTS);
      server = database.read(() -> look(database));
    }
    if (!server.mayUse()) {
      throw new UnsupportedDatabaseException(
          "the role \"%s\" may not use the journal in schema \"%s\", which belongs to \"%s\"; let the migrator connect as that role by a DataSource bean of its own"
              .formatted(server.role(), ObjectNames.SCHEMA, server.journalOwner()),
          null);
    }
    if (server.layout() != null && server.layout() != LAYOUT) {
      throw new UnsupportedDatabaseException(
          "the journal in the schema \"%s\" has layout %d, this version of the library uses %d; run the version that made it, or finish or undo all migrations with that one and drop the schema"
              .formatted(ObjectNames.SCHEMA, server.layout(), LAYOUT),
          null);
    }
    return server.version();
  }

  /** The version of the server, if the journal is there and may be used. */
  public static Optional<String> find(Database database) {
    Server server = database.read(() -> look(database));
    return (server.installed() && server.mayUse())
        ? Optional.of(server.version())
        : Optional.empty();
  }

  /**
   * One of several instances that start at once makes the schema; the others look again a moment
   * later. Nobody waits inside the lock call, because a waiting transaction would hold up every
   * CREATE INDEX CONCURRENTLY in the database.
   */
  private static void install(Database database, boolean again) {
    try {
      boolean mine =
          database.inTransaction(
              () -> {
                boolean locked =
                    database
                        .jdbc()
                        .sql("SELECT pg_try_advisory_xact_lock(?)")
                        .param(LOCK_KEY)
                        .query(Boolean.class)
                        .single();
                Server found = look(database);
                if (locked && !found.installed()) {
                  if (!found.schemaPresent()) {
                    database.execute("CREATE SCHEMA migrator");
                  }
                  database.execute(TABLES);
                  database.execute(
                      "COMMENT ON TABLE migrator.migration IS 'migrator, layout %d'"
                          .formatted(LAYOUT));
                }
                return locked;
              });
      if (!mine) {
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(20, 60)));
      }
    } catch (DataAccessException ex) {
      if (!SqlState.isCreatedByAnother(ex)) {
        throw ex;
      }
      if (!again) {
        throw new UnsupportedDatabaseException(
            "the schema \"%s\" has only a part of the journal's tables; restore the others, or drop the schema if nothing was migrated yet"
                .formatted(ObjectNames.SCHEMA),
            ex);
      }
    }
  }

  private static Server lookForTheFirstTime(Database database) {
    try {
      return database.read(() -> look(database));
    } catch (BadSqlGrammarException ex) {
      String product = database.productName();
      if (product.equals("PostgreSQL")) {
        throw ex;
      }
      throw new UnsupportedDatabaseException(
          "the database is %s; the migrator works with PostgreSQL 14 or newer. Set migrator.enabled=false, or give the migrator a DataSource of its own"
              .formatted(product),
          ex);
    }
  }

  private static Server look(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT current_setting('server_version_num')::int AS number,
                   split_part(current_setting('server_version'), ' ', 1) AS version,
                   t.oid IS NOT NULL AND i.oid IS NOT NULL AS installed,
                   n.oid IS NOT NULL AS schema_present,
                   CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
                        ELSE has_schema_privilege(n.oid, 'CREATE') END AS may_create,
                   coalesce(pg_has_role(t.relowner, 'USAGE'), false) AS may_use,
                   substring(obj_description(t.oid, 'pg_class') FROM 'layout ([0-9]{1,9})')::int AS layout,
                   current_user AS role, current_database() AS database,
                   coalesce(pg_get_userbyid(t.relowner), '') AS journal_owner
              FROM (VALUES (1)) AS one
              LEFT JOIN pg_namespace n ON n.nspname = 'migrator'
              LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relname = 'migration'
              LEFT JOIN pg_class i ON i.relnamespace = n.oid AND i.relname = 'instance' AND i.relkind = 'r'
            """)
        .query(Server.class)
        .single();
  }

  /**
   * What the first statement of a start tells.
   *
   * @param number the version as a number
   * @param version the version for people
   * @param installed whether the journal is there
   * @param schemaPresent whether its schema is there
   * @param mayCreate whether the role may make it
   * @param mayUse whether the role may use it
   * @param layout which form its tables have, if that is said
   * @param role the role
   * @param database the name of the database
   * @param journalOwner who owns the journal
   */
  record Server(
      int number,
      String version,
      boolean installed,
      boolean schemaPresent,
      boolean mayCreate,
      boolean mayUse,
      @Nullable Integer layout,
      String role,
      String database,
      String journalOwner) {}
}
