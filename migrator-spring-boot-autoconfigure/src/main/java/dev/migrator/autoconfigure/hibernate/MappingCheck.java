package dev.migrator.autoconfigure.hibernate;

import dev.migrator.Migration;
import dev.migrator.TableName;
import dev.migrator.operation.Operation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.jdbc.connections.spi.JdbcConnectionAccess;
import org.hibernate.engine.jdbc.spi.JdbcServices;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, right before Hibernate validates the schema, for columns that are mapped, missing, and
 * added by no migration. Hibernate would only say that they are missing. What else it finds, and
 * what cannot be looked at, is left to it.
 */
final class MappingCheck implements Integrator {

  private static final Logger logger = LoggerFactory.getLogger(MappingCheck.class);

  /** So begin the names of what the library keeps for an undo. */
  private static final String OF_THE_LIBRARY = "~migrator";

  private static final String COLUMNS =
      """
      SELECT a.attname FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = pg_catalog.to_regclass(?)
         AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
       ORDER BY a.attnum""";

  private final List<Migration> migrations;

  MappingCheck(List<Migration> migrations) {
    this.migrations = List.copyOf(migrations);
  }

  @Override
  public void integrate(
      Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
    List<MissingColumn> missing = new ArrayList<>();
    // The one that Hibernate validates by: a persistence unit may have a database of its own.
    JdbcConnectionAccess access =
        factory
            .getServiceRegistry()
            .requireService(JdbcServices.class)
            .getBootstrapJdbcConnectionAccess();
    try {
      Connection connection = access.obtainConnection();
      try {
        look(connection, metadata, factory, missing);
      } finally {
        access.releaseConnection(connection);
      }
    } catch (SQLException ex) {
      logger.debug("the columns of mapped tables could not be read", ex);
      return;
    }
    if (!missing.isEmpty()) {
      throw new MissingColumnsException(missing, LocalDate.now());
    }
  }

  private void look(
      Connection connection,
      Metadata metadata,
      SessionFactoryImplementor factory,
      List<MissingColumn> missing)
      throws SQLException {
    if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
      Map<Column, MappedBy> attributes = MappedBy.of(metadata);
      Identifier usual = factory.getSqlStringGenerationContext().getDefaultSchema();
      for (Table table : metadata.collectTableMappings()) {
        if (table.isPhysicalTable() && !table.isSubselect()) {
          String schema = schema(table, usual);
          missing.addAll(
              missing(table, schema, found(connection, table, schema), attributes, metadata));
        }
      }
    }
  }

  /** That of the table, or the one of the settings; {@code null} if none is named. */
  private static @Nullable String schema(Table table, @Nullable Identifier usual) {
    if (table.getSchema() != null) {
      return literal(table.getSchema(), table.isSchemaQuoted());
    }
    return (usual == null) ? null : literal(usual.getText(), usual.isQuoted());
  }

  private List<MissingColumn> missing(
      Table table,
      @Nullable String schema,
      Set<String> found,
      Map<Column, MappedBy> attributes,
      Metadata metadata) {
    List<MissingColumn> missing = new ArrayList<>();
    if (found.isEmpty()) {
      return missing; // There is no such table.
    }
    String tableName = literal(table.getName(), table.isQuoted());
    Set<String> unmapped = new LinkedHashSet<>(found);
    unmapped.removeIf(it -> it.startsWith(OF_THE_LIBRARY));
    table.getColumns().forEach(it -> unmapped.remove(literal(it.getName(), it.isQuoted())));
    for (Column column : table.getColumns()) {
      String name = literal(column.getName(), column.isQuoted());
      if (!found.contains(name) && !isAdded(schema, tableName, name)) {
        MappedBy by = attributes.getOrDefault(column, MappedBy.NOBODY);
        missing.add(
            new MissingColumn(
                by.where(),
                schema,
                tableName,
                name,
                column.getSqlType(metadata),
                by.former(),
                List.copyOf(unmapped),
                by.language()));
      }
    }
    return missing;
  }

  private boolean isAdded(@Nullable String schema, String table, String column) {
    return migrations.stream()
        .flatMap(it -> it.operations().stream())
        .anyMatch(it -> adds(it, schema, table, column));
  }

  private static boolean adds(
      Operation operation, @Nullable String schema, String table, String column) {
    TableName changed = operation.table();
    return changed != null
        && isSame(changed, schema, table)
        && operation.addedColumns().contains(column);
  }

  /** Of a schema that only one names, nobody knows here whether it is the other's. */
  private static boolean isSame(TableName declared, @Nullable String schema, String table) {
    return declared.name().equals(table)
        && (schema == null || declared.schema() == null || declared.schema().equals(schema));
  }

  private static Set<String> found(Connection connection, Table table, @Nullable String schema)
      throws SQLException {
    Set<String> columns = new LinkedHashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, qualified(table, schema));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
    }
    return columns;
  }

  private static String qualified(Table table, @Nullable String schema) {
    String name = quoted(literal(table.getName(), table.isQuoted()));
    return (schema == null) ? name : quoted(schema) + "." + name;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String name, boolean quoted) {
    return quoted ? name : name.toLowerCase(Locale.ROOT);
  }
}
