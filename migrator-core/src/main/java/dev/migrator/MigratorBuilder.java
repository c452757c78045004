package dev.migrator;

import dev.migrator.internal.Timings;
import dev.migrator.internal.engine.Declarations;
import dev.migrator.internal.engine.DefaultMigrator;
import dev.migrator.internal.engine.SilentFleetListener;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.settings.MigratorSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Migrator}.
 *
 * <pre>{@code
 * Migrator migrator =
 *     Migrator.builder(dataSource)
 *         .declare("usersFullName", migration)
 *         .settings(MigratorSettings.builder().lockBudget(Duration.ofMillis(200)).build())
 *         .build();
 * }</pre>
 */
public final class MigratorBuilder {

  private final DataSource dataSource;

  private final List<Declaration> declarations = new ArrayList<>();

  private MigratorSettings settings = MigratorSettings.defaults();

  private PoolPressure pool = PoolPressure.UNKNOWN;

  private @Nullable String instance;

  private String application = "application";

  private String release = "unknown";

  private boolean mapsLater;

  private FleetListener listener = new SilentFleetListener();

  private Timings timings = Timings.defaults();

  MigratorBuilder(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Adds a migration. They are carried out in the order in which they are added.
   *
   * @param where the name of the bean, or whatever tells a person where the declaration stands
   * @param migration the declaration
   * @return this
   */
  public MigratorBuilder declare(String where, Migration migration) {
    declarations.add(new Declaration(where, migration));
    return this;
  }

  /**
   * Says how the engine behaves.
   *
   * @param settings the settings, {@link MigratorSettings#defaults()} unless given
   * @return this
   */
  public MigratorBuilder settings(MigratorSettings settings) {
    this.settings = settings;
    return this;
  }

  /**
   * Names this instance, for the journal and the endpoint.
   *
   * @param instance a name that no other running instance has; host and process id unless given
   * @return this
   */
  public MigratorBuilder instance(String instance) {
    this.instance = instance;
    return this;
  }

  /**
   * Says what this is an instance of, for the messages that name who holds a contract. Whether two
   * releases are equal is never guessed from it: what they declare counts.
   *
   * @param application the name of the application
   * @param release the code it runs, such as a version or a commit
   * @return this
   */
  public MigratorBuilder application(String application, String release) {
    this.application = application;
    this.release = release;
    return this;
  }

  /**
   * Says that {@link Migrator#mapped} will be called before this instance serves; contracts wait
   * for it.
   *
   * @return this
   */
  public MigratorBuilder mapsLater() {
    this.mapsLater = true;
    return this;
  }

  /**
   * Has somebody told whether this instance may serve.
   *
   * @param listener is told
   * @return this
   */
  public MigratorBuilder listener(FleetListener listener) {
    this.listener = listener;
    return this;
  }

  /**
   * Names the application's pool, so that a backfill gives way when connections run short.
   *
   * @param pool asked about once in a range; {@link PoolPressure#UNKNOWN} unless given
   * @return this
   */
  public MigratorBuilder poolPressure(PoolPressure pool) {
    this.pool = pool;
    return this;
  }

  /** For tests: other times than everybody has. */
  MigratorBuilder timings(Timings timings) {
    this.timings = timings;
    return this;
  }

  /**
   * Makes the migrator. Does not touch the database.
   *
   * @return the migrator
   * @throws dev.migrator.error.InvalidMigrationException if two migrations have one id
   */
  public Migrator build() {
    Declarations all = new Declarations(declarations);
    InstanceInfo self =
        new InstanceInfo(
            UUID.randomUUID(),
            (instance == null) ? hostAndPid() : instance,
            instance != null,
            application,
            release,
            all.declared(),
            mapsLater);
    return new DefaultMigrator(dataSource, all, settings, pool, self, listener, timings);
  }

  private static String hostAndPid() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException ex) {
      host = "unknown-host";
    }
    return host + "/" + ProcessHandle.current().pid();
  }
}
