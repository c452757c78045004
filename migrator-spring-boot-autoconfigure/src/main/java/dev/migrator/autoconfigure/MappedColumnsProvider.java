package dev.migrator.autoconfigure;

import dev.migrator.MappedColumn;
import java.util.Collection;

/**
 * Knows which columns the code of this application uses. What all beans of this type tell is
 * published when the application starts, and keeps every instance from taking one of those columns
 * away while this one runs. There is one for Hibernate's entities and one for Spring Data JDBC's
 * aggregates; others can be added for whatever else maps columns, such as generated classes:
 *
 * <pre>{@code
 * @Bean
 * MappedColumnsProvider reports() {
 *   return () -> List.of(new MappedColumn("users", "name", "the report of new users"));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface MappedColumnsProvider {

  /**
   * Tells the columns. Called once, when all singletons are there and before the web server accepts
   * requests.
   *
   * @return literal names as PostgreSQL stores them, so in lower case unless quoted
   */
  Collection<MappedColumn> mappedColumns();
}
