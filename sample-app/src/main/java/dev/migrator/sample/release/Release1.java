package dev.migrator.sample.release;

import dev.migrator.sample.NameColumns;
import dev.migrator.sample.Release;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The release before the change. It declares nothing. */
@Configuration(proxyBeanMethods = false)
@Release(1)
class Release1 {

  @Bean
  NameColumns nameColumns() {
    return NameColumns.read("name").write("name");
  }
}
