package dev.migrator.diff;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.diff.internal.difference.Facts;
import dev.migrator.diff.internal.mapping.AggregateSchema;
import dev.migrator.diff.internal.mapping.HibernateSchema;
import dev.migrator.diff.internal.mapping.Mapping;
import dev.migrator.diff.internal.mapping.SharedTables;
import dev.migrator.diff.internal.schema.Schema;
import dev.migrator.diff.internal.schema.SchemaReader;
import dev.migrator.diff.internal.schema.TableId;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/** Makes and reads the two catalogs of an application. */
final class FactsReader {

  private static final String HIBERNATE =
      "org.springframework.orm.jpa.AbstractEntityManagerFactoryBean";

  private static final String HIBERNATE_ITSELF =
      "org.hibernate.jpa.boot.internal.EntityManagerFactoryBuilderImpl";

  private static final String DATA_JDBC =
      "org.springframework.data.jdbc.core.convert.JdbcConverter";

  private FactsReader() {}

  static Facts read(ApplicationContext context) {
    DataSource made = context.getBeanProvider(DataSource.class).getIfUnique();
    if (made == null) {
      throw new IllegalStateException(
          "the context has no DataSource, or several of which none is @Primary: which has the tables?");
    }
    context.getBeansOfType(Migrator.class).values().forEach(MadeHistory::await);
    Schema history = SchemaReader.read(made);
    Mapping mapping = new Mapping();
    try (TestDatabase database = TestPostgres.newDatabase()) {
      DataSource mappedBy = database.dataSource();
      UserTypes.copy(made, mappedBy);
      List<TableId> tables = new ArrayList<>();
      ClassLoader loader = context.getClassLoader();
      if (ClassUtils.isPresent(HIBERNATE, loader)
          && ClassUtils.isPresent(HIBERNATE_ITSELF, loader)) {
        tables.addAll(HibernateSchema.make(context, mappedBy, mapping));
      }
      if (ClassUtils.isPresent(DATA_JDBC, loader)) {
        tables.addAll(AggregateSchema.make(context, mappedBy, mapping));
      }
      Schema mapped = SharedTables.relaxed(SchemaReader.read(mappedBy), mapping);
      check(tables, mapped);
      Set<TableId> all = new HashSet<>(tables);
      Trial trial = new Trial(made, history, mapped, mapping);
      return new Facts(
          history,
          mapped,
          mapping,
          all,
          MadeHistory.declared(made, context.getBeansOfType(Migration.class).values()),
          trial.named(),
          trial.types(),
          trial.refused());
    }
  }

  private static void check(List<TableId> tables, Schema mapped) {
    if (tables.isEmpty()) {
      throw new IllegalStateException(
          "the application maps no table: it has neither entities of Hibernate nor aggregates of Spring Data JDBC");
    }
    List<String> failed =
        tables.stream().filter(it -> mapped.table(it) == null).map(TableId::text).toList();
    if (!failed.isEmpty()) {
      throw new IllegalStateException(
          "these mapped tables could not be made on an empty database; Hibernate has logged why: "
              + String.join(", ", failed));
    }
  }
}
