package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus.State;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Contracts of tables without rows: each in one transaction, which locks no other table. */
class EmptyTablesContractIT {

  private static final MigratorSettings WAITING =
      Fixture.SETTINGS.toBuilder()
          .contract(it -> it.retention(Duration.ZERO))
          .lock(it -> it.hold(Duration.ofSeconds(20)).budget(Duration.ofMillis(100)))
          .fleet(it -> it.leaseTime(Duration.ofMinutes(5)).ignoreApplications(List.of("*")))
          .safety(it -> it.oneTransactionRows(1_000))
          .build();

  private static final MigratorSettings SETTINGS =
      WAITING.toBuilder().contract(it -> it.mode(ContractMode.AUTO)).build();

  private static final Migration[] RENAMES = {rename("1", "s"), rename("2", "t"), rename("3", "u")};

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration rename(String id, String table) {
    return Migration.define(id).table(table).renameColumn("a", "b").switchRead().dropColumn("a");
  }

  /** Everything but the contracts is done. */
  private void expanded() {
    for (String table : List.of("s", "t", "u")) {
      fixture.execute("CREATE TABLE %s (id int PRIMARY KEY, a text)".formatted(table));
    }
    fixture.migrator(WAITING, RENAMES).migrate();
    assertThat(completed()).isEqualTo("0");
  }

  private String completed() {
    return fixture.value("SELECT count(*) FROM migrator.migration WHERE completed");
  }

  /** How many transactions have completed them. */
  private String transactions() {
    return fixture.value("SELECT count(DISTINCT xmin::text) FROM migrator.migration");
  }

  @Test
  void aJobDoesEachInOneTransaction() {
    expanded();
    LockedBefore locks = new LockedBefore(fixture.dataSource());
    fixture.migrator(locks, SETTINGS, RENAMES).migrate();
    assertThat(completed()).isEqualTo("3");
    assertThat(transactions()).isEqualTo("3");
    assertThat(locks.seen).hasSize(3).allMatch(it -> it.endsWith("behind none"));
  }

  /**
   * Its own code can have read one table and want another one: it would wait for this transaction,
   * and this one for it.
   */
  @Test
  void anInstanceThatServesLocksOneTableAtATime() {
    expanded();
    LockedBefore locks = new LockedBefore(fixture.dataSource());
    Migrator migrator = fixture.migrator(locks, SETTINGS, RENAMES);
    migrator.prepare();
    migrator.start();
    for (Migration rename : RENAMES) {
      Fixture.awaitState(migrator, rename.id(), State.COMPLETED);
    }
    assertThat(locks.seen).isNotEmpty().allMatch(it -> it.endsWith("behind none"));
  }

  /** Another instance serves. */
  @Test
  void aJobBesideAnInstanceLocksOneTableAtATime() {
    expanded();
    fixture.started(fixture.release(WAITING, "1", RENAMES));
    LockedBefore locks = new LockedBefore(fixture.dataSource());
    fixture.migrator(locks, SETTINGS, RENAMES).migrate();
    assertThat(completed()).isEqualTo("3");
    assertThat(locks.seen).isNotEmpty().allMatch(it -> it.endsWith("behind none"));
  }

  /** Nobody is waited for while other tables are locked. */
  @Test
  void oneWhoseTableIsInUseIsLeftToItself() throws Exception {
    expanded();
    Thread job;
    try (Connection connection = fixture.pool(1).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT FROM u");
      Migrator migrator = fixture.migrator(SETTINGS, RENAMES);
      job = new Thread(migrator::migrate);
      job.start();
      Fixture.await(() -> completed().equals("2"), () -> String.valueOf(migrator.status()));
      connection.rollback();
    }
    job.join();
    assertThat(completed()).isEqualTo("3");
  }

  @Test
  void whatFailsInOneTransactionIsDoneStepByStep() {
    expanded();
    fixture.migrator(new FailingInOne(fixture.dataSource()), SETTINGS, RENAMES).migrate();
    assertThat(completed()).isEqualTo("3");
  }

  /** Every statement fails that is sent to do all in one transaction. */
  private static final class FailingInOne extends ProxiedDataSource {

    FailingInOne(DataSource target) {
      super(target);
    }

    @Override
    @Nullable Object on(Call call) throws Throwable {
      if (call.executes() && isInOne()) {
        throw new SQLException("made by the test", "XX000");
      }
      return call.proceed();
    }

    private static boolean isInOne() {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames.anyMatch(it -> it.getClassName().equals(OneTransaction.class.getName())));
    }
  }

  /** Notes each lock of a table with those that its transaction has locked before. */
  private static final class LockedBefore extends ProxiedDataSource {

    final List<String> seen = new CopyOnWriteArrayList<>();

    LockedBefore(DataSource target) {
      super(target);
    }

    @Override
    @Nullable Object on(Call call) throws Throwable {
      if (call.sendsText()
          && call.sql().startsWith("LOCK TABLE")
          && call.sql().contains("ACCESS EXCLUSIVE")) {
        seen.add(call.sql() + " behind " + locked(call.connection()));
      }
      return call.proceed();
    }

    private static String locked(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet rs =
              statement.executeQuery(
                  """
                  SELECT coalesce(string_agg(c.relname, ',' ORDER BY c.relname), 'none')
                    FROM pg_catalog.pg_locks AS l
                    JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
                   WHERE l.pid = pg_catalog.pg_backend_pid() AND c.relname IN ('s', 't', 'u')
                     AND l.mode = 'AccessExclusiveLock'
                  """)) {
        rs.next();
        return rs.getString(1);
      }
    }
  }
}
