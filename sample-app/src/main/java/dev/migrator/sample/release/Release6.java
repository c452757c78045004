package dev.migrator.sample.release;

import static dev.migrator.DualWrite.byApplication;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The first deploy of the same change without triggers. The code writes both columns. The backfill
 * begins when every live instance does.
 */
@Configuration(proxyBeanMethods = false)
@Release(6)
class Release6 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("name").write("name", "full_name");
  }

  @Bean
  Migration usersFullName() {
    return Migration.define("2026-11-22-users-full-name")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name", byApplication())
        .backfill();
  }
}
