package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.journal.Installation;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Layout;
import dev.migrator.internal.journal.MeasureStore;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Estimator;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Rates;
import dev.migrator.internal.plan.StepOutline;
import dev.migrator.internal.sql.Database;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.plan.PlannedMigration;
import dev.migrator.settings.MigratorSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Works out what would run, by the same decisions, the same look at the catalog and the same steps
 * by which it runs. Every transaction of it is rolled back.
 */
final class PlanReader {

  /** How often it is read at most while others go on with what cannot be planned. */
  private static final int READINGS = 5;

  private final Database database;

  private final Journal journal;

  private final Declarations declarations;

  private final PlanFleet fleets;

  private final RestingState resting;

  private final MigratorSettings settings;

  private final Layout layout;

  PlanReader(
      Database database,
      Journal journal,
      Declarations declarations,
      PlanFleet fleets,
      RestingState resting,
      MigratorSettings settings,
      Layout layout) {
    this.database = database;
    this.journal = journal;
    this.declarations = declarations;
    this.fleets = fleets;
    this.resting = resting;
    this.settings = settings;
    this.layout = layout;
  }

  MigrationPlan read() {
    PlanReading reading =
        settled(it -> declarations.order(it.snapshot()).forEach(id -> it.plan(id)));
    Snapshot snapshot = reading.snapshot();
    List<PlannedMigration> migrations =
        reading.planned().stream()
            .filter(it -> declarations.contains(it.id()) || !it.phases().isEmpty())
            .toList();
    return new MigrationPlan(
        migrations, snapshot.now(), fingerprint(migrations, snapshot, reading.catalog()));
  }

  /** Of one migration, and of those that have to go before it. */
  Optional<PlannedMigration> read(String id) {
    PlanReading reading =
        settled(
            it -> {
              if (declarations.contains(id) || it.snapshot().get(id) != null) {
                declarations
                    .precedence()
                    .before(id, it.snapshot())
                    .forEach(each -> it.plan(each.id()));
                it.plan(id);
              }
            });
    return reading.planned().stream().filter(it -> it.id().equals(id)).findFirst();
  }

  /** What an instance has made since the journal was read looks like a fault of the plan. */
  private PlanReading settled(Consumer<PlanReading> plan) {
    for (int readings = 1; ; readings++) {
      PlanReading reading = begin();
      plan.accept(reading);
      if (readings == READINGS || !reading.isOvertaken(journal::all)) {
        return reading;
      }
    }
  }

  private PlanReading begin() {
    boolean installed = Installation.isThere(database, settings.safety(), layout);
    StepForecast.Looks looks =
        new StepForecast.Looks() {
          @Override
          public <T> T rolledBack(Supplier<T> look) {
            return PlanReader.this.rolledBack(installed, look);
          }
        };
    String session = sessionName();
    Snapshot snapshot = looks.rolledBack(() -> snapshot(session));
    Rates rates = looks.rolledBack(new MeasureStore(database)::rates);
    StepOutline outline = new StepOutline(new Estimator(rates));
    return new PlanReading(
        declarations,
        settings.contract(),
        snapshot,
        new StepForecast(database, journal, looks, outline),
        resting);
  }

  private String sessionName() {
    return database.read(
        () ->
            database
                .query(
                    "SELECT pg_catalog.current_setting('application_name')",
                    (rs, row) -> rs.getString(1))
                .get(0));
  }

  private Snapshot snapshot(String session) {
    Snapshot snapshot = journal.all();
    List<Declaration> contracting =
        declarations.all().stream()
            .filter(it -> it.declares() == Phase.CONTRACT)
            .filter(it -> declarations.recorded(it.id(), snapshot).next() != null)
            .toList();
    Fleet fleet = fleets.read(settings.contract().soak(), contracting, session);
    return new Snapshot(snapshot.records(), now(), fleet);
  }

  private Instant now() {
    return database
        .query("SELECT pg_catalog.clock_timestamp()", (rs, row) -> rs.getTimestamp(1).toInstant())
        .get(0);
  }

  private String fingerprint(List<PlannedMigration> migrations, Snapshot snapshot, String catalog) {
    List<PlannedMigration> unfinished =
        migrations.stream().filter(it -> !it.phases().isEmpty() || it.problem() != null).toList();
    List<String> releases =
        fleets.releases(snapshot.fleet(), unfinished.stream().map(PlannedMigration::id).toList());
    List<String> facts = new ArrayList<>();
    unfinished.forEach(
        it -> facts.addAll(PlanFacts.of(it, declarations.recorded(it.id(), snapshot))));
    facts.addAll(releases);
    facts.add(catalog);
    return PlanFacts.digest(facts);
  }

  /** Without a journal, or with that of the layout before, there is one for the transaction. */
  private <T> T rolledBack(boolean installed, Supplier<T> work) {
    return database.andRollBack(
        () -> {
          database.limits(settings.lock().budget(), Database.UNLIMITED);
          if (!installed) {
            Installation.tryTables(database, layout);
          }
          return work.get();
        });
  }
}
