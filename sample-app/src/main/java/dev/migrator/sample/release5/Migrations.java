package dev.migrator.sample.release5;

import static dev.migrator.ReadTime.atRuntime;

import dev.migrator.Migration;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How far the code of this release is ready for the rename. */
@Configuration(proxyBeanMethods = false)
@Release(5)
class Migrations {

  static final String USERS_FULL_NAME = "2026-11-22-users-full-name";

  @Bean
  Migration usersFullName() {
    return Migration.define(USERS_FULL_NAME)
        .table("users")
        .addColumn("full_name", "text")
        .dualWrite("name", "full_name")
        .backfill()
        .switchRead(atRuntime())
        .dropColumn("name");
  }
}
