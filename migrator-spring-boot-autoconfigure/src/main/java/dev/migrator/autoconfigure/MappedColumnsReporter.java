package dev.migrator.autoconfigure;

import dev.migrator.MappedColumn;
import dev.migrator.Migrator;
import dev.migrator.error.InvalidMigrationException;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Reports to the migrators which columns the application maps, when all singletons are there: the
 * mappings are created after the migrations, and no request is accepted before.
 */
final class MappedColumnsReporter implements SmartInitializingSingleton {

  private final ObjectProvider<Migrator> migrators;

  private final ObjectProvider<MappedColumnsProvider> providers;

  MappedColumnsReporter(
      ObjectProvider<Migrator> migrators, ObjectProvider<MappedColumnsProvider> providers) {
    this.migrators = migrators;
    this.providers = providers;
  }

  /** Whether anything will be reported. Creates no bean. */
  static boolean isExpected(ListableBeanFactory beanFactory) {
    return beanFactory.getBeanNamesForType(MappedColumnsProvider.class, true, false).length > 0;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<MappedColumnsProvider> all = providers.orderedStream().toList();
    if (all.isEmpty()) {
      return;
    }
    List<MappedColumn> columns =
        all.stream().flatMap(it -> it.mappedColumns().stream()).distinct().toList();
    try {
      migrators.orderedStream().forEach(it -> it.mapped(columns));
    } catch (InvalidMigrationException ex) {
      throw new ContradictingMappingException(ex);
    }
  }
}
