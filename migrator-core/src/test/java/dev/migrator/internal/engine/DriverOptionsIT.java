package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.internal.catalog.LockHolders;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.TableLock;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of the driver that change the SQL that it sends, or the types of what it sends. */
class DriverOptionsIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preferQueryMode=simple",
        "preferQueryMode=extendedForPrepared",
        "preferQueryMode=extendedCacheEverything",
        "prepareThreshold=0&preparedStatementCacheQueries=0",
        "prepareThreshold=1",
        "autosave=always&cleanupSavepoints=true",
        "autosave=conservative",
        "readOnlyMode=always",
        "defaultRowFetchSize=1",
        "adaptiveFetch=true&defaultRowFetchSize=2",
        "currentSchema=shop,public",
        "options=-c%20DateStyle=German%20-c%20standard_conforming_strings=on",
        "stringtype=unspecified&binaryTransfer=false&reWriteBatchedInserts=true",
        "quoteReturningIdentifiers=false&assumeMinServerVersion=14&hideUnprivilegedObjects=true&logServerErrorDetail=false&escapeSyntaxCallMode=call"
      })
  void aWholeLifeWorks(String options) {
    fixture.execute(
        "CREATE SCHEMA shop",
        "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) NOT NULL DEFAULT 'x' UNIQUE, n numeric)",
        "CREATE TABLE s (id int PRIMARY KEY, name text)",
        "INSERT INTO t (id, a) SELECT n, 'v' || n FROM generate_series(1, 500) n",
        "INSERT INTO s SELECT n, 'v ' || n FROM generate_series(1, 500) n");
    try (HikariDataSource pool = fixture.pool(4)) {
      with(pool, options);
      Migrator migrator =
          fixture.migrator(
              pool,
              Fixture.AUTO,
              Migration.define("m").table("t").renameColumn("a", "b").switchRead().dropColumn("a"),
              Migration.define("s")
                  .table("s")
                  .addColumn("upper", "text")
                  .dualWrite(
                      Sync.of("name")
                          .with("upper")
                          .compute("upper", "upper(name)")
                          .compute("name", "lower(upper)"))
                  .backfill()
                  .switchRead(),
              Migration.define("i").table("t").addIndex("by_n").on("n"),
              Migration.define("c").table("t").addCheck("positive", "id > 0"));
      migrator.prepare();
      migrator.start();
      Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
      Fixture.awaitPhase(migrator, "s", Phase.SWITCH_READ);
      Fixture.awaitState(migrator, "i", State.REACHED);
      Fixture.awaitState(migrator, "c", State.REACHED);
      Fixture.undoContract(migrator, "m");
      assertThat(migrator.status().migrations()).hasSize(4);
      migrator.close();
    }
    assertThat(fixture.value("SELECT count(*) || ' ' || bool_and(a = b) FROM t"))
        .isEqualTo("500 true");
    assertThat(fixture.value("SELECT count(*) FROM s WHERE upper = upper(name)")).isEqualTo("500");
  }

  private static void with(HikariDataSource pool, String options) {
    String url = pool.getJdbcUrl();
    pool.setJdbcUrl(url + (url.contains("?") ? "&" : "?") + options);
  }

  /** A look at those in the way that fails is passed over, and the step waits for longer. */
  @Test
  void thoseInTheWayAreSeen() throws SQLException {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)");
    try (HikariDataSource pool = fixture.pool(1);
        Connection writer = fixture.dataSource().getConnection();
        Statement statement = writer.createStatement()) {
      with(pool, "preferQueryMode=simple");
      writer.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (1, 'x')");
      Database database = new Database(pool);
      TableLock lock = new TableLock("public.t", TableLock.Mode.ACCESS_EXCLUSIVE);
      database.inTransaction(
          () -> {
            LockHolders holders = LockHolders.of(database, List.of(lock));
            assertThat(holders.read()).hasSize(1);
            assertThat(holders.isAnyOpen(holders.read().values())).isTrue();
          });
    }
  }
}
