package dev.migrator.sample.release;

import static dev.migrator.DualWrite.byApplication;

import dev.migrator.Migration;
import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The second deploy without triggers. The code reads {@code full_name}. It still writes both
 * columns, because the release before reads the other one.
 */
@Configuration(proxyBeanMethods = false)
@Release(7)
class Release7 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("full_name").write("name", "full_name");
  }

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
