package dev.migrator.internal.journal;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.ObjectNames;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.settings.ReplicationMode;
import dev.migrator.settings.SafetySettings;
import java.time.Duration;
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

  /** Longer than any installation takes. */
  private static final Duration INSTALLATION_LIMIT = Duration.ofSeconds(20);

  private static final Duration LOCK_LIMIT = Duration.ofMillis(300);

  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(5);

  /** Whatever default privileges give away, the journal is for its owner alone. */
  private static final String TO_CLOSE =
      """
      SELECT DISTINCT format('REVOKE ALL ON %s FROM %s', c.oid::regclass,
               CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END)
        FROM pg_class c, aclexplode(c.relacl) AS acl
       WHERE c.relnamespace = 'migrator'::regnamespace AND c.relkind IN ('r', 'S')
         AND acl.grantee <> c.relowner
      """;

  private Installation() {}

  /**
   * Looks at the server, and makes the journal if it is not there.
   *
   * @return the version of the server, for people
   * @throws UnsupportedDatabaseException if the server or the role will not do
   */
  public static String ensure(Database database) {
    return ensure(database, Layout.CURRENT);
  }

  /** The same with another layout than that of this library, for tests of the next one. */
  public static String ensure(Database database, Layout layout) {
    return ensure(database, layout, SafetySettings.defaults(), INSTALLATION_LIMIT);
  }

  /** The same with settings. */
  public static String ensure(Database database, Layout layout, SafetySettings settings) {
    return ensure(database, layout, settings, INSTALLATION_LIMIT);
  }

  /**
   * The same.
   *
   * @param installation how long another session may keep the lock of the first start
   */
  static String ensure(
      Database database, Layout layout, SafetySettings settings, Duration installation) {
    InstalledServer server = usable(database);
    long giveUp = System.nanoTime() + installation.toNanos();
    for (int attempt = 1; !server.installed(); attempt++) {
      requireCreatable(server);
      if (settings.replication() == ReplicationMode.HOLD) {
        InstallationRefusals.requireNotPublished(database);
      }
      if (!install(database, layout, attempt < ATTEMPTS) && System.nanoTime() - giveUp > 0) {
        throw InstallationRefusals.locked(database, LOCK_KEY, installation);
      }
      server = database.read(() -> InstalledServer.look(database));
    }
    requireUsable(database, server, settings.journalOwner());
    requireLayout(database, server, layout);
    return server.version();
  }

  /**
   * Whether the journal is there, with all that this library needs. Changes nothing.
   *
   * @throws UnsupportedDatabaseException if the server, the role or the journal will not do
   */
  public static boolean isThere(Database database, SafetySettings settings, Layout layout) {
    InstalledServer server = usable(database);
    if (server.installed()) {
      requireUsable(database, server, settings.journalOwner());
      requireNear(server, layout);
    } else {
      requireCreatable(server);
    }
    return server.installed() && server.layout() >= layout.version();
  }

  private static InstalledServer usable(Database database) {
    InstalledServer server = lookForTheFirstTime(database);
    if (server.number() < OLDEST_SERVER) {
      throw new UnsupportedDatabaseException(
          ErrorCode.SERVER_TOO_OLD,
          "the server is PostgreSQL %s; the migrator needs 14 or newer".formatted(server.version()),
          null);
    }
    if (server.readOnly()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.STANDBY,
          "the database \"%s\" is read-only here, as on a standby or where default_transaction_read_only is on for the role or the database; the migrator has to write its journal. Give it a DataSource that connects to the primary server"
              .formatted(server.database()),
          null);
    }
    return server;
  }

  private static void requireCreatable(InstalledServer server) {
    if (!server.mayCreate()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.JOURNAL_NOT_CREATABLE,
          "the role \"%s\" may not create the schema \"%s\" for the journal; for the first start run: GRANT CREATE ON DATABASE \"%s\" TO \"%s\" (or make the schema with that role as its owner), or give the migrator a DataSource with another role"
              .formatted(server.role(), ObjectNames.SCHEMA, server.database(), server.role()),
          null);
    }
  }

  private static void requireUsable(
      Database database, InstalledServer server, @Nullable String owner) {
    if (!server.mayUse()) {
      throw new UnsupportedDatabaseException(
          ErrorCode.JOURNAL_NOT_USABLE,
          "the role \"%s\" may not use the journal in schema \"%s\", which belongs to \"%s\"; let the migrator connect as that role by a DataSource bean of its own"
              .formatted(server.role(), ObjectNames.SCHEMA, server.journalOwner()),
          null);
    }
    InstallationRefusals.requireOwnJournal(database, server, owner);
  }

  /**
   * Looks again whether nobody else can change the journal, before what it holds is run.
   *
   * @throws UnsupportedDatabaseException if others can
   */
  static void requireOwnJournal(Database database, @Nullable String owner) {
    if (JournalIntruders.arePossible(database)) {
      InstallationRefusals.requireOwnJournal(database, InstalledServer.look(database), owner);
    }
  }

  private static void requireLayout(Database database, InstalledServer found, Layout layout) {
    InstalledServer server = found;
    for (int attempt = 1;
        server.layout() == layout.version() - 1 && server.layout() >= Layout.FIRST;
        attempt++) {
      upgrade(database, layout, attempt < ATTEMPTS);
      server = database.read(() -> InstalledServer.look(database));
    }
    if (server.layout() == layout.version() - 1) {
      throw tooFar(server, layout);
    }
    requireNear(server, layout);
  }

  private static void requireNear(InstalledServer server, Layout layout) {
    boolean older = server.layout() == layout.version() - 1 && server.layout() >= Layout.FIRST;
    if (!older && server.layout() != layout.version() && server.layout() != layout.version() + 1) {
      throw tooFar(server, layout);
    }
  }

  private static UnsupportedDatabaseException tooFar(InstalledServer server, Layout layout) {
    return new UnsupportedDatabaseException(
        ErrorCode.JOURNAL_LAYOUT,
        "the journal in the schema \"%s\" has layout %d, this version of the library uses %d and can work with one more or upgrade one less; run a version that is nearer to the one that made it first%s"
            .formatted(
                ObjectNames.SCHEMA,
                server.layout(),
                layout.version(),
                (server.layout() < Layout.FIRST)
                    ? ", or finish or undo all migrations with that one and drop the schema"
                    : ""),
        null);
  }

  /**
   * Adds what the next layout has. Every transaction of a step holds the lease's row FOR KEY SHARE,
   * and a takeover writes it: while this has it FOR UPDATE, nobody leads a step, and instances with
   * the previous version of the library go on behind it.
   */
  private static void upgrade(Database database, Layout layout, boolean again) {
    try {
      database.inTransaction(
          () -> {
            database.limits(LOCK_LIMIT, STATEMENT_LIMIT);
            database
                .jdbc()
                .sql("SELECT 1 FROM migrator.lease WHERE name = 'leader' FOR UPDATE")
                .query(Integer.class)
                .optional();
            if (InstalledServer.look(database).layout() == layout.version() - 1) {
              database.execute(layout.upgrade());
              mark(database, layout);
              close(database);
            }
          });
    } catch (DataAccessException ex) {
      if (!SqlState.isContention(ex) || !again) {
        throw ex;
      }
      pause();
    }
  }

  private static void close(Database database) {
    database
        .jdbc()
        .sql(TO_CLOSE)
        .query((rs, row) -> rs.getString(1))
        .list()
        .forEach(database::execute);
  }

  private static void mark(Database database, Layout layout) {
    database.execute(
        "COMMENT ON TABLE migrator.migration IS '{\"layout\": %d}'".formatted(layout.version()));
  }

  private static void pause() {
    LockSupport.parkNanos(
        TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextLong(20, 60)));
  }

  /** The version of the server, if the journal is there and may be used. */
  public static Optional<String> find(Database database) {
    InstalledServer server = database.read(() -> InstalledServer.look(database));
    return (server.installed() && server.mayUse())
        ? Optional.of(server.version())
        : Optional.empty();
  }

  /**
   * One of several instances that start at once makes the schema; the others look again a moment
   * later. Nobody waits inside the lock call, because a waiting transaction would hold up every
   * CREATE INDEX CONCURRENTLY in the database.
   */
  private static boolean install(Database database, Layout layout, boolean again) {
    boolean mine = true;
    try {
      mine =
          database.inTransaction(
              () -> {
                boolean locked =
                    database
                        .jdbc()
                        .sql("SELECT pg_try_advisory_xact_lock(?)")
                        .param(LOCK_KEY)
                        .query(Boolean.class)
                        .single();
                JournalPresence found = JournalPresence.look(database);
                if (locked && !found.tables()) {
                  createTables(database, layout, found.schema());
                  close(database);
                }
                return locked;
              });
      if (!mine) {
        pause();
      }
    } catch (DataAccessException ex) {
      if (!SqlState.isCreatedByAnother(ex)) {
        throw ex;
      }
      if (!again) {
        throw new UnsupportedDatabaseException(
            ErrorCode.JOURNAL_INCOMPLETE,
            "the schema \"%s\" has only a part of the journal's tables; restore the others, or drop the schema if nothing was migrated yet"
                .formatted(ObjectNames.SCHEMA),
            ex);
      }
    }
    return mine;
  }

  private static void createTables(Database database, Layout layout, boolean inSchema) {
    if (!inSchema) {
      database.execute("CREATE SCHEMA migrator");
    }
    database.execute(JournalTables.SQL);
    layout.upgrades().forEach(it -> database.execute(it.sql()));
    mark(database, layout);
  }

  /** Makes what is missing in a transaction that is rolled back, for who looks what would come. */
  public static void tryTables(Database database, Layout layout) {
    InstalledServer found = InstalledServer.look(database);
    if (found.installed()) {
      database.execute(layout.upgrade());
    } else {
      createTables(database, layout, found.schemaPresent());
    }
  }

  private static InstalledServer lookForTheFirstTime(Database database) {
    try {
      InstalledServer server = database.read(() -> InstalledServer.look(database));
      database.sessionsHave(server.path(), server.isolation());
      return server;
    } catch (BadSqlGrammarException ex) {
      String product = database.productName();
      if (product.equals("PostgreSQL")) {
        throw ex;
      }
      throw new UnsupportedDatabaseException(
          ErrorCode.NOT_POSTGRESQL,
          "the database is %s; the migrator works with PostgreSQL 14 or newer. Set migrator.enabled=false, or give the migrator a DataSource of its own"
              .formatted(product),
          ex);
    }
  }
}
