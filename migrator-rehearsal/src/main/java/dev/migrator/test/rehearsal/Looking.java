package dev.migrator.test.rehearsal;

import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Asks where a migration stands, and gives commands, as an operator does. For one thread. */
final class Looking implements AutoCloseable {

  private final SingleConnectionDataSource connection;

  private final Migrator migrator;

  private final String id;

  Looking(TestDatabase database, String id, Function<DataSource, MigratorBuilder> builder) {
    this.id = id;
    try {
      this.connection = new SingleConnectionDataSource(Sessions.of(database).getConnection(), true);
    } catch (SQLException ex) {
      throw new RehearsalException("no connection to " + database.name(), ex);
    }
    this.migrator = builder.apply(connection).build();
  }

  MigrationStatus status() {
    return migrator.status(id).orElseThrow();
  }

  PlannedMigration plan() {
    return migrator.plan(id).orElseThrow();
  }

  @Nullable Phase phase() {
    return status().phase();
  }

  /** Returns whether it was accepted. */
  boolean give(OperatorCommand command) {
    try {
      migrator.execute(id, command.by(Setup.SESSIONS));
      return true;
    } catch (CommandRefusedException ex) {
      return false;
    }
  }

  /** Refused, it says why. */
  void order(OperatorCommand command) {
    migrator.execute(id, command.by(Setup.SESSIONS));
  }

  @Override
  public void close() {
    connection.destroy();
  }
}
