package dev.migrator.orders.release2;

import dev.migrator.Migration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The release after the migration: its entity maps {@code customer_name}, in one deploy. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
@EntityScan(basePackageClasses = Release2.class)
@EnableJpaRepositories(basePackageClasses = Release2.class)
@Import(JpaOrders.class)
public class Release2 {

  @Bean
  Migration ordersCustomerName() {
    return Migration.define("orders-customer-name")
        .table("purchase_order")
        .renameColumn("customer", "customer_name")
        .switchRead()
        .dropColumn("customer");
  }
}
