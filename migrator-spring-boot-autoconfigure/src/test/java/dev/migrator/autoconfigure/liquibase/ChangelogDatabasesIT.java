package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.ID;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.documented;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.autoconfigure.MigrationSource;
import dev.migrator.autoconfigure.liquibase.ChangelogRelease.Changelogs;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import liquibase.integration.spring.MultiTenantSpringLiquibase;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** A declaration goes to the database in which Liquibase runs its changelog, and to no other. */
class ChangelogDatabasesIT {

  private final TestDatabase shop = TestPostgres.newDatabase();

  private final TestDatabase billing = TestPostgres.newDatabase();

  @TempDir private Path folder;

  private String declaring = "";

  @BeforeEach
  void write() {
    declaring =
        new ChangelogRelease(shop, folder)
            .with("shop.yaml", documented("yaml"))
            .changelog("shop.yaml");
  }

  @AfterEach
  void close() {
    shop.close();
    billing.close();
  }

  /** The migrator's own is {@code shop}; both have the table. */
  private ConfigurableApplicationContext start(
      Class<?> configuration, String ofShop, String ofBilling) {
    return new ChangelogRelease(shop, folder, configuration)
        .start(
            ofShop, "test.billing.url=" + billing.jdbcUrl(), "test.billing.changelog=" + ofBilling);
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Changelogs.class)
  static class Two {

    @Bean
    @Primary
    DataSource shop(
        @Value("${spring.datasource.url}") String url,
        @Value("${spring.datasource.username}") String user,
        @Value("${spring.datasource.password:}") String password) {
      return dataSource(url, user, password);
    }

    @Bean
    DataSource billing(
        @Value("${test.billing.url}") String url,
        @Value("${spring.datasource.username}") String user,
        @Value("${spring.datasource.password:}") String password) {
      return dataSource(url, user, password);
    }

    private static DataSource dataSource(String url, String user, String password) {
      return new SimpleDriverDataSource(new org.postgresql.Driver(), url, user, password);
    }

    @Bean
    SpringLiquibase shopLiquibase(
        @Value("${spring.datasource.url}") String url,
        @Value("${spring.datasource.username}") String user,
        @Value("${spring.datasource.password:}") String password,
        @Value("${spring.liquibase.change-log}") String changelog) {
      return liquibase(dataSource(url, user, password), changelog);
    }

    /** As those of a second database often are, so that nobody gets them who does not ask. */
    @Bean(defaultCandidate = false)
    SpringLiquibase billingLiquibase(
        @Qualifier("billing") DataSource billing,
        @Value("${test.billing.changelog}") String changelog) {
      return liquibase(billing, changelog);
    }

    private static SpringLiquibase liquibase(DataSource dataSource, String changelog) {
      SpringLiquibase liquibase = new SpringLiquibase();
      liquibase.setDataSource(dataSource);
      liquibase.setChangeLog(changelog);
      liquibase.setAnalyticsEnabled(false);
      return liquibase;
    }
  }

  private static final String USERS = "classpath:db/changelog/users.yaml";

  /** Also if Liquibase has a data source of its own for it. */
  @Test
  void ofTheMigratorsDatabaseItIsDeclared() {
    try (ConfigurableApplicationContext application = start(Two.class, declaring, USERS)) {
      assertThat(migrator(application).status(ID)).isPresent();
    }
  }

  @Test
  void ofAnotherDatabaseItIsNeitherDeclaredHereNorPassedOver() {
    assertThatThrownBy(() -> start(Two.class, USERS, declaring))
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("the bean \"billingLiquibase\" (file:")
        .hasMessageContaining("of which no Migrator asks for them");
    assertThat(
            JdbcClient.create(shop.dataSource())
                .sql(
                    "SELECT count(*) FROM information_schema.columns WHERE column_name = 'full_name'")
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Two.class)
  static class TwoMigrators {

    @Bean
    Migrator shopMigrator(@Qualifier("shop") DataSource dataSource, MigrationSource changelog) {
      return migrator(dataSource, changelog);
    }

    @Bean
    Migrator billingMigrator(
        @Qualifier("billing") DataSource dataSource, MigrationSource changelog) {
      return migrator(dataSource, changelog);
    }

    private static Migrator migrator(DataSource dataSource, MigrationSource changelog) {
      MigratorBuilder builder = Migrator.builder(dataSource);
      changelog.migrations(dataSource).forEach(builder::declareIn);
      return builder.build();
    }
  }

  @Test
  void eachMigratorGetsThoseOfItsDatabase() {
    try (ConfigurableApplicationContext application = start(TwoMigrators.class, USERS, declaring)) {
      assertThat(application.getBean("shopMigrator", Migrator.class).status(ID)).isEmpty();
      assertThat(application.getBean("billingMigrator", Migrator.class).status(ID)).isPresent();
      assertThat(application.getBean(MigrationSource.class).migrations()).hasSize(1);
    }
    assertThatThrownBy(() -> start(SeveralAtOnce.class, declaring, declaring))
        .rootCause()
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("ask for those of one by MigrationSource.migrations(dataSource)");
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Two.class)
  static class SeveralAtOnce {

    @Bean
    Migrator migrator(DataSource dataSource, MigrationSource changelog) {
      MigratorBuilder builder = Migrator.builder(dataSource);
      changelog.migrations().forEach(builder::declareIn);
      return builder.build();
    }
  }

  /** Such as one for each schema: the second must not take the place of the first in silence. */
  @Test
  void twoOfOneDatabaseAreRefused() {
    assertThatThrownBy(
            () ->
                new ChangelogRelease(shop, folder, Two.class)
                    .start(
                        declaring,
                        "test.billing.url=" + shop.jdbcUrl(),
                        "test.billing.changelog=" + declaring))
        .rootCause()
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("shop.yaml::" + ID + "::shop is declared by several of");
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Two.class)
  static class Tenants {

    @Bean
    MultiTenantSpringLiquibase tenants(
        DataSource dataSource, @Value("${test.tenants.changelog}") String changelog) {
      MultiTenantSpringLiquibase tenants = new MultiTenantSpringLiquibase();
      tenants.setDataSource(dataSource);
      tenants.setSchemas(List.of("public"));
      tenants.setChangeLog(changelog);
      return tenants;
    }
  }

  @Test
  void oneForTenantsIsRefused() {
    assertThatThrownBy(
            () ->
                new ChangelogRelease(shop, folder, Tenants.class)
                    .start(
                        USERS,
                        "test.billing.url=" + billing.jdbcUrl(),
                        "test.billing.changelog=" + USERS,
                        "test.tenants.changelog=" + declaring))
        .hasMessageStartingWith("MIG-1023")
        .hasMessageContaining("the MultiTenantSpringLiquibase [tenants] declares migrations");
  }
}
