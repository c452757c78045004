package dev.migrator.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.internal.sql.Database;
import dev.migrator.settings.SafetySettings;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Who can write the journal has the rights of the role that works. */
@Tag("server-version")
class JournalTrustIT {

  private final TestDatabase server = TestPostgres.newDatabase();

  private final Database database = new Database(server.dataSource());

  private final String app = "app_" + server.name();

  private final String stronger = "stronger_" + server.name();

  @BeforeEach
  void roles() {
    database.execute("CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(app));
    database.execute("CREATE ROLE %s LOGIN PASSWORD 'secret' IN ROLE %s".formatted(stronger, app));
    database.execute("GRANT CREATE ON DATABASE \"%s\" TO %s".formatted(server.name(), app));
  }

  @AfterEach
  void close() {
    database.execute("DROP OWNED BY %s, %s CASCADE".formatted(app, stronger));
    database.execute("DROP ROLE %s, %s".formatted(app, stronger));
    server.close();
  }

  private Database as(String role) {
    return new Database(new DriverManagerDataSource(server.jdbcUrl(), role, "secret"));
  }

  private static SafetySettings owner(String name) {
    return SafetySettings.defaults().toBuilder().journalOwner(name).build();
  }

  /** A role that may do more would run what the application can write there. */
  @Test
  void aJournalOfAnotherRoleThatCanLogInIsRefusedUnlessItIsNamed() {
    Installation.ensure(as(app));
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> Installation.ensure(as(stronger)))
        .withMessageContainingAll("MIG-2005", "the role \"%s\" owns it".formatted(app));
    assertThatNoException()
        .isThrownBy(() -> Installation.ensure(as(stronger), Layout.CURRENT, owner(app)));
    assertThatNoException().isThrownBy(() -> Installation.ensure(as(app)));
  }

  /** Nobody is the role of a group but its members, who have its rights anyway. */
  @Test
  void aJournalOfAGroupIsThatOfItsMembers() {
    Installation.ensure(as(app));
    database.execute("ALTER ROLE %s NOLOGIN".formatted(app));
    assertThatNoException().isThrownBy(() -> Installation.ensure(as(stronger)));
  }

  @Test
  void eachObjectInTheSchemaCounts() {
    Installation.ensure(database);
    database.execute("CREATE SEQUENCE migrator.more");
    database.execute("ALTER SEQUENCE migrator.more OWNER TO " + app);
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> Installation.ensure(database))
        .withMessageContaining("owns the table more");
  }

  /** What tells quickly that there is nobody must not miss any of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE FUNCTION migrator.more() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION migrator.more OWNER TO ? -> owns the function more",
        "ALTER SCHEMA migrator OWNER TO ? -> owns the schema",
        "GRANT CREATE ON SCHEMA migrator TO ? -> may CREATE in the schema",
        "GRANT DELETE ON migrator.step TO ? -> may DELETE the table step",
        "GRANT SELECT (id), UPDATE (operations) ON migrator.migration TO ? -> may UPDATE the column operations of the table migration",
        "CREATE VIEW migrator.more AS SELECT 1; ALTER VIEW migrator.more OWNER TO ? -> owns the table more"
      })
  void whoeverCanChangeItIsNamed(String how) {
    Installation.ensure(database);
    JournalGuard guard = new JournalGuard(database, null);
    database.execute(how.split(" -> ")[0].replace("?", app));
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(guard::check)
        .withMessageContainingAll("MIG-2005", app, how.split(" -> ")[1]);
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(() -> Installation.ensure(database))
        .withMessageContainingAll("MIG-2005", app, how.split(" -> ")[1]);
  }

  @Test
  void whoMayOnlyReadItCanChangeNothing() {
    Installation.ensure(database);
    database.execute("GRANT USAGE ON SCHEMA migrator TO " + app);
    database.execute("GRANT SELECT ON ALL TABLES IN SCHEMA migrator TO " + app);
    database.execute("GRANT SELECT (id) ON migrator.migration TO " + app);
    assertThatNoException().isThrownBy(() -> Installation.ensure(database));
    assertThatNoException().isThrownBy(new JournalGuard(database, null)::check);
  }

  /** Whatever is given away by default, nobody but its owner gets anything of a new journal. */
  @Test
  void whatIsGivenByDefaultIsTakenBack() {
    database.execute("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC, %s".formatted(app));
    database.execute("ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO " + app);
    assertThatNoException().isThrownBy(() -> Installation.ensure(database));
    assertThat(
            database
                .jdbc()
                .sql(
                    """
                    SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a
                     WHERE c.relnamespace = 'migrator'::regnamespace AND c.relkind IN ('r', 'S')
                       AND a.grantee <> c.relowner
                    """)
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void itIsLookedAtAgainBeforeWorkIsTaken() {
    Installation.ensure(database);
    JournalGuard guard = new JournalGuard(database, null);
    assertThatNoException().isThrownBy(guard::check);
    database.execute("GRANT UPDATE ON migrator.backfill TO " + app);
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(guard::check)
        .withMessageContaining("may UPDATE the table backfill");
  }

  /** Who could read the key could seal what he writes. */
  @Test
  void aPrivilegeOnTheTablesShowsNoKey() throws Exception {
    Installation.ensure(database);
    database.execute("GRANT USAGE ON SCHEMA migrator TO " + app);
    database.execute("GRANT ALL ON ALL TABLES IN SCHEMA migrator TO " + app);
    Database other = as(app);
    assertThat(count(other, "migrator.step")).isEqualTo(0);
    assertThat(count(other, "migrator.key")).as("seen by the application").isEqualTo(0);
    assertThat(count(database, "migrator.key")).as("seen by the owner").isEqualTo(1);
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () -> other.execute("INSERT INTO migrator.key (single, secret) VALUES (true, 'mine')"))
        .withStackTraceContaining("row-level security");
    assertThat(
            other.jdbc().sql("UPDATE migrator.key SET secret = 'mine'").update()
                + other.jdbc().sql("DELETE FROM migrator.key").update())
        .isZero();
  }

  private static int count(Database as, String table) {
    return as.jdbc().sql("SELECT count(*) FROM " + table).query(Integer.class).single();
  }

  /** Anybody who can connect can take the lock that the first start takes. */
  @Test
  void whoKeepsTheFirstStartWaitingIsNamed() throws Exception {
    DataSource other = new DriverManagerDataSource(server.jdbcUrl(), app, "secret");
    try (Connection connection = other.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET application_name = 'the holder'");
      statement.execute("SELECT pg_advisory_lock(7883946363647717234)"); // "migrator" in ASCII
      assertThatExceptionOfType(UnsupportedDatabaseException.class)
          .isThrownBy(
              () ->
                  Installation.ensure(
                      database, Layout.CURRENT, SafetySettings.defaults(), Duration.ofMillis(200)))
          .withMessageContainingAll("MIG-2010", app, "the holder");
    }
    assertThatNoException().isThrownBy(() -> Installation.ensure(database));
  }
}
