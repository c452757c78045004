package dev.migrator.sample.release7;

import static dev.migrator.DualWrite.byApplication;

import dev.migrator.Migration;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How far the code of this release is ready for the rename. */
@Configuration(proxyBeanMethods = false)
@Release(7)
class Migrations {

  @Bean
  Migration usersFullName() {
    return Migration.define("2026-11-22-users-full-name")
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name", byApplication())
        .backfill()
        .switchRead();
  }
}
