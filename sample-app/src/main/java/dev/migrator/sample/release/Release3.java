package dev.migrator.sample.release;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The second deploy. The code uses {@code full_name}. The release before still serves beside it, so
 * {@code name} must stay.
 */
@Configuration(proxyBeanMethods = false)
@Release(3)
class Release3 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("full_name").write("full_name");
  }

  @Bean
  Migration usersFullName() {
    return Migration.define("2026-11-22-users-full-name")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name")
        .backfill()
        .switchRead();
  }
}
