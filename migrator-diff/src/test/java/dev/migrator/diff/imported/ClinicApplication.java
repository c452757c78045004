package dev.migrator.diff.imported;

import dev.migrator.Migration;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;

/** A clinic with a column that something else writes. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EntityScan
public class ClinicApplication {

  @Bean
  Migration owners() {
    return Migration.define("2026-11-26-owners")
        .createTable("owners")
        .column("id", "bigint")
        .column("imported_at", "timestamptz")
        .notNull()
        .primaryKey("id");
  }

  /** An owner. */
  @Entity
  @Table(name = "owners")
  static class Owner {

    @Id Long id;
  }
}
