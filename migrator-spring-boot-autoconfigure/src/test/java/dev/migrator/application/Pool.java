package dev.migrator.application;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.test.TestDatabase;

/**
 * Connections for a migrator that a test starts beside an application. The data source of a
 * database opens one for each question, which takes longer than the question.
 */
public final class Pool {

  private Pool() {}

  public static HikariDataSource of(TestDatabase database) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(database.jdbcUrl());
    pool.setUsername(database.username());
    pool.setPassword(database.password());
    pool.setMinimumIdle(1);
    return pool;
  }
}
