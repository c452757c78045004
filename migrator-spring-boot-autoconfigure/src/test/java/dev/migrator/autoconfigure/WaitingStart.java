package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A release that reads a column which has to be made first. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({DataSourceAutoConfiguration.class, MigratorAutoConfiguration.class})
class WaitingStart {

  static final String ID = "full-name";

  @Bean
  Migration fullName() {
    return Migration.define(ID).table("users").renameColumn("name", "full_name").switchRead();
  }

  /**
   * Runs it.
   *
   * @param args properties
   */
  public static void main(String[] args) {
    SpringApplication.run(WaitingStart.class, args);
  }
}
