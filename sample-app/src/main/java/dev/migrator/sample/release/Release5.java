package dev.migrator.sample.release;

import static dev.migrator.ReadTime.atRuntime;

import dev.migrator.Migration;
import dev.migrator.ReadSwitch;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The whole change in one deploy over release 1. The code asks at each read which column to use, so
 * it serves at once beside release 1, and switches by itself when both columns are verified.
 * (Release 4 can be deployed over release 1, too; it then serves only after the verification.)
 */
@Configuration(proxyBeanMethods = false)
@Release(5)
class Release5 {

  private static final String USERS_FULL_NAME = "2026-11-22-users-full-name";

  @Bean
  NameColumns nameColumns(ReadSwitch readSwitch) {
    return NameColumns.read(() -> readSwitch.readsNew(USERS_FULL_NAME) ? "full_name" : "name")
        .write("full_name");
  }

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
