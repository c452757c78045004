package dev.migrator.sample.release;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The last deploy. The code is the same. No instance uses {@code name} any longer, so the chain
 * ends with its drop.
 */
@Configuration(proxyBeanMethods = false)
@Release(4)
class Release4 {

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
        .switchRead()
        .dropColumn("name");
  }
}
