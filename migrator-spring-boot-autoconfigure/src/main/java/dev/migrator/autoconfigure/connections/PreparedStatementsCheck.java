package dev.migrator.autoconfigure.connections;

import dev.migrator.Migration;
import dev.migrator.operation.ColumnChange;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Warns if the driver keeps statements prepared on the server and does not save the transaction
 * before each: such a statement fails in a transaction, once for each connection, when a change of
 * columns has changed the shape of its result.
 */
final class PreparedStatementsCheck implements SmartInitializingSingleton {

  private static final Logger logger = LoggerFactory.getLogger(PreparedStatementsCheck.class);

  private final DataSource dataSource;

  private final ObjectProvider<Migration> migrations;

  PreparedStatementsCheck(DataSource dataSource, ObjectProvider<Migration> migrations) {
    this.dataSource = dataSource;
    this.migrations = migrations;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (migrations.stream()
            .flatMap(it -> it.operations().stream())
            .anyMatch(ColumnChange.class::isInstance)
        && isAtRisk()) {
      logger.warn(
          "The JDBC driver keeps statements prepared on the server (prepareThreshold) and does not"
              + " save the transaction before each (autosave=never). When a table gets or loses a"
              + " column, one like \"select *\" can fail in a transaction with \"cached plan must"
              + " not change result type\". Name the columns in such statements, or set"
              + " autosave=conservative in the JDBC URL.");
    }
  }

  private boolean isAtRisk() {
    try (Connection connection = dataSource.getConnection()) {
      if (!connection.isWrapperFor(PGConnection.class)) {
        return false;
      }
      PGConnection postgres = connection.unwrap(PGConnection.class);
      return postgres.getPrepareThreshold() > 0 && postgres.getAutosave() == AutoSave.NEVER;
    } catch (SQLException ex) {
      logger.debug("the settings of the JDBC driver could not be read", ex);
      return false;
    }
  }
}
