package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.ManyDatabases;
import dev.migrator.ManyDatabases.Result;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.plan.MigrationPlan.Outcome;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database for each tenant: a few at a time, and none waits for one that fails. */
class ManyDatabasesIT {

  private static final Logger logger = LoggerFactory.getLogger(ManyDatabasesIT.class);

  private static final int TENANTS = Integer.getInteger("migrator.test.databases", 6);

  private final Map<String, TestDatabase> databases = new TreeMap<>();

  private final List<String> tenants = new ArrayList<>();

  private final AtomicInteger open = new AtomicInteger();

  private final List<Integer> seen = new ArrayList<>();

  /** Each of the first run waits for another one to begin, and for no third. */
  private @Nullable CyclicBarrier two;

  @BeforeEach
  void databases() {
    for (int i = 0; i < TENANTS; i++) {
      String tenant = "tenant-%04d".formatted(i);
      databases.put(tenant, TestPostgres.newDatabase());
      tenants.add(tenant);
    }
  }

  @AfterEach
  void close() {
    databases.values().forEach(TestDatabase::close);
  }

  /** A pool of two connections, which is counted while it is open. */
  private DataSource poolOf(String tenant) {
    if (two != null) {
      await(two);
    }
    HikariDataSource pool =
        new HikariDataSource() {
          @Override
          public void close() {
            super.close();
            open.decrementAndGet();
          }
        };
    TestDatabase database = databases.get(tenant);
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.username());
    pool.setPassword(database.password());
    pool.setMaximumPoolSize(2);
    synchronized (seen) {
      seen.add(open.incrementAndGet());
    }
    return pool;
  }

  private static Migration ordersNote() {
    return Migration.define("2026-11-27-orders-note").table("orders").addColumn("note", "text");
  }

  /** As the page on many databases shows it. */
  private List<Result<String>> migrateAll() {
    List<ManyDatabases.Result<String>> results =
        ManyDatabases.of(tenants)
            .atOnce(2)
            .migrate(
                tenant -> poolOf(tenant),
                (tenant, dataSource) ->
                    Migrator.builder(dataSource)
                        .application("shop", "2026.11")
                        .declare("ordersNote", ordersNote())
                        .build());
    return results;
  }

  private void tables(int from) {
    tenants.stream().skip(from).forEach(this::table);
  }

  private void table(String tenant) {
    JdbcClient.create(databases.get(tenant).dataSource())
        .sql("CREATE TABLE orders (id int PRIMARY KEY)")
        .update();
  }

  private long columns(String tenant) {
    return JdbcClient.create(databases.get(tenant).dataSource())
        .sql("SELECT count(*) FROM information_schema.columns WHERE column_name = 'note'")
        .query(Long.class)
        .single();
  }

  @Test
  void aFewAreWorkedOnAtOnceAndNoneWaitsForOneThatFails() {
    tables(1);
    two = new CyclicBarrier(2);
    long start = System.nanoTime();
    List<Result<String>> results = migrateAll();
    logger.info(
        "{} databases, two at once: {} ms", TENANTS, (System.nanoTime() - start) / 1_000_000);
    assertThat(results).extracting(Result::database).isEqualTo(tenants);
    assertThat(results.get(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(String.valueOf(results.get(0))).contains("orders");
    assertThat(results).filteredOn(it -> it.outcome() == Outcome.REACHED).hasSize(TENANTS - 1);
    assertThat(tenants.stream().skip(1)).allMatch(it -> columns(it) == 1);
    assertThat(seen).hasSize(TENANTS).allMatch(it -> it <= 2);
    assertThat(open).hasValue(0);

    // What was wrong is mended, and the same job does only what is left.
    two = null;
    table(tenants.get(0));
    assertThat(migrateAll()).allMatch(it -> it.outcome() == Outcome.REACHED);
    assertThat(columns(tenants.get(0))).isEqualTo(1);
  }

  /** One of which the server is away. */
  @Test
  void oneThatIsAwayIsNamed() {
    tables(0);
    List<Result<String>> results =
        ManyDatabases.of(tenants)
            .migrate(
                tenant -> {
                  if (tenant.equals(tenants.get(1))) {
                    throw new IllegalStateException("away");
                  }
                  return poolOf(tenant);
                },
                (tenant, dataSource) ->
                    Migrator.builder(dataSource).declare("ordersNote", ordersNote()).build());
    assertThat(results)
        .filteredOn(it -> it.outcome() == Outcome.FAILED)
        .singleElement()
        .satisfies(it -> assertThat(it.database()).isEqualTo(tenants.get(1)))
        .satisfies(it -> assertThat(it.failure()).hasMessage("away"));
  }

  /** What has not begun does not. */
  @Test
  void anInterruptEndsIt() {
    tables(0);
    Thread.currentThread().interrupt();
    List<Result<String>> results =
        ManyDatabases.of(tenants)
            .atOnce(1)
            .migrate(
                tenant -> {
                  throw new IllegalStateException("it may have begun before, and is nowhere");
                },
                (tenant, dataSource) ->
                    Migrator.builder(dataSource).declare("ordersNote", ordersNote()).build());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(results).hasSize(TENANTS).allMatch(it -> it.outcome() == Outcome.FAILED);
    assertThat(tenants).allMatch(it -> columns(it) == 0);
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(1, TimeUnit.MINUTES);
    } catch (Exception ex) {
      throw new IllegalStateException(ex);
    }
  }
}
