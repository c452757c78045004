package dev.migrator.check;

import dev.migrator.settings.Adopt;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Tries SQL files on a PostgreSQL of its own, and says what each statement would do beside a
 * running application. Where no server can be started, the files are only read, and the report says
 * so.
 *
 * <pre>{@code
 * CheckReport report =
 *     SqlCheck.folder(Path.of("src/main/resources/db/migrator"))
 *         .from("20261101000000_orders") // what comes before it has run in production
 *         .statistics(Path.of("src/test/resources/statistics.json"))
 *         .run();
 * assertThat(report.failures()).as(report.toText()).isEmpty();
 * }</pre>
 */
public final class SqlCheck {

  private final List<Path> folders;

  private final List<Path> files;

  private final Map<String, String> placeholders = new LinkedHashMap<>();

  private final Map<Rule, Level> levels = new EnumMap<>(Rule.class);

  private @Nullable LiquibaseChangelog changelog;

  private Adopt adopt = Adopt.NONE;

  private @Nullable String from;

  private @Nullable TableStatistics statistics;

  private @Nullable DataSource database;

  private @Nullable Integer version;

  private boolean reading;

  private Path root = Path.of("").toAbsolutePath();

  private LocalDate today = LocalDate.now();

  private SqlCheck(List<Path> folders, List<Path> files) {
    this.folders = folders;
    this.files = files;
  }

  /** All files of folders and of those below, in the order in which they run. */
  public static SqlCheck folder(Path... folders) {
    return new SqlCheck(List.of(folders), List.of());
  }

  /** Files of any names, in this order. */
  public static SqlCheck files(Path... files) {
    return new SqlCheck(List.of(), List.of(files));
  }

  /** The change sets of a changelog of Liquibase, in their order. */
  public static SqlCheck changelog(LiquibaseChangelog changelog) {
    SqlCheck check = new SqlCheck(List.of(), List.of());
    check.changelog = changelog;
    return check;
  }

  /**
   * The values of {@code ${…}}, by name.
   *
   * @return this
   */
  public SqlCheck placeholders(Map<String, String> values) {
    placeholders.putAll(values);
    return this;
  }

  /**
   * For which tool some of the files were written.
   *
   * @return this
   */
  public SqlCheck adopt(Adopt tool) {
    this.adopt = tool;
    return this;
  }

  /**
   * The first file that is judged. What comes before it has run in production: it makes the tables
   * that running releases use. Without it every file is judged as if those before it had run.
   *
   * @param id version and name, such as {@code 20261101000000_orders}, or a version alone; of a
   *     change set its id, {@code id::author}, or {@code path::id::author}
   * @return this
   */
  public SqlCheck from(String id) {
    this.from = id;
    return this;
  }

  /**
   * How large the tables of production are; a table that it does not have is one that nobody uses
   * yet.
   *
   * @return this
   */
  public SqlCheck statistics(TableStatistics tables) {
    this.statistics = tables;
    return this;
  }

  /**
   * The same from a file.
   *
   * @return this
   */
  public SqlCheck statistics(Path file) {
    return statistics(TableStatistics.read(file));
  }

  /**
   * An empty database in the place of a server of the check's own. It is changed.
   *
   * @return this
   */
  public SqlCheck on(DataSource emptyDatabase) {
    this.database = emptyDatabase;
    return this;
  }

  /**
   * The major version that production has.
   *
   * @return this
   */
  public SqlCheck version(int major) {
    this.version = major;
    return this;
  }

  /**
   * Only reads the files, which takes no server and finds less.
   *
   * @return this
   */
  public SqlCheck reading() {
    this.reading = true;
    return this;
  }

  /**
   * How bad findings of a rule are, whatever the check thinks of them.
   *
   * @return this
   */
  public SqlCheck level(Rule rule, Level level) {
    levels.put(rule, level);
    return this;
  }

  /**
   * The folder that the paths of the report are relative to; the current one by default.
   *
   * @return this
   */
  public SqlCheck root(Path folder) {
    this.root = folder.toAbsolutePath().normalize();
    return this;
  }

  SqlCheck today(LocalDate date) {
    this.today = date;
    return this;
  }

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if there are no such files, a changelog cannot be read, or the
   *     database is not empty
   */
  public CheckReport run() {
    List<String> notes = new ArrayList<>();
    Policy policy = new Policy(levels, today);
    Sizes sizes = new Sizes(statistics);
    boolean lenient = adopt != Adopt.NONE;
    try (TrialSource trials =
            reading
                ? TrialSource.reading(sizes, version, notes)
                : TrialSource.start(database, sizes, version, notes);
        CheckSource source = source(trials)) {
      return new CheckRun(source, lenient, from, trials.trial(), policy, sizes, notes).run();
    }
  }

  private CheckSource source(TrialSource trials) {
    return (changelog == null)
        ? new FileSource(folders, files, adopt, root).source(placeholders)
        : ChangeSets.of(changelog, from, trials, root);
  }
}
