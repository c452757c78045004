package dev.migrator.autoconfigure.data;

import dev.migrator.MappedColumn;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.relational.core.dialect.PostgresDialect;
import org.springframework.data.relational.core.mapping.AggregatePath;
import org.springframework.data.relational.core.mapping.AggregatePath.ColumnInfo;
import org.springframework.data.relational.core.mapping.RelationalMappingContext;
import org.springframework.data.relational.core.mapping.RelationalPersistentEntity;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.sql.SqlIdentifier;

/**
 * Every column that the aggregates of a mapping context use, from their roots, which are those
 * entities that have an id, down to their parts. What stands in a {@code @Query} is not among them.
 */
final class AggregateColumns {

  private final Set<MappedColumn> columns = new LinkedHashSet<>();

  private AggregateColumns() {}

  static Collection<MappedColumn> of(RelationalMappingContext context) {
    AggregateColumns collected = new AggregateColumns();
    for (RelationalPersistentEntity<?> entity : context.getPersistentEntities()) {
      if (entity.hasIdProperty()) {
        collected.addEntity(
            context.getAggregatePath(entity), "aggregate " + entity.getType().getName());
      }
    }
    return collected.columns;
  }

  private void addEntity(AggregatePath path, String root) {
    for (RelationalPersistentProperty property : path.getRequiredLeafEntity()) {
      addProperty(path.append(property), root);
    }
  }

  private void addProperty(AggregatePath path, String root) {
    String where = root + ", property " + path.toDotPath();
    if (path.isEmbedded()) {
      addEntity(path, root);
    } else if (path.isEntity()) {
      AggregatePath.TableInfo table = path.getTableInfo();
      table
          .backReferenceColumnInfos()
          .forEach((ignored, column) -> add(table.qualifiedTableName(), column, where));
      add(table.qualifiedTableName(), table.qualifierColumnInfo(), where);
      addEntity(path, root);
    } else {
      add(path.getTableInfo().qualifiedTableName(), path.getColumnInfo(), where);
    }
  }

  private void add(SqlIdentifier table, @Nullable ColumnInfo column, String where) {
    if (column != null) {
      columns.add(new MappedColumn(literal(table), literal(column.name()), where));
    }
  }

  /** The last name of one that may be qualified, as PostgreSQL stores it. */
  private static String literal(SqlIdentifier identifier) {
    SqlIdentifier last = identifier.stream().reduce(identifier, (before, next) -> next);
    String sql = last.toSql(PostgresDialect.INSTANCE.getIdentifierProcessing());
    return sql.startsWith("\"")
        ? sql.substring(1, sql.length() - 1).replace("\"\"", "\"")
        : sql.toLowerCase(Locale.ROOT);
  }
}
