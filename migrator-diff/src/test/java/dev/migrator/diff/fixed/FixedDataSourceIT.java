package dev.migrator.diff.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.diff.MigratorDiff;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The migrations are never run on a database that is not the one for the comparison. */
class FixedDataSourceIT {

  @Test
  void aDataSourceThatLeadsElsewhereIsRefusedBeforeItIsUsed() {
    try (TestDatabase production = TestPostgres.newDatabase()) {
      MigratorDiff diff =
          MigratorDiff.application(
              FixedApplication.class,
              "--migrator.locations=classpath:db/shop/",
              "--production.url=" + production.jdbcUrl(),
              "--production.user=" + production.username(),
              "--production.password=" + production.password());
      assertThatThrownBy(diff::run)
          .rootCause()
          .hasMessageContaining("the DataSource bean \"dataSource\" leads to the database")
          .hasMessageContaining(production.name())
          .hasMessageContaining("--spring.profiles.active");
      assertThat(
              JdbcClient.create(production.dataSource())
                  .sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'migrator'")
                  .query(Integer.class)
                  .single())
          .isZero();
    }
  }
}
