package dev.migrator.check.internal.changelog;

import dev.migrator.check.internal.text.Piece;
import dev.migrator.check.internal.text.Script;
import dev.migrator.check.internal.text.Script.Problem;
import dev.migrator.check.internal.text.Script.Problem.Kind;
import dev.migrator.check.internal.text.Splitter;
import dev.migrator.internal.file.Directives;
import dev.migrator.internal.file.FileProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import liquibase.change.Change;
import liquibase.change.core.EmptyChange;
import liquibase.change.core.ExecuteShellCommandChange;
import liquibase.change.core.LoadDataChange;
import liquibase.change.core.OutputChange;
import liquibase.change.core.StopChange;
import liquibase.change.core.TagDatabaseChange;
import liquibase.change.custom.CustomChangeWrapper;
import liquibase.changelog.ChangeSet;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.database.OfflineConnection;
import liquibase.exception.DatabaseException;
import liquibase.exception.ValidationErrors;
import liquibase.sql.SingleLineComment;
import liquibase.sql.Sql;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.ExecutablePreparedStatement;
import liquibase.statement.SqlStatement;

/** The statements of one change set, as Liquibase makes them. */
final class ChangeSetScript {

  private static final String OWN = "dev.migrator.";

  private final ChangeSet changeSet;

  private final Database database;

  private final String path;

  private final ChangeSetPlace place;

  private final List<Piece> pieces = new ArrayList<>();

  private final List<Problem> problems = new ArrayList<>();

  ChangeSetScript(ChangeSet changeSet, Database database, String path, ChangeSetPlace place) {
    this.changeSet = changeSet;
    this.database = database;
    this.path = path;
    this.place = place;
  }

  private boolean isOffline() {
    return database.getConnection() instanceof OfflineConnection;
  }

  Script read() throws DatabaseException {
    Directives directives = directives();
    List<String> foreign = foreign();
    try {
      if (!foreign.isEmpty()) {
        problem(
            Kind.NOT_UNDERSTOOD,
            "%s is no change of Liquibase's, so nothing of the change set was tried; what it does, the plan says"
                .formatted(String.join(", ", foreign)));
      } else if (!isOffline() && Conditions.exclude(changeSet, database)) {
        problem(Kind.LEFT_OUT, "not tried, as its precondition does not hold here");
      } else {
        database.setObjectQuotingStrategy(changeSet.getObjectQuotingStrategy());
        changeSet.getChanges().forEach(this::take);
      }
    } finally {
      if (!isOffline()) {
        database.rollback(); // What it has looked at is locked until then.
      }
    }
    String name = "%s by %s".formatted(changeSet.getId(), changeSet.getAuthor());
    return new Script(path, name, pieces, directives, problems);
  }

  private List<String> foreign() {
    if (!place.foreign().isEmpty()) {
      return place.foreign();
    }
    return changeSet.getChanges().stream()
        .filter(it -> it.getClass().getName().startsWith(OWN))
        .map(ChangeSetScript::name)
        .toList();
  }

  private static String name(Change change) {
    return change.getSerializedObjectName();
  }

  private void problem(Kind kind, String message) {
    problems.add(new Problem(kind, place.line(), message));
  }

  private void take(Change change) {
    if (change instanceof CustomChangeWrapper custom) {
      problem(
          Kind.NOT_UNDERSTOOD,
          "customChange runs code of its own, %s, which the check does not run"
              .formatted(custom.getClassName()));
    } else if (change instanceof ExecuteShellCommandChange) {
      problem(Kind.NOT_UNDERSTOOD, "executeCommand runs a program, which the check does not run");
    } else if (change instanceof LoadDataChange) {
      problem(Kind.LEFT_OUT, name(change) + " brings rows, and was not run");
    } else if (change instanceof StopChange) {
      problem(Kind.REFUSED, "stop ends every run of Liquibase here");
    } else if (!(change instanceof EmptyChange
        || change instanceof OutputChange
        || change instanceof TagDatabaseChange)) {
      make(change);
    }
  }

  private void make(Change change) {
    try {
      ValidationErrors errors = change.validate(database);
      if (!change.supports(database) || (errors != null && errors.hasErrors())) {
        String why =
            (errors == null || !errors.hasErrors())
                ? "it is not for PostgreSQL"
                : String.join("; ", errors.getErrorMessages());
        problem(Kind.REFUSED, "Liquibase refuses %s: %s".formatted(name(change), why));
      } else if (isOffline() && change.generateStatementsVolatile(database)) {
        problem(
            Kind.NOT_UNDERSTOOD,
            "what %s does depends on the catalog, for which it has to be tried on a server"
                .formatted(name(change)));
      } else {
        for (SqlStatement it : change.generateStatements(database)) {
          statement(change, it);
        }
      }
    } catch (RuntimeException ex) {
      problem(
          Kind.NOT_UNDERSTOOD,
          "Liquibase cannot make SQL of %s: %s".formatted(name(change), ex.getMessage()));
    }
  }

  private void statement(Change change, SqlStatement statement) {
    if (statement instanceof ExecutablePreparedStatement) {
      problem(Kind.LEFT_OUT, name(change) + " brings rows, and was not run");
      return;
    }
    Sql[] made = SqlGeneratorFactory.getInstance().generateSql(statement, database);
    for (Sql it : made == null ? new Sql[0] : made) {
      if (!(it instanceof SingleLineComment)) {
        sql(modified(it.toSql()));
      }
    }
  }

  /** By the changelog's {@code modifySql}. */
  private String modified(String sql) {
    String text = sql;
    for (SqlVisitor it : changeSet.getSqlVisitors()) {
      if (DatabaseList.definitionMatches(it.getApplicableDbms(), database, true)) {
        text = it.modifySql(text, database);
      }
    }
    return text;
  }

  /** Without {@code splitStatements}, one text can have several. */
  private void sql(String text) {
    for (Piece it : Splitter.split(text)) {
      int line = place.lineOf(it.sql());
      pieces.add(new Piece(it.start(), line, 1, it.sql(), it.problem(), it.rows()));
    }
  }

  /**
   * A comment can allow what the check finds. Nothing else is for the migrator: it does not run the
   * change set.
   */
  private Directives directives() {
    String comments = changeSet.getComments() == null ? "" : changeSet.getComments();
    String lines =
        comments
            .lines()
            .map(String::strip)
            .filter(it -> it.startsWith(ChangeSetPlaces.PREFIX))
            .map(it -> "-- " + it)
            .collect(Collectors.joining("\n"));
    boolean contract = Conditions.waitForContract(changeSet);
    boolean together = changeSet.isRunInTransaction();
    try {
      Directives said = Directives.of(path, lines);
      boolean other =
          said.contract()
              || said.longWork()
              || !said.inTransaction()
              || !said.after().isEmpty()
              || !said.contains().isEmpty();
      if (other) {
        problem(
            Kind.UNREADABLE,
            "of a change set, a comment for the migrator can say allow RULE \"reason\" only");
      }
      List<Integer> places = said.allowances().stream().map(it -> place.line()).toList();
      return new Directives(
          together, contract, false, List.of(), said.allowances(), places, List.of());
    } catch (FileProblem ex) {
      problem(Kind.UNREADABLE, ex.problem());
      return new Directives(together, contract, false, List.of(), List.of(), List.of(), List.of());
    }
  }
}
