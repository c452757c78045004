package dev.migrator.autoconfigure;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * Where Hibernate makes the tables, it does so after the migrations, unless Spring Boot is told to
 * initialize JPA first. The migrations cannot wait for it by themselves: whatever maps an entity
 * waits for them.
 */
final class HibernateTables {

  private static final Set<String> MAKING =
      Set.of("create", "create-drop", "create-only", "update");

  private static final String DEFERRED = "spring.jpa.defer-datasource-initialization";

  private HibernateTables() {}

  /** A sentence more for who misses a table; empty if Hibernate makes none, or makes them first. */
  static String advice(Environment environment) {
    if (environment.getProperty(DEFERRED, Boolean.class, false)) {
      return "";
    }
    return Stream.of(
            "spring.jpa.hibernate.ddl-auto", "spring.jpa.properties.hibernate.hbm2ddl.auto")
        .filter(it -> makes(environment.getProperty(it)))
        .findFirst()
        .map(
            it ->
                " As %s=%s, Hibernate makes tables only after the migrations; set %s=true to have them made before."
                    .formatted(it, environment.getProperty(it), DEFERRED))
        .orElse("");
  }

  private static boolean makes(@Nullable String mode) {
    return mode != null && MAKING.contains(mode.toLowerCase(Locale.ROOT));
  }
}
