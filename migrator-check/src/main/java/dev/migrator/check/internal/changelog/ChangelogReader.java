package dev.migrator.check.internal.changelog;

import dev.migrator.check.internal.text.Script;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Scope;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilter;
import liquibase.changelog.filter.ContextChangeSetFilter;
import liquibase.changelog.filter.DbmsChangeSetFilter;
import liquibase.changelog.filter.IgnoreChangeSetFilter;
import liquibase.changelog.filter.LabelChangeSetFilter;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.DatabaseException;
import liquibase.logging.core.NoOpLogService;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.resource.CompositeResourceAccessor;
import liquibase.resource.DirectoryResourceAccessor;
import liquibase.resource.ResourceAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Has Liquibase read a changelog, and make the SQL of its change sets: on the server that tries
 * them, so that what depends on the catalog is right, or offline. It writes nothing there, asks
 * nobody else, and reports to nobody.
 */
public final class ChangelogReader implements AutoCloseable {

  private static final String TIMEOUTS = "SET statement_timeout = '20s'; SET lock_timeout = '20s'";

  private final List<Path> folders;

  private final ResourceAccessor resources;

  private final Database database;

  private ChangelogReader(List<Path> folders, ResourceAccessor resources, Database database) {
    this.folders = folders;
    this.resources = resources;
    this.database = database;
  }

  /** A change set that is read when those before it have been tried. */
  public record Entry(String path, String id, String author, Supplier<Script> script) {}

  /**
   * Connects.
   *
   * @param folders where changelogs are looked for
   * @param server where change sets are tried; {@code null} if they are only read
   * @param version the major version of the server
   * @throws IllegalArgumentException if a folder is not there
   */
  public static ChangelogReader open(List<Path> folders, @Nullable DataSource server, int version) {
    return quietly(
        () -> {
          List<ResourceAccessor> accessors = new ArrayList<>();
          for (Path it : folders) {
            accessors.add(new DirectoryResourceAccessor(it));
          }
          ResourceAccessor resources = new CompositeResourceAccessor(accessors);
          Database database =
              (server == null) ? offline(version, resources) : connected(server.getConnection());
          return new ChangelogReader(folders, resources, database);
        });
  }

  private static Database offline(int version, ResourceAccessor resources) throws Exception {
    String url = "offline:postgresql?version=%d.0&outputLiquibaseSql=none".formatted(version);
    return DatabaseFactory.getInstance().openDatabase(url, null, null, null, resources);
  }

  private static Database connected(Connection connection) throws SQLException, DatabaseException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TIMEOUTS);
    }
    return DatabaseFactory.getInstance()
        .findCorrectDatabaseImplementation(new JdbcConnection(connection));
  }

  /**
   * The change sets of a run, in their order.
   *
   * @param file the changelog, from one of the folders on
   * @param named how the report calls a file
   * @throws IllegalArgumentException if Liquibase cannot read it
   */
  public List<Entry> read(
      String file,
      String contexts,
      String labels,
      Map<String, String> parameters,
      UnaryOperator<String> named) {
    Contexts ofRun = new Contexts(contexts);
    LabelExpression expression = new LabelExpression(labels);
    ChangeLogTexts texts = new ChangeLogTexts(folders);
    List<ChangeSetFilter> filters =
        List.of(
            new DbmsChangeSetFilter(database),
            new IgnoreChangeSetFilter(),
            new ContextChangeSetFilter(ofRun),
            new LabelChangeSetFilter(expression));
    return quietly(
        () -> {
          ChangeLogParameters values = new ChangeLogParameters(database);
          values.setContexts(ofRun);
          values.setLabels(expression);
          parameters.forEach(values::set);
          List<Entry> entries = new ArrayList<>();
          try (UnknownChanges ignored = UnknownChanges.accepted(texts)) {
            DatabaseChangeLog log =
                ChangeLogParserFactory.getInstance()
                    .getParser(file, resources)
                    .parse(file, values, resources);
            for (ChangeSet it : log.getChangeSets()) {
              if (filters.stream().allMatch(filter -> filter.accepts(it).isAccepted())) {
                entries.add(entry(it, texts, named));
              }
            }
          }
          return entries;
        });
  }

  private Entry entry(ChangeSet it, ChangeLogTexts texts, UnaryOperator<String> named) {
    String path = ChangeLogTexts.plain(it.getChangeLog().getPhysicalFilePath());
    Path file = texts.find(path);
    String shown = (file == null) ? path : named.apply(file.toString());
    ChangeSetScript script = new ChangeSetScript(it, database, shown, texts.place(path, it));
    return new Entry(path, it.getId(), it.getAuthor(), () -> quietly(script::read));
  }

  /** Nothing of it goes to the log of the build, or to those who make Liquibase. */
  private static <T> T quietly(Scope.ScopedRunnerWithReturn<T> work) {
    Map<String, Object> scope =
        Map.of(
            Scope.Attr.logService.name(),
            new NoOpLogService(),
            "liquibase.analytics.enabled",
            false,
            "liquibase.showBanner",
            false);
    try {
      return Scope.child(scope, work);
    } catch (RuntimeException ex) {
      throw ex;
    } catch (Exception ex) {
      throw new IllegalArgumentException("Liquibase cannot read the changelog: " + message(ex), ex);
    }
  }

  /** The first that says something: the others repeat it. */
  private static String message(Throwable ex) {
    Throwable cause = ex;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return ex.getMessage() == null ? String.valueOf(cause.getMessage()) : ex.getMessage();
  }

  @Override
  public void close() {
    try {
      database.close();
      resources.close();
    } catch (Exception ex) {
      throw new IllegalStateException("Liquibase did not end: " + ex.getMessage(), ex);
    }
  }
}
