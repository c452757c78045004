package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The real pool reports the waiting threads, also through a wrapper; other pools report nothing.
 */
class HikariPressureIT {

  @Test
  void countsTheThreadsThatWait() throws Exception {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(
          new DriverManagerDataSource(Server.url(), Server.user(), Server.password()));
      pool.setMaximumPoolSize(1);
      HikariPressure pressure =
          new HikariPressure(
              () ->
                  Stream.<DataSource>of(
                      new DelegatingDataSource(pool), new DriverManagerDataSource()));
      assertThat(pressure.waiting()).isZero();
      assertThat(pressure.connections()).isEqualTo(1);
      CompletableFuture<Void> second;
      try (Connection first = pool.getConnection()) {
        second =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    pool.getConnection().close();
                  } catch (java.sql.SQLException ex) {
                    throw new IllegalStateException(ex);
                  }
                });
        while (pressure.waiting() != 1) {
          Thread.onSpinWait();
          assertThat(second).isNotDone();
        }
      }
      second.join();
      assertThat(pressure.waiting()).isZero();
    }
  }

  private static final class Server {

    private static final dev.migrator.test.TestDatabase DATABASE =
        dev.migrator.test.TestPostgres.newDatabase();

    static String url() {
      return DATABASE.jdbcUrl();
    }

    static String user() {
      return DATABASE.username();
    }

    static String password() {
      return DATABASE.password();
    }
  }
}
