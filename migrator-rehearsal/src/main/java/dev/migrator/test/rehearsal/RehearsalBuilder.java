package dev.migrator.test.rehearsal;

import dev.migrator.Migration;
import dev.migrator.check.TableStatistics;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.test.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what is rehearsed, and where.
 *
 * <pre>{@code
 * try (Rehearsal rehearsal =
 *     Rehearsal.builder()
 *         .schema("classpath:schema.sql")
 *         .sqlFiles("classpath:db/migrator/")
 *         .declare("usersFullName", migration)
 *         .build()) {
 *   RehearsalReport report = rehearsal.of("2026-11-22-users-full-name").withRows("users", 100_000).run();
 * }
 * }</pre>
 */
public final class RehearsalBuilder {

  private static final Logger logger = LoggerFactory.getLogger(Rehearsal.class);

  private final Map<String, Migration> declared = new LinkedHashMap<>();

  private final List<String> locations = new ArrayList<>();

  private final List<Consumer<DataSource>> schema = new ArrayList<>();

  private @Nullable DataSource live;

  private @Nullable TestDatabase original;

  private @Nullable Supplier<TestServer> server;

  private @Nullable TableStatistics statistics;

  private @Nullable Integer production;

  private MigratorSettings settings = MigratorSettings.defaults();

  private Consumer<String> progress = it -> logger.info("{}", it);

  private @Nullable Path reports;

  RehearsalBuilder() {}

  /**
   * Adds a migration.
   *
   * @param where the name of the bean, or of whatever else declares it
   * @param migration the declaration
   * @return this
   */
  public RehearsalBuilder declare(String where, Migration migration) {
    declared.put(where, migration);
    return this;
  }

  /**
   * Adds the migrations that classes declare by methods without parameters, as configurations do by
   * their beans.
   *
   * @param configurations classes with a constructor without parameters, of any visibility
   * @return this
   */
  public RehearsalBuilder declareAllOf(Class<?>... configurations) {
    for (Class<?> configuration : configurations) {
      declared.putAll(DeclaredMethods.of(configuration));
    }
    return this;
  }

  /**
   * Adds the SQL files of folders.
   *
   * @param folders {@code classpath:…} or {@code file:…}
   * @return this
   */
  public RehearsalBuilder sqlFiles(String... folders) {
    locations.addAll(List.of(folders));
    return this;
  }

  /**
   * Adds scripts that make the schema which the first migration needs, such as a dump without rows.
   *
   * @param scripts {@code classpath:…} or {@code file:…}, run in this order
   * @return this
   */
  public RehearsalBuilder schema(String... scripts) {
    for (String script : scripts) {
      schema.add(it -> Scripts.run(it, Scripts.read(script), script));
    }
    return this;
  }

  /**
   * Adds a script as {@link #schema} does.
   *
   * @param script SQL
   * @return this
   */
  public RehearsalBuilder schemaSql(String script) {
    schema.add(it -> Scripts.run(it, script, "the schema"));
    return this;
  }

  /**
   * Takes the schema that a live database has, from its catalog: a role that may connect is enough,
   * no {@code pg_dump} is needed, and no row is read. Owners, privileges and comments do not come
   * along; what else the copy lacks is a warning of the report. What the live database has finished
   * by its journal is not run again, if the role may read that ({@code USAGE} on the schema {@code
   * migrator}, {@code SELECT} on its table {@code migration}). The version of its server counts as
   * that of production, unless {@link #productionVersion} says another one.
   *
   * @param live of production or staging; read once, when the first rehearsal begins
   * @return this
   */
  public RehearsalBuilder schemaOf(DataSource live) {
    this.live = live;
    return this;
  }

  /**
   * Adds whatever else makes the schema, such as a call of Liquibase or Flyway.
   *
   * @param work called once, with the database
   * @return this
   */
  public RehearsalBuilder schemaBy(Consumer<DataSource> work) {
    schema.add(work);
    return this;
  }

  /**
   * Begins with a copy of a database, with its schema and its rows. Nobody may be connected to it
   * meanwhile.
   *
   * @param database one of a test server, on which the rehearsal then takes place
   * @return this
   */
  public RehearsalBuilder copyOf(TestDatabase database) {
    this.original = database;
    return this;
  }

  /**
   * Chooses the server.
   *
   * @param server that of {@link TestPostgres} by default
   * @return this
   */
  public RehearsalBuilder on(TestServer server) {
    this.server = () -> server;
    return this;
  }

  /**
   * Says which version production has. A rehearsal on another one carries a warning, since locks
   * and what is written anew differ between versions.
   *
   * @param majorVersion such as 17
   * @return this
   */
  public RehearsalBuilder productionVersion(int majorVersion) {
    this.production = majorVersion;
    return this;
  }

  /**
   * Has the rows of empty tables made with the shape of production's: the share of NULL, how many
   * different values there are, and how often the most common ones come, also of the rows that
   * foreign keys refer to. Values themselves are not copied. The version of that server counts as
   * that of production, unless {@link #productionVersion} says another one.
   *
   * @param statistics of production or staging, such as those that the command {@code stats} has
   *     written, by {@link TableStatistics#read}
   * @return this
   */
  public RehearsalBuilder statistics(TableStatistics statistics) {
    this.statistics = statistics;
    return this;
  }

  /**
   * Sets how the engine behaves, as in production. The mode of the contract, its soak, its
   * retention and the rows of one transaction do not count: a rehearsal waits for nobody, and shows
   * each phase.
   *
   * @param settings {@link MigratorSettings#defaults()} by default
   * @return this
   */
  public RehearsalBuilder settings(MigratorSettings settings) {
    this.settings = settings;
    return this;
  }

  /**
   * Sets who is told how far the rehearsal is.
   *
   * @param listener told a line about once a second; the log by default
   * @return this
   */
  public RehearsalBuilder progress(Consumer<String> listener) {
    this.progress = listener;
    return this;
  }

  /**
   * Has a report of each run written, as {@code <id>.html}.
   *
   * @param folder made if it is not there
   * @return this
   */
  public RehearsalBuilder reports(Path folder) {
    this.reports = folder;
    return this;
  }

  /**
   * Builds it. Starts no server yet.
   *
   * @return to be closed, which drops its databases
   */
  public Rehearsal build() {
    TestDatabase copied = original;
    Supplier<TestServer> where = server;
    if (where == null) {
      where = (copied == null) ? TestPostgres::server : copied::server;
    }
    return new Rehearsal(
        new Setup(
            new LinkedHashMap<>(declared),
            List.copyOf(locations),
            live,
            List.copyOf(schema),
            copied,
            where,
            statistics,
            (production == null && statistics != null)
                ? majorVersion(statistics.server())
                : production,
            settings,
            progress,
            reports));
  }

  /** Such as 18 of {@code 18.6}; {@code null} of something else. */
  private static @Nullable Integer majorVersion(String server) {
    String digits = server.replaceFirst("\\D.*", "");
    return digits.isEmpty() ? null : Integer.valueOf(digits);
  }
}
