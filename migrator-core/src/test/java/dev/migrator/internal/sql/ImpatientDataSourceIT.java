package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Answers that do not come are given up, but not those that take their time. */
class ImpatientDataSourceIT {

  private static final String LONG = "SELECT count(*) FROM pg_sleep(%s)";

  private final TestDatabase database = TestPostgres.newDatabase();

  @AfterEach
  void close() {
    database.close();
  }

  private DriverManagerDataSource dataSource(String socketTimeout) {
    DriverManagerDataSource dataSource =
        new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
    Properties properties = new Properties();
    properties.setProperty("socketTimeout", socketTimeout);
    dataSource.setConnectionProperties(properties);
    return dataSource;
  }

  @Test
  void whatIsLongOutlivesTheLimitOfTheApplication() {
    Database limited = new Database(dataSource("1"));
    assertThat(limited.countLong(LONG.formatted(1.5))).isEqualTo(1);
    limited.runUnlimited(LONG.formatted(1.5));
    assertThatExceptionOfType(DataAccessException.class)
        .as("which stays for all others")
        .isThrownBy(() -> limited.query(LONG.formatted(60), (rs, row) -> rs.getLong(1)));
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUp() {
    Database patient = new Database(dataSource("0"));
    assertThatExceptionOfType(DataAccessException.class)
        .isThrownBy(
            () ->
                patient.answeringWithin(
                    Duration.ofMillis(100),
                    () -> patient.query(LONG.formatted(3600), (rs, row) -> rs.getLong(1))))
        .matches(SqlState::isConnectionLost);
  }

  /** As not every pool does by itself. */
  @Test
  void theLimitThatWasThereIsPutBack() throws SQLException {
    try (Connection connection = dataSource("40").getConnection()) {
      Database limited = new Database(new SingleConnectionDataSource(connection, true));
      limited.inTransaction(
          () -> {
            assertThat(limited.countLong(LONG.formatted(0))).isEqualTo(1);
            limited.execute("SELECT 1");
          });
      limited.answeringWithin(
          Duration.ofMillis(900), () -> limited.query("SELECT 1", (rs, row) -> rs.getLong(1)));
      limited.runUnlimited("SELECT 1");
      assertThat(connection.getNetworkTimeout()).isEqualTo(40_000);
    }
  }

  /** Such as one of a pool that looks whether it is broken only when it is given back. */
  @Test
  void aConnectionThatIsBrokenIsGivenBackAllTheSame() throws SQLException {
    AtomicInteger givenBack = new AtomicInteger();
    Connection broken =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getNetworkTimeout" -> 0;
                      case "isClosed" -> false;
                      case "getAutoCommit" -> true;
                      case "setNetworkTimeout" -> {
                        if ((Integer) arguments[1] == 0) {
                          throw new SQLException("this connection has been closed", "08003");
                        }
                        yield null;
                      }
                      case "close" -> givenBack.incrementAndGet();
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    new ImpatientDataSource(new SingleConnectionDataSource(broken, false)).getConnection().close();
    assertThat(givenBack).hasValue(1);
  }
}
