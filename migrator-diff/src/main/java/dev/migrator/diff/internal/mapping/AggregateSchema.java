package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.SchemaReader;
import dev.migrator.diff.internal.schema.TableId;
import dev.migrator.internal.sql.Identifiers;
import dev.migrator.source.FormerNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.jdbc.core.convert.JdbcConverter;
import org.springframework.data.relational.core.dialect.PostgresDialect;
import org.springframework.data.relational.core.mapping.AggregatePath;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;
import org.springframework.data.relational.core.mapping.RelationalPersistentEntity;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.sql.SqlIdentifier;
import org.springframework.data.repository.Repository;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes the tables that the aggregates of Spring Data JDBC need. A mapping says no types there, so
 * those made here are for columns that nobody has yet.
 */
public final class AggregateSchema {

  private final RelationalMappingContext context;

  private final Function<RelationalPersistentProperty, Class<?>> types;

  private final String currentSchema;

  private final Mapping mapping;

  private final Map<TableId, Map<String, String>> tables = new LinkedHashMap<>();

  private AggregateSchema(
      RelationalMappingContext context,
      Function<RelationalPersistentProperty, Class<?>> types,
      String currentSchema,
      Mapping mapping) {
    this.context = context;
    this.types = types;
    this.currentSchema = currentSchema;
    this.mapping = mapping;
  }

  /**
   * Makes the tables of all mapping contexts.
   *
   * @return the tables that are mapped
   */
  public static List<TableId> make(
      ListableBeanFactory beans, DataSource database, Mapping mapping) {
    List<TableId> all = new ArrayList<>();
    // A mapping context learns of most aggregates from the repositories.
    beans.getBeansOfType(Repository.class);
    Collection<JdbcConverter> converters = beans.getBeansOfType(JdbcConverter.class).values();
    for (RelationalMappingContext each :
        beans.getBeansOfType(RelationalMappingContext.class).values()) {
      JdbcConverter converter =
          converters.stream().filter(it -> it.getMappingContext() == each).findFirst().orElse(null);
      AggregateSchema schema =
          new AggregateSchema(
              each,
              (converter == null) ? it -> it.getActualType() : converter::getColumnType,
              SchemaReader.currentSchema(database),
              mapping);
      schema.read();
      schema.write(JdbcClient.create(database));
      all.addAll(schema.tables.keySet());
    }
    return all;
  }

  private void read() {
    for (RelationalPersistentEntity<?> entity : context.getPersistentEntities()) {
      if (entity.hasIdProperty()) {
        entity(context.getAggregatePath(entity), entity.getType().getSimpleName(), null);
      }
    }
  }

  private void entity(AggregatePath path, String root, @Nullable FormerNames outer) {
    RelationalPersistentEntity<?> entity = path.getRequiredLeafEntity();
    for (RelationalPersistentProperty property : entity) {
      property(
          path.append(property),
          root,
          new FormerNames(outer, entity.getType(), property.getName()),
          property);
    }
  }

  private void property(
      AggregatePath path, String root, FormerNames way, RelationalPersistentProperty property) {
    String where = root + "." + path.toDotPath();
    if (path.isEmbedded()) {
      entity(path, root, way);
    } else if (path.isEntity()) {
      AggregatePath.TableInfo table = path.getTableInfo();
      table
          .backReferenceColumnInfos()
          .forEach(
              (owner, column) ->
                  column(
                      table,
                      column.name(),
                      where,
                      List.of(),
                      type(owner.getRequiredLeafProperty()) + " NOT NULL",
                      Attribute.Role.PLAIN));
      if (table.qualifierColumnInfo() != null) {
        column(
            table,
            table.qualifierColumnInfo().name(),
            where,
            List.of(),
            ColumnTypes.of(table.qualifierColumnType()),
            Attribute.Role.PLAIN);
      }
      entity(path, root, null);
    } else {
      column(
          path.getTableInfo(),
          path.getColumnInfo().name(),
          where,
          way.find(),
          type(property) + options(property),
          property.isVersionProperty() ? Attribute.Role.VERSION : Attribute.Role.PLAIN);
    }
  }

  private String type(RelationalPersistentProperty property) {
    Class<?> type = types.apply(property);
    boolean many = property.isCollectionLike() && !type.isArray();
    return ColumnTypes.of(type) + (many ? "[]" : "");
  }

  private static String options(RelationalPersistentProperty property) {
    if (property.isIdProperty()) {
      boolean number = ColumnTypes.isNumber(property.getActualType());
      return (number ? " GENERATED BY DEFAULT AS IDENTITY" : "") + " PRIMARY KEY";
    }
    return property.getType().isPrimitive() ? " NOT NULL" : "";
  }

  private void column(
      AggregatePath.TableInfo table,
      SqlIdentifier column,
      String where,
      List<String> former,
      String definition,
      Attribute.Role role) {
    List<String> names = new ArrayList<>();
    table.qualifiedTableName().forEach(it -> names.add(stored(it)));
    TableId id =
        new TableId(
            names.size() > 1 && !names.get(names.size() - 2).equals(currentSchema)
                ? names.get(names.size() - 2)
                : "",
            names.get(names.size() - 1));
    tables.computeIfAbsent(id, it -> new LinkedHashMap<>()).put(stored(column), definition);
    mapping.add(
        new Place(id, stored(column)),
        new Attribute(where, former, Attribute.TypeSaid.NOTHING, role, null));
  }

  private void write(JdbcClient jdbc) {
    tables.forEach(
        (table, columns) -> {
          if (!table.schema().isEmpty()) {
            jdbc.sql("CREATE SCHEMA IF NOT EXISTS " + Identifiers.quote(table.schema())).update();
          }
          String name =
              table.schema().isEmpty()
                  ? Identifiers.quote(table.name())
                  : Identifiers.quote(table.schema(), table.name());
          jdbc.sql("CREATE TABLE IF NOT EXISTS " + name + " ()").update();
          columns.forEach(
              (column, definition) ->
                  jdbc.sql(
                          "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s"
                              .formatted(name, Identifiers.quote(column), definition))
                      .update());
        });
  }

  /** A name as PostgreSQL stores it. */
  private static String stored(SqlIdentifier identifier) {
    String sql = identifier.toSql(PostgresDialect.INSTANCE.getIdentifierProcessing());
    return StoredNames.cut(
        sql.startsWith("\"")
            ? sql.substring(1, sql.length() - 1).replace("\"\"", "\"")
            : sql.toLowerCase(Locale.ROOT));
  }
}
