package dev.migrator.test.rehearsal;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.check.TableStatistics;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What rehearsals have in common.
 *
 * @param declared the migrations, by where they are declared
 * @param locations the folders of SQL files
 * @param live a database whose schema comes first; {@code null} for none
 * @param schema what makes the schema that the first of them needs
 * @param original a database to begin with a copy of; {@code null} for an empty one
 * @param server where it takes place
 * @param statistics what is known of production's tables; {@code null} for nothing
 * @param production the major version of production's server; {@code null} if nobody said
 * @param settings how the engine behaves
 * @param progress told how far it is
 * @param reports the folder for the reports; {@code null} for none
 */
record Setup(
    Map<String, Migration> declared,
    List<String> locations,
    @Nullable DataSource live,
    List<Consumer<DataSource>> schema,
    @Nullable TestDatabase original,
    Supplier<TestServer> server,
    @Nullable TableStatistics statistics,
    @Nullable Integer production,
    MigratorSettings settings,
    Consumer<String> progress,
    @Nullable Path reports) {

  /** What sessions of the rehearsal are called that are none of the engine's. */
  static final String SESSIONS = "migrator-rehearsal";

  /** With what a live database has run noted as run. */
  Setup after(LiveHistory history) {
    Path folder = history.baseline();
    if (folder == null) {
      return this;
    }
    List<String> more = new ArrayList<>(locations);
    more.add("file:" + folder);
    return new Setup(
        declared,
        more,
        live,
        schema,
        original,
        server,
        statistics,
        production,
        settings,
        progress,
        reports);
  }

  /** An engine as in production, but for the time that somebody has to wait for a CONTRACT. */
  MigratorBuilder engine(DataSource dataSource, String instance) {
    return declaring(withSettings(dataSource, instance, settings()));
  }

  /** One that takes over fast from one that was killed. */
  MigratorBuilder hastyEngine(DataSource dataSource, String instance) {
    return declaring(
        withSettings(
            dataSource,
            instance,
            settings().toBuilder()
                .leaseTime(Duration.ofSeconds(1))
                .fleet(it -> it.leaseTime(Duration.ofSeconds(1)).heartbeat(null))
                .build()));
  }

  /** One of a release from before the first migration. */
  MigratorBuilder emptyEngine(DataSource dataSource, String instance) {
    return withSettings(dataSource, instance, settings());
  }

  @Override
  public MigratorSettings settings() {
    return settings.toBuilder()
        .contract(it -> it.mode(ContractMode.AUTO).soak(Duration.ZERO).retention(Duration.ZERO))
        // Production has other instances and more rows.
        .safety(it -> it.oneTransactionRows(0))
        .build();
  }

  private static MigratorBuilder withSettings(
      DataSource dataSource, String instance, MigratorSettings settings) {
    return Migrator.builder(dataSource)
        .settings(settings)
        .instance(instance)
        .application("rehearsal", "rehearsal")
        .sessionNames(() -> List.of(SESSIONS));
  }

  private MigratorBuilder declaring(MigratorBuilder builder) {
    declared.forEach(builder::declare);
    return builder.sqlFiles(locations.toArray(String[]::new));
  }
}
