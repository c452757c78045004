package dev.migrator.run;

import dev.migrator.MigrationStatus;
import dev.migrator.Migrator;
import dev.migrator.MigratorSettings;
import dev.migrator.MigratorStatus;
import dev.migrator.Phase;
import dev.migrator.Word;
import dev.migrator.journal.Installation;
import dev.migrator.journal.Journal;
import dev.migrator.journal.Lease;
import dev.migrator.plan.Declaration;
import dev.migrator.postgres.Database;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Puts the parts together. */
final class DefaultMigrator implements Migrator {

  private final Database database;

  private final Declarations declarations;

  private final StopSignal signal = new StopSignal();

  private final Startup startup;

  private final Worker worker;

  private final StatusReader statuses;

  private final Words words;

  private @Nullable String serverVersion;

  DefaultMigrator(
      DataSource dataSource,
      List<Declaration> declared,
      MigratorSettings settings,
      String instance) {
    this.database = new Database(dataSource);
    this.declarations = new Declarations(declared);
    Journal journal = new Journal(database, instance);
    Lease lease = new Lease(database, instance, settings.leaseTime());
    Leadership leadership = new Leadership(lease, settings.leaseTime());
    Rounds rounds = new Rounds(database, lease, journal, declarations, settings, signal);
    this.startup =
        new Startup(database, journal, declarations, rounds, leadership, settings, signal);
    this.worker = new Worker(database, rounds, declarations, leadership, signal);
    this.statuses = new StatusReader(database, journal, lease, declarations, settings);
    this.words = new Words(database, journal, declarations);
  }

  @Override
  public void prepare() {
    if (declarations.isEmpty()) {
      // Nothing is asked of the database, whatever kind it is.
      return;
    }
    ensureInstalled();
    startup.run();
  }

  @Override
  public void start() {
    if (declarations.isEmpty()) {
      return;
    }
    ensureInstalled();
    worker.start();
  }

  @Override
  public void stop() {
    worker.stop();
  }

  @Override
  public boolean isRunning() {
    return worker.isRunning();
  }

  @Override
  public MigratorStatus status() {
    return findInstalled().map(statuses::all).orElseGet(statuses::beforeTheFirstStart);
  }

  @Override
  public Optional<MigrationStatus> status(String id) {
    return findInstalled().isPresent()
        ? statuses.one(id)
        : statuses.beforeTheFirstStart().migrations().stream()
            .filter(it -> it.id().equals(id))
            .findFirst();
  }

  @Override
  public Optional<MigrationStatus> say(String id, Word word) {
    return say(id, word, null);
  }

  @Override
  public Optional<MigrationStatus> undo(String id, Phase phase) {
    return say(id, Word.UNDO, phase);
  }

  private Optional<MigrationStatus> say(String id, Word word, @Nullable Phase phase) {
    ensureInstalled();
    if (!words.say(id, word, phase)) {
      return Optional.empty();
    }
    signal.wake();
    return statuses.one(id);
  }

  /** A question changes nothing, so it does not make the journal either. */
  private synchronized Optional<String> findInstalled() {
    if (serverVersion == null) {
      serverVersion = Installation.find(database).orElse(null);
    }
    return Optional.ofNullable(serverVersion);
  }

  private synchronized String ensureInstalled() {
    if (serverVersion == null) {
      serverVersion = Installation.ensure(database);
    }
    return serverVersion;
  }
}
