package dev.migrator.run;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorSettings;
import dev.migrator.plan.Declaration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Migrator}.
 *
 * <pre>{@code
 * Migrator migrator =
 *     Migrators.on(dataSource)
 *         .declare("usersFullName", migration)
 *         .settings(MigratorSettings.defaults().withLockBudget(Duration.ofMillis(200)))
 *         .build();
 * }</pre>
 */
public final class Migrators {

  private final DataSource dataSource;

  private final List<Declaration> declarations = new ArrayList<>();

  private MigratorSettings settings = MigratorSettings.defaults();

  private @Nullable String instance;

  private Migrators(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Begins with the database.
   *
   * @param dataSource connects as a role that owns the tables to be changed
   * @return what else can be said
   */
  public static Migrators on(DataSource dataSource) {
    return new Migrators(dataSource);
  }

  /**
   * Adds a migration. They are carried out in the order in which they are added.
   *
   * @param where the name of the bean, or whatever tells a person where the declaration stands
   * @param migration the declaration
   * @return this
   */
  public Migrators declare(String where, Migration migration) {
    declarations.add(new Declaration(where, migration));
    return this;
  }

  /**
   * Says how the engine behaves.
   *
   * @param settings the settings, {@link MigratorSettings#defaults()} unless given
   * @return this
   */
  public Migrators settings(MigratorSettings settings) {
    this.settings = settings;
    return this;
  }

  /**
   * Names this instance, for the journal and the endpoint.
   *
   * @param instance a name that no other running instance has; host and process id unless given
   * @return this
   */
  public Migrators instance(String instance) {
    this.instance = instance;
    return this;
  }

  /**
   * Makes the migrator. Does not touch the database.
   *
   * @return the migrator
   * @throws dev.migrator.InvalidMigrationException if two migrations have one id
   */
  public Migrator build() {
    return new DefaultMigrator(
        dataSource, declarations, settings, (instance == null) ? hostAndPid() : instance);
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
