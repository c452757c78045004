package dev.migrator.autoconfigure;

import dev.migrator.MappedColumn;
import java.util.Collection;

/**
 * Reports which columns the code of this application uses. The columns of all beans of this type
 * are published when the application starts, and hold every CONTRACT that would remove one of them
 * while this instance runs. There is one for Hibernate's entities and one for Spring Data JDBC's
 * aggregates; add others for other code that maps columns, such as generated classes:
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
   * Returns the columns. Called once, when all singletons are there and before the web server
   * accepts requests.
   *
   * @return literal names as PostgreSQL stores them, so in lower case unless quoted
   */
  Collection<MappedColumn> mappedColumns();
}
