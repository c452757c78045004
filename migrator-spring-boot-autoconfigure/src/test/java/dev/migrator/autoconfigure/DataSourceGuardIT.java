package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

@ExtendWith(OutputCaptureExtension.class)
class DataSourceGuardIT {

  private static TestDatabase database;

  private final FakeMigrator migrator = new FakeMigrator();

  private final ApplicationContextRunner contextRunner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class))
          .withPropertyValues(DatabaseProperties.of(database))
          .withPropertyValues("migrator.release=test");

  private final ApplicationContextRunner guarded =
      contextRunner.withPropertyValues("migrator.fleet.guard-data-source=true");

  @BeforeAll
  static void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterAll
  static void dropDatabase() {
    database.close();
  }

  @Test
  void isOffByDefault() {
    contextRunner
        .withBean(Migrator.class, () -> migrator)
        .run(
            context -> {
              migrator.mayServe = false;
              DataSource dataSource = context.getBean(DataSource.class);
              assertThat(dataSource).isInstanceOf(HikariDataSource.class);
              dataSource.getConnection().close();
            });
  }

  @Test
  void givesNoConnectionWhileThisInstanceMustNotServe() {
    guarded
        .withBean(Migrator.class, () -> migrator)
        .run(
            context -> {
              DataSource dataSource = context.getBean(DataSource.class);
              dataSource.getConnection().close();
              migrator.mayServe = false;
              assertRefuses(dataSource);
              migrator.mayServe = true;
              dataSource.getConnection().close();
            });
  }

  /** The process may have been frozen while it waited for the connection. */
  @Test
  void givesNoConnectionThatItGotTooLate() throws SQLException {
    Connection connection = database.dataSource().getConnection();
    DataSource slow =
        new AbstractDataSource() {

          @Override
          public Connection getConnection() {
            migrator.mayServe = false;
            return connection;
          }

          @Override
          public Connection getConnection(String username, String password) {
            return getConnection();
          }
        };
    assertRefuses(new GuardedDataSource(slow, migrator::mayServe));
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void letsThePoolBeUnwrapped() {
    guarded
        .withBean(Migrator.class, () -> migrator)
        .run(
            context -> {
              DataSource dataSource = context.getBean(DataSource.class);
              assertThat(dataSource).isNotInstanceOf(HikariDataSource.class);
              assertThat(dataSource.isWrapperFor(HikariDataSource.class)).isTrue();
              HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
              assertThat(
                      DataSourceUnwrapper.unwrap(
                          dataSource, HikariConfigMXBean.class, HikariDataSource.class))
                  .isSameAs(pool);
              try (Connection connection = dataSource.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
                assertThat(
                        context
                            .getBean(DataSourcePoolMetadataProvider.class)
                            .getDataSourcePoolMetadata(dataSource)
                            .getActive())
                    .isEqualTo(1);
              }
              context.close();
              assertThat(pool.isClosed()).isTrue();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"eager", "lazy"})
  void theMigrationsGetTheirConnectionsAtAllTimes(String fetch) {
    guarded
        .withPropertyValues("spring.datasource.connection-fetch=" + fetch)
        .run(
            context -> {
              Migrator real = context.getBean(Migrator.class);
              context.getAutowireCapableBeanFactory().initializeBean(migrator, "another");
              migrator.mayServe = false;
              assertRefuses(context.getBean(DataSource.class));
              assertThat(real.status().fleet()).hasSize(1);
            });
  }

  @Test
  void theMigrationsGetTheirConnectionsPastTheGuard() {
    guarded
        .withUserConfiguration(Detour.class)
        .run(
            context -> {
              Migrator real = context.getBean(Migrator.class);
              context.getAutowireCapableBeanFactory().initializeBean(migrator, "another");
              migrator.mayServe = false;
              assertRefuses(context.getBean("pool", DataSource.class));
              assertRefuses(context.getBean("detour", DataSource.class));
              assertThat(real.status().fleet()).hasSize(1);
            });
  }

  @Test
  void leavesTheOneOfTheMigrationsAlone() {
    guarded
        .withUserConfiguration(Owner.class)
        .withBean(Migrator.class, () -> migrator)
        .run(
            context -> {
              migrator.mayServe = false;
              assertRefuses(context.getBean("dataSource", DataSource.class));
              context.getBean("owner", DataSource.class).getConnection().close();
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoAsksForThePoolByItsClassIsToldTheWayOut(boolean early, CapturedOutput output) {
    Class<?> asking = early ? AskingEarly.class : AskingLate.class;
    SpringApplicationBuilder application =
        new SpringApplicationBuilder(asking)
            .web(WebApplicationType.NONE)
            .properties(DatabaseProperties.of(database))
            .properties("migrator.fleet.guard-data-source=true");
    assertThatThrownBy(application::run).isInstanceOf(BeansException.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "com.zaxxer.hikari.HikariDataSource")
        .contains("dataSource.unwrap(HikariDataSource.class)");
  }

  private static void assertRefuses(DataSource dataSource) {
    assertThatExceptionOfType(SQLTransientConnectionException.class)
        .isThrownBy(dataSource::getConnection)
        .withMessageContaining("must not use the database at present");
  }

  @Configuration(proxyBeanMethods = false)
  static class Detour {

    @Bean
    DataSource pool() {
      return database.dataSource();
    }

    @Bean
    @Primary
    DataSource detour(@Qualifier("pool") DataSource pool) {
      return new LazyConnectionDataSourceProxy(new DelegatingDataSource(pool));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Owner {

    @Bean(defaultCandidate = false)
    @MigratorDataSource
    DataSource owner() {
      return database.dataSource();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import({DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class})
  static class AskingEarly {

    AskingEarly(HikariDataSource pool) {
      assertThat(List.of(pool)).isEmpty();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import({DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class})
  static class AskingLate {

    AskingLate(DataSource dataSource, HikariDataSource pool) {
      assertThat(List.of(pool)).isEmpty();
    }
  }
}
