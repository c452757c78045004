package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.SchemaReader;
import dev.migrator.diff.internal.schema.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.boot.internal.EntityManagerFactoryBuilderImpl;
import org.hibernate.jpa.boot.internal.PersistenceUnitInfoDescriptor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * Has Hibernate make its tables on an empty database: from the very settings of the application,
 * which Spring Boot and its customizers have filled in.
 */
public final class HibernateSchema {

  private static final String OTHER_IMPORT = "hibernate.hbm2ddl.skip_default_import_file";

  private HibernateSchema() {}

  /**
   * Makes the tables of all entity managers.
   *
   * @return the tables that are mapped, whether they could be made or not
   */
  public static List<TableId> make(
      ListableBeanFactory beans, DataSource database, Mapping mapping) {
    return beans.getBeansOfType(AbstractEntityManagerFactoryBean.class).values().stream()
        .flatMap(it -> make(it, database, mapping).stream())
        .distinct()
        .toList();
  }

  private static List<TableId> make(
      AbstractEntityManagerFactoryBean factory, DataSource database, Mapping mapping) {
    Map<String, Object> settings = new HashMap<>(factory.getJpaPropertyMap());
    settings.put(SchemaToolingSettings.HBM2DDL_AUTO, "create-only");
    settings.put(SchemaToolingSettings.HBM2DDL_CREATE_NAMESPACES, true);
    settings.put(SchemaToolingSettings.HBM2DDL_HALT_ON_ERROR, false);
    settings.put(OTHER_IMPORT, true);
    settings.remove(SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION);
    settings.remove(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION);
    settings.remove(SchemaToolingSettings.JAKARTA_HBM2DDL_LOAD_SCRIPT_SOURCE);
    settings.remove(SchemaToolingSettings.HBM2DDL_IMPORT_FILES);
    settings.put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, database);
    EntityManagerFactoryBuilderImpl builder =
        new EntityManagerFactoryBuilderImpl(
            new PersistenceUnitInfoDescriptor(
                Objects.requireNonNull(factory.getPersistenceUnitInfo())),
            settings);
    try {
      // First, as columns then no longer tell what the mapping says from what Hibernate adds.
      List<TableId> tables =
          HibernateMapping.add(
              builder.metadata(),
              text(settings.get(MappingSettings.DEFAULT_SCHEMA)),
              SchemaReader.currentSchema(database),
              mapping);
      builder.generateSchema();
      return tables;
    } finally {
      builder.cancel();
    }
  }

  private static @Nullable String text(@Nullable Object setting) {
    return (setting == null) ? null : setting.toString();
  }
}
