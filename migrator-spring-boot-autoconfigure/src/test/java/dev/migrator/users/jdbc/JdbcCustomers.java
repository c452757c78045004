package dev.migrator.users.jdbc;

import dev.migrator.Migration;
import dev.migrator.ReadSwitch;
import dev.migrator.ReadTime;
import dev.migrator.users.CustomerSearch;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
public class JdbcCustomers {

  public static final String FULL_NAME = "2026-11-24-customer-full-name";

  @Bean
  Migration customerFullName() {
    return Migration.define(FULL_NAME)
        .table("customer")
        .renameColumn("name", "full_name")
        .switchRead(ReadTime.atRuntime());
  }

  @Bean
  CustomerSearch customerSearch(Customers customers, ReadSwitch readSwitch) {
    return name -> find(customers, readSwitch, name).stream().map(Customer::id).toList();
  }

  private static List<Customer> find(Customers customers, ReadSwitch readSwitch, String name) {
    return readSwitch.read(
        FULL_NAME, () -> customers.findByName(name), () -> customers.findByFullName(name));
  }
}
