package dev.migrator.sample.release;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The first deploy of the change. The code is the same; the chain ends at the backfill. */
@Configuration(proxyBeanMethods = false)
@Release(2)
class Release2 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("name").write("name");
  }

  @Bean
  Migration usersFullName() {
    return Migration.define("2026-11-22-users-full-name")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name")
        .backfill();
  }
}
