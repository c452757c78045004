package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.error.InvalidMigrationException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import liquibase.Scope;
import liquibase.change.AbstractChange;
import liquibase.change.ChangeMetaData;
import liquibase.change.CheckSum;
import liquibase.change.DatabaseChange;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import liquibase.exception.RollbackImpossibleException;
import liquibase.exception.ValidationErrors;
import liquibase.exception.Warnings;
import liquibase.executor.ExecutorService;
import liquibase.executor.LoggingExecutor;
import liquibase.parser.core.ParsedNode;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;
import liquibase.statement.core.RawSqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * The change {@code migration} of a Liquibase changelog: it declares a {@link Migration} as a bean
 * would. Liquibase only notes that the change set has been there; the phases are carried out by the
 * migrator of the application, which reads the declaration at each start.
 *
 * <pre>{@code
 * changes:
 *   - migration:
 *       ready: BACKFILL
 *       renameColumn: { table: users, from: name, to: full_name }
 * }</pre>
 */
@DatabaseChange(
    name = "migration",
    description = "A change of the schema in phases, carried out by migrator",
    priority = ChangeMetaData.PRIORITY_DEFAULT)
public final class MigrationChange extends AbstractChange {

  private static final AtomicLong READ = new AtomicLong();

  private Element element = new Element("migration", null, List.of());

  /** Made by Liquibase. */
  public MigrationChange() {}

  /** How many of them have been read since this JVM began. */
  static long read() {
    return READ.get();
  }

  @Override
  public void load(ParsedNode node, ResourceAccessor resources) {
    element = Element.of(node);
    READ.incrementAndGet();
  }

  /**
   * Where it stands, as messages say it.
   *
   * @return file, id and author of the change set
   */
  String place() {
    return "change set " + getChangeSet().toString(false);
  }

  /**
   * What it declares.
   *
   * @param schema where Liquibase looks for what has none; {@code null} for the path of the
   *     connection
   * @throws InvalidMigrationException if it is no migration; the message names the change set
   */
  Migration declared(@Nullable String schema) {
    ChangeSet changeSet = getChangeSet();
    try {
      if (changeSet.getPreconditions() != null
          && !changeSet.getPreconditions().getNestedPreconditions().isEmpty()) {
        throw new Given(element)
            .refused(
                "its change set has preconditions, which are looked at once, and a migration is declared at every start; use contexts or labels");
      }
      return ChangelogMigration.of(
          schema == null ? element : element.in(schema), changeSet.getId());
    } catch (InvalidMigrationException ex) {
      String message = ex.getMessage().substring((ex.errorCode() + ": ").length());
      throw new InvalidMigrationException(ex.errorCode(), place() + ": " + message);
    }
  }

  private String id() {
    return ChangelogMigration.id(element, getChangeSet().getId());
  }

  @Override
  public boolean supports(Database database) {
    return database instanceof PostgresDatabase;
  }

  @Override
  public Warnings warn(Database database) {
    return new Warnings();
  }

  @Override
  public ValidationErrors validate(Database database) {
    ValidationErrors errors = new ValidationErrors(this);
    if (!supports(database)) {
      errors.addError("a migration is for PostgreSQL, not for " + database.getDisplayName());
      return errors;
    }
    try {
      declared(null);
    } catch (InvalidMigrationException ex) {
      errors.addError(ex.getMessage());
    }
    return errors;
  }

  /**
   * Of the id only. How far a release is ready is edited in place, and whether what has run was
   * changed is known better by the journal of the migrator, which refuses that.
   */
  @Override
  public CheckSum generateCheckSum() {
    return CheckSum.compute("migration " + id());
  }

  @Override
  public boolean generateStatementsVolatile(Database database) {
    return false;
  }

  /** Nothing but, where statements are only shown, what they would say. */
  @Override
  public SqlStatement[] generateStatements(Database database) {
    return isShown(database)
        ? comment(
            "migrator, not Liquibase, carries this out in phases, when the application has started:",
            "migration \"%s\": %s".formatted(id(), element.text()),
            "Its statements depend on the catalog and on the running releases; migrator.mode=plan, Migrator.plan() or GET /actuator/migrator/%s shows them."
                .formatted(id()))
        : new SqlStatement[0];
  }

  @Override
  public String getConfirmationMessage() {
    return "migration \"%s\" is declared; migrator carries it out when the application has started"
        .formatted(id());
  }

  @Override
  public String getDescription() {
    return "migration " + id();
  }

  @Override
  public boolean supportsRollback(Database database) {
    return true;
  }

  @Override
  public boolean generateRollbackStatementsVolatile(Database database) {
    return false;
  }

  /**
   * Liquibase may forget a migration of which nothing is left.
   *
   * @throws RollbackImpossibleException if it has reached a phase; the message says how it is
   *     undone
   */
  @Override
  public SqlStatement[] generateRollbackStatements(Database database)
      throws RollbackImpossibleException {
    String how =
        "migrator undoes it: POST /actuator/migrator/%1$s with {\"action\": \"undo\"}, or Migrator.execute(\"%1$s\", OperatorCommand.UNDO), once for each phase"
            .formatted(id());
    if (isShown(database)) {
      return comment(
          "Liquibase does not undo the migration \"%s\"; %s.".formatted(id(), how),
          "What follows only makes Liquibase forget the change set.");
    }
    String reached = reached(database);
    if (reached != null) {
      throw new RollbackImpossibleException(
          "%s: the migration \"%s\" has reached %s, and Liquibase does not undo it; %s. Then roll back again."
              .formatted(place(), id(), reached, how));
    }
    return new SqlStatement[0];
  }

  private @Nullable String reached(Database database) throws RollbackImpossibleException {
    try {
      return database.getConnection() instanceof JdbcConnection jdbc
          ? JournaledPhase.begun(jdbc, id())
          : null;
    } catch (DatabaseException | SQLException ex) {
      throw new RollbackImpossibleException(
          "the phase of the migration \"%s\" cannot be read".formatted(id()), ex);
    }
  }

  private static boolean isShown(Database database) {
    return Scope.getCurrentScope().getSingleton(ExecutorService.class).getExecutor("jdbc", database)
        instanceof LoggingExecutor;
  }

  private static SqlStatement[] comment(String... lines) {
    String text = String.join("\n", lines).replaceAll("\\s*\\R", "\n").replace("\n", "\n-- ");
    return new SqlStatement[] {new RawSqlStatement("-- " + text)};
  }
}
