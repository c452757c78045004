package dev.migrator.autoconfigure;

import dev.migrator.Migration;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Declares migrations that are no beans. Those of all beans of this type are declared beside the
 * {@link Migration} beans. There is one for the changelog of Liquibase; add others for declarations
 * that stand elsewhere:
 *
 * <pre>{@code
 * @Bean
 * MigrationSource tenants(Tenants tenants) {
 *   return () -> Map.of("tenants.yaml", tenants.migration());
 * }
 * }</pre>
 */
@FunctionalInterface
public interface MigrationSource {

  /**
   * Returns the migrations, if there is one database.
   *
   * @return in their order, by where a person finds the declaration
   */
  Map<String, Migration> migrations();

  /**
   * Returns those that are for one database. Called once, when the {@code Migrator} bean is made.
   *
   * @param dataSource what the migrator uses
   * @return in their order, by where a person finds the declaration; all of them, unless the source
   *     knows better
   */
  default Map<String, Migration> migrations(DataSource dataSource) {
    return migrations();
  }
}
