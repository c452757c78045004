package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.autoconfigure.actuate.endpoint.MigratorEndpoint;
import dev.migrator.autoconfigure.actuate.endpoint.MigratorEndpointAutoConfiguration;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The examples of docs/many-databases.md. */
class ManyDatabasesIT {

  private final TestDatabase shop = TestPostgres.newDatabase();

  private final TestDatabase billing = TestPostgres.newDatabase();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MigratorAutoConfiguration.class,
                  EndpointAutoConfiguration.class,
                  MigratorEndpointAutoConfiguration.class))
          .withPropertyValues("management.endpoints.web.exposure.include=migrator");

  @AfterEach
  void close() {
    shop.close();
    billing.close();
  }

  @Test
  void twoDatabases() {
    runner
        .withBean("shop", DataSource.class, shop::dataSource)
        .withBean("billing", DataSource.class, billing::dataSource)
        .withUserConfiguration(TwoDatabases.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              Migrator shopMigrator = context.getBean("shopMigrator", Migrator.class);
              Migrator billingMigrator = context.getBean("billingMigrator", Migrator.class);
              await(shopMigrator, "2026-11-28-orders-text", Phase.BACKFILL);
              await(shopMigrator, "20261127090000_orders", Phase.EXPAND);
              await(billingMigrator, "20261127090000_invoice", Phase.EXPAND);
              assertThat(billingMigrator.status().migrations()).hasSize(1);
              assertThat(context.getBean(MigratorEndpoint.class).migrations().migrators())
                  .containsOnlyKeys("shopMigrator", "billingMigrator");
              assertThat(tables(shop)).containsExactly("orders");
              assertThat(tables(billing)).containsExactly("invoice");
            });
  }

  @Test
  void oneDeclarationForTheSchemasOfTenants() {
    JdbcClient admin = JdbcClient.create(shop.dataSource());
    for (String tenant : List.of("north", "south")) {
      admin.sql("CREATE SCHEMA " + tenant).update();
      admin.sql("CREATE TABLE " + tenant + ".orders (id bigint PRIMARY KEY)").update();
    }
    runner
        .withBean("shop", DataSource.class, shop::dataSource)
        .withPropertyValues("shop.tenants=north,south,east")
        .withUserConfiguration(Tenants.class)
        .run(
            context -> {
              // The schema "east" has no table, which keeps neither the start nor the others.
              assertThat(context).hasNotFailed();
              Migrator migrator = context.getBean(Migrator.class);
              await(migrator, "2026-11-27-orders-note.north", Phase.EXPAND);
              await(migrator, "2026-11-27-orders-note.south", Phase.EXPAND);
              Await.until(
                  () ->
                      !migrator
                          .status("2026-11-27-orders-note.east")
                          .orElseThrow()
                          .holds()
                          .isEmpty(),
                  () -> String.valueOf(migrator.status()));
            });
  }

  private static void await(Migrator migrator, String id, Phase phase) {
    Await.until(
        () -> {
          Phase reached = migrator.status(id).orElseThrow().phase();
          return reached != null && reached.includes(phase);
        },
        () -> String.valueOf(migrator.status(id)));
  }

  private static List<String> tables(TestDatabase database) {
    return JdbcClient.create(database.dataSource())
        .sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        .query(String.class)
        .list();
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoDatabases {

    @Bean
    Migrator shopMigrator(@Qualifier("shop") DataSource shop) {
      return Migrator.builder(shop)
          .application("shop", "2026.11")
          .sqlFiles("classpath:db/two/shop/")
          .declare("ordersText", ordersText())
          .build();
    }

    @Bean
    Migrator billingMigrator(@Qualifier("billing") DataSource billing) {
      return Migrator.builder(billing)
          .application("shop", "2026.11")
          .sqlFiles("classpath:db/two/billing/")
          .build();
    }

    private static Migration ordersText() {
      return Migration.define("2026-11-28-orders-text")
          .table("orders")
          .renameColumn("note", "text");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(TenantMigrations.class)
  static class Tenants {}

  static class TenantMigrations implements BeanRegistrar {

    @Override
    public void register(BeanRegistry registry, Environment environment) {
      for (String tenant : environment.getRequiredProperty("shop.tenants", String[].class)) {
        registry.registerBean(
            "ordersNote." + tenant,
            Migration.class,
            it ->
                it.supplier(
                    context ->
                        Migration.define("2026-11-27-orders-note." + tenant)
                            .inBackground()
                            .table(tenant, "orders")
                            .addColumn("note", "text")));
      }
    }
  }
}
