package dev.migrator.clinic.before;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The code before the change; with the starter it is the release that only adds that. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
@EntityScan(basePackageClasses = Release1.class)
@EnableJpaRepositories(basePackageClasses = Release1.class)
@Import(JpaClinic.class)
public class Release1 {}
