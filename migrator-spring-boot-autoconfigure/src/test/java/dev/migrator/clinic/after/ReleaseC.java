package dev.migrator.clinic.after;

import dev.migrator.Migration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** Reads and writes {@code phone}, and must not lose {@code telephone} yet. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
@EntityScan(basePackageClasses = ReleaseC.class)
@EnableJpaRepositories(basePackageClasses = ReleaseC.class)
@Import(JpaClinic.class)
public class ReleaseC {

  @Bean
  Migration ownersPhone() {
    return Migration.define("2026-11-26-owners-phone")
        .table("owners")
        .renameColumn("telephone", "phone")
        .switchRead();
  }
}
