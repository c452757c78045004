package dev.migrator.clinic.before;

import dev.migrator.Migration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/** The code before the change, which declares its beginning. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
@EntityScan(basePackageClasses = ReleaseA.class)
@EnableJpaRepositories(basePackageClasses = ReleaseA.class)
@Import(JpaClinic.class)
public class ReleaseA {

  @Bean
  Migration ownersPhone() {
    return Migration.define("2026-11-26-owners-phone")
        .table("owners")
        .renameColumn("telephone", "phone");
  }
}
