package dev.migrator.sample.release;

import static dev.migrator.DualWrite.byApplication;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The last deploy without triggers. The code does not use {@code name}. It serves when every other
 * instance reads {@code full_name}.
 */
@Configuration(proxyBeanMethods = false)
@Release(8)
class Release8 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("full_name").write("full_name");
  }

  @Bean
  Migration usersFullName() {
    return Migration.define("2026-11-22-users-full-name")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name", byApplication())
        .backfill()
        .switchRead()
        .dropColumn("name");
  }
}
