package dev.migrator.orders.release1;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The release before the migration: its entity maps {@code customer}. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
@EntityScan(basePackageClasses = Release1.class)
@EnableJpaRepositories(basePackageClasses = Release1.class)
@Import(JpaOrders.class)
public class Release1 {}
