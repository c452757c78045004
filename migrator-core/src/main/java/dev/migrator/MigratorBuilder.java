package dev.migrator;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.Declarations;
import dev.migrator.internal.engine.DefaultMigrator;
import dev.migrator.internal.engine.Setup;
import dev.migrator.internal.engine.SilentFleetListener;
import dev.migrator.internal.file.FileLocations;
import dev.migrator.internal.file.FileMigration;
import dev.migrator.internal.file.SqlFiles;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.History;
import dev.migrator.settings.MigratorSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * Builds a {@link Migrator}. Every setting but the data source has a default.
 *
 * <pre>{@code
 * Migrator migrator =
 *     Migrator.builder(dataSource)
 *         .declare("usersFullName", migration)
 *         .settings(MigratorSettings.builder().lock(it -> it.budget(Duration.ofMillis(200))).build())
 *         .build();
 * }</pre>
 */
public final class MigratorBuilder {

  private final DataSource dataSource;

  private final List<Declaration> declarations = new ArrayList<>();

  private final List<String> locations = new ArrayList<>();

  private MigratorSettings settings = MigratorSettings.defaults();

  private PoolPressure pool = PoolPressure.UNKNOWN;

  private @Nullable String instance;

  private String application = "application";

  private String release = "unknown";

  private boolean mapsLater;

  private FleetListener listener = new SilentFleetListener();

  private @Nullable StatementProtection statements;

  private Supplier<Collection<String>> sessionNames = List::of;

  private Layout layout = Layout.CURRENT;

  private @Nullable String approvedPlan;

  private @Nullable String last;

  private Timings timings = Timings.defaults();

  MigratorBuilder(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Adds the SQL files of folders, which run once each, in one order with the migrations.
   *
   * <pre>{@code
   * Migrator.builder(dataSource).sqlFiles("classpath:db/migrator/").build();
   * }</pre>
   *
   * @param folders where they are, with the folders below: {@code classpath:…} or {@code file:…}
   * @return this
   */
  public MigratorBuilder sqlFiles(String... folders) {
    locations.addAll(List.of(folders));
    return this;
  }

  /**
   * Adds a migration. Migrations run in the order of the dates that their ids begin with, and then,
   * without a date, in the order in which they are added.
   *
   * @param where the name of the bean, or another name that tells a person where the declaration
   *     is; messages show it
   * @param migration the declaration
   * @return this
   */
  public MigratorBuilder declare(String where, Migration migration) {
    declarations.add(Declaration.of(where, migration));
    return this;
  }

  /**
   * Adds a migration that is no bean, but stands in a changelog or another file. The same as {@link
   * #declare}, but for how messages name the place.
   *
   * @param place where a person finds it, such as {@code change set db/changelog.yaml::1::shop}
   * @param migration the declaration
   * @return this
   */
  public MigratorBuilder declareIn(String place, Migration migration) {
    declarations.add(Declaration.in(place, migration));
    return this;
  }

  /**
   * Sets how the engine behaves.
   *
   * @param settings the settings; {@link MigratorSettings#defaults()} by default
   * @return this
   */
  public MigratorBuilder settings(MigratorSettings settings) {
    this.settings = settings;
    return this;
  }

  /**
   * Sets the name of this instance, for the journal, messages and the endpoint.
   *
   * @param instance a name that no other running instance has; host and process id by default
   * @return this
   */
  public MigratorBuilder instance(String instance) {
    this.instance = instance;
    return this;
  }

  /**
   * Sets the names of application and release, for messages such as those that name the instances
   * which hold a CONTRACT. No decision depends on them: what a release declares counts.
   *
   * @param application the name of the application; {@code application} by default
   * @param release the name of the code it runs, such as a version or a commit; {@code unknown} by
   *     default
   * @return this
   */
  public MigratorBuilder application(String application, String release) {
    this.application = application;
    this.release = release;
    return this;
  }

  /**
   * Announces that {@link Migrator#mapped} will be called before this instance serves; every
   * CONTRACT waits for that call.
   *
   * @return this
   */
  public MigratorBuilder mapsLater() {
    this.mapsLater = true;
    return this;
  }

  /**
   * Sets a listener that is notified when this instance must stop or may continue to serve.
   *
   * @param listener the listener; none by default
   * @return this
   */
  public MigratorBuilder listener(FleetListener listener) {
    this.listener = listener;
    return this;
  }

  /**
   * Sets how to measure the application's connection pool, so that a backfill waits when
   * connections run short.
   *
   * @param pool asked about once in a range; {@link PoolPressure#UNKNOWN} by default
   * @return this
   */
  public MigratorBuilder poolPressure(PoolPressure pool) {
    this.pool = pool;
    return this;
  }

  /**
   * Sets what keeps prepared statements from failing while a table gets other columns. Changes of
   * columns then wait until this instance has answered.
   *
   * @param statements what protects the connections of this instance
   * @return this
   */
  public MigratorBuilder statementProtection(StatementProtection statements) {
    this.statements = statements;
    return this;
  }

  /**
   * Sets what the sessions of this instance are called ({@code application_name}), beside those of
   * the migrator's own connections. Others that may use the tables of a migration hold its
   * contract.
   *
   * @param names asked at the registration, and again with {@link Migrator#mapped}
   * @return this
   */
  public MigratorBuilder sessionNames(Supplier<Collection<String>> names) {
    this.sessionNames = names;
    return this;
  }

  /**
   * Allows one plan only: {@link Migrator#prepare()} and {@link Migrator#migrate()} refuse to begin
   * when something has changed since it was looked at.
   *
   * @param fingerprint that of a {@linkplain Migrator#plan() plan}; {@code null}, the default, for
   *     any plan
   * @return this
   */
  public MigratorBuilder approvedPlan(@Nullable String fingerprint) {
    this.approvedPlan = fingerprint;
    return this;
  }

  /**
   * Leaves out whatever comes after one migration in the order of the history: the release that was
   * made when that migration was the newest one.
   *
   * <pre>{@code
   * Migrator.builder(copy).sqlFiles("classpath:db/migrator/").upTo("20261116090000_user_note_created_at").build();
   * }</pre>
   *
   * @param id the id of the last migration that counts; {@code null}, the default, for all
   * @return this
   */
  public MigratorBuilder upTo(@Nullable String id) {
    this.last = id;
    return this;
  }

  /** For tests: the journal of another version of the library. */
  MigratorBuilder layout(Layout layout) {
    this.layout = layout;
    return this;
  }

  /** For tests: other times than everybody has. */
  MigratorBuilder timings(Timings timings) {
    this.timings = timings;
    return this;
  }

  /**
   * Builds the migrator. Does not use the database.
   *
   * @return the migrator
   * @throws InvalidMigrationException if two migrations have the same id, or a SQL file cannot be
   *     run
   * @throws IllegalArgumentException if the last migration that counts is not declared
   */
  public Migrator build() {
    List<Declaration> declared = new ArrayList<>(declarations);
    Map<String, Integer> checksums = new HashMap<>();
    for (FileMigration file : files()) {
      checksums.put(file.id(), file.flywayChecksum());
      MigrationBuilder before = MigrationBuilder.of(file.id(), file.after());
      declared.add(Declaration.in(file.file().path(), new WholeStage(before, file.file())));
    }
    Declarations all = new Declarations(upToLast(declared));
    InstanceInfo self =
        new InstanceInfo(
            UUID.randomUUID(),
            (instance == null) ? hostAndPid() : instance,
            instance != null,
            application,
            release,
            all.declared(),
            all.declaredFiles(),
            mapsLater);
    return new DefaultMigrator(
        new Setup(
            dataSource,
            all,
            settings,
            pool,
            self,
            listener,
            statements,
            sessionNames,
            approvedPlan,
            checksums,
            timings,
            layout));
  }

  private List<FileMigration> files() {
    return locations.isEmpty()
        ? List.of()
        : SqlFiles.parse(
            FileLocations.read(locations, ClassUtils.getDefaultClassLoader()),
            settings.sql().placeholders(),
            settings.sql().adopt());
  }

  private List<Declaration> upToLast(List<Declaration> declared) {
    if (last == null) {
      return declared;
    }
    List<Declaration> sorted = History.sorted(declared);
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i).id().equals(last)) {
        return sorted.subList(0, i + 1);
      }
    }
    throw new IllegalArgumentException(
        "%s: no migration \"%s\" is declared; there are %s"
            .formatted(
                ErrorCode.UNKNOWN_MIGRATION, last, sorted.stream().map(Declaration::id).toList()));
  }

  private static String hostAndPid() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException ex) {
      host = "unknown-host";
    }
    return String.join("/", host, Long.toString(ProcessHandle.current().pid()));
  }
}
