package dev.migrator.bookshop;

import dev.migrator.Migration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BookMigrations {

  @Bean
  Migration bookTitle() {
    return Migration.define("2026-02-01-book-title")
        .table("book")
        .renameColumn("name", "title")
        .switchRead()
        .dropColumn("name");
  }
}
