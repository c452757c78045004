package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.TimedMigrators;
import dev.migrator.internal.Timings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A start in which connections are lost, as in a failover. */
class StartOutageIT {

  private static final Migration RENAME =
      Migration.define("m").table("t").renameColumn("a", "b").switchRead();

  private final Fixture fixture = Fixture.withoutJournal();

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator migrator(int from, int until, Duration outage) {
    fixture.execute("CREATE TABLE t (id int PRIMARY KEY, a text)", "INSERT INTO t VALUES (1, 'x')");
    AtomicInteger asked = new AtomicInteger();
    DelegatingDataSource failing =
        new DelegatingDataSource(fixture.dataSource()) {
          @Override
          public Connection getConnection() throws SQLException {
            int number = asked.incrementAndGet();
            if (number >= from && number < until) {
              throw new SQLTransientConnectionException("the database is away");
            }
            return super.getConnection();
          }
        };
    Timings timings = Fixture.TIMINGS;
    Migrator migrator =
        TimedMigrators.with(
                timings.withStart(timings.start().withOutage(outage)), Migrator.builder(failing))
            .settings(Fixture.AUTO)
            .declare("m-bean", RENAME)
            .build();
    fixture.closing(migrator);
    return migrator;
  }

  /** Wherever it happens: before the first step, between two, or while rows are copied. */
  @ParameterizedTest
  @ValueSource(ints = {8, 15, 25, 40})
  void theStartGoesOn(int from) {
    migrator(from, from + 5, Duration.ofMinutes(1)).prepare();
    assertThat(fixture.value("SELECT b FROM t")).isEqualTo("x");
  }

  @Test
  void notForEver() {
    Migrator migrator = migrator(15, Integer.MAX_VALUE, Duration.ofMillis(500));
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(migrator::prepare)
        .withStackTraceContaining("the database is away");
  }
}
