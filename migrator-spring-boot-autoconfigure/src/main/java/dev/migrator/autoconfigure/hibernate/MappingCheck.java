package dev.migrator.autoconfigure.hibernate;

import dev.migrator.Migration;
import dev.migrator.operation.AddColumn;
import dev.migrator.operation.ColumnChange;
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
import javax.sql.DataSource;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Table;
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

  private final DataSource dataSource;

  private final List<Migration> migrations;

  MappingCheck(DataSource dataSource, List<Migration> migrations) {
    this.dataSource = dataSource;
    this.migrations = List.copyOf(migrations);
  }

  @Override
  public void integrate(
      Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
    List<MissingColumn> missing = new ArrayList<>();
    try (Connection connection = dataSource.getConnection()) {
      if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
        return;
      }
      Map<Column, MappedBy> attributes = MappedBy.of(metadata);
      for (Table table : metadata.collectTableMappings()) {
        if (table.isPhysicalTable() && !table.isSubselect()) {
          missing.addAll(missing(table, found(connection, table), attributes, metadata));
        }
      }
    } catch (SQLException ex) {
      logger.debug("the columns of mapped tables could not be read", ex);
      return;
    }
    if (!missing.isEmpty()) {
      throw new MissingColumnsException(missing, LocalDate.now());
    }
  }

  private List<MissingColumn> missing(
      Table table, Set<String> found, Map<Column, MappedBy> attributes, Metadata metadata) {
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
      if (!found.contains(name) && !isAdded(tableName, name)) {
        MappedBy by = attributes.getOrDefault(column, MappedBy.NOBODY);
        missing.add(
            new MissingColumn(
                by.where(),
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

  private boolean isAdded(String table, String column) {
    return migrations.stream()
        .flatMap(it -> it.operations().stream())
        .anyMatch(it -> adds(it, table, column));
  }

  private static boolean adds(Operation operation, String table, String column) {
    if (operation instanceof ColumnChange change) {
      return change.table().name().equals(table)
          && change.newColumns().stream().anyMatch(it -> it.name().equals(column));
    }
    return operation instanceof AddColumn added
        && added.table().name().equals(table)
        && added.name().equals(column);
  }

  private static Set<String> found(Connection connection, Table table) throws SQLException {
    Set<String> columns = new LinkedHashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, qualified(table));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
    }
    return columns;
  }

  private static String qualified(Table table) {
    String name = quoted(literal(table.getName(), table.isQuoted()));
    return (table.getSchema() == null)
        ? name
        : quoted(literal(table.getSchema(), table.isSchemaQuoted())) + "." + name;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String name, boolean quoted) {
    return quoted ? name : name.toLowerCase(Locale.ROOT);
  }
}
