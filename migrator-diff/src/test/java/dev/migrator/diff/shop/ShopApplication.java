package dev.migrator.diff.shop;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;

/** A shop on Spring Data JDBC. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = HibernateJpaAutoConfiguration.class)
@EnableJdbcRepositories(considerNestedRepositories = true)
public class ShopApplication {}
