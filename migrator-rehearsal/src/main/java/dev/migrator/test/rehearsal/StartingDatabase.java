package dev.migrator.test.rehearsal;

import dev.migrator.Migrator;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.CatalogImage;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database as the migration finds it: with the schema, with all migrations before it, and with
 * the rows. Each run gets a copy of its own.
 *
 * @param setup what is rehearsed, with what the database has in it
 * @param database the template of the copies, to which nobody is connected
 * @param before the id of the migration before the one rehearsed; {@code null} if it is the first
 * @param image what its catalog says
 * @param version what the server calls its version
 * @param majorVersion its major version
 * @param warnings what makes it less than production
 */
record StartingDatabase(
    Setup setup,
    TestDatabase database,
    @Nullable String before,
    CatalogImage image,
    String version,
    int majorVersion,
    List<String> warnings) {

  static StartingDatabase make(Setup asked, String id, WantedRows rows) {
    TestServer server = asked.server().get();
    TestDatabase original = asked.original();
    if (original != null && !original.server().equals(server)) {
      throw new RehearsalException(
          "a database can be copied on its own server only: it is on %s, the rehearsal on %s. Give its schema as a script instead, or rehearse on(…) its server"
              .formatted(original.server(), server));
    }
    TestDatabase database = (original == null) ? server.newDatabase() : copyOf(original);
    try {
      DataSource dataSource = Sessions.of(database);
      List<String> warnings = new ArrayList<>();
      Setup setup = asked;
      Integer production = asked.production();
      if (asked.live() != null) {
        CatalogSchema.Source source = CatalogSchema.read(asked.live());
        LiveHistory history = LiveHistory.read(asked, asked.live());
        warnings.addAll(history.warnings());
        for (String finished : history.finished()) {
          if (finished.startsWith(id + " ")) {
            throw reachedAlready(id, finished.substring(id.length() + 1));
          }
        }
        setup = asked.after(history);
        warnings.addAll(CatalogSchema.make(source, dataSource));
        production = (production == null) ? Integer.valueOf(source.majorVersion()) : production;
      }
      for (Consumer<DataSource> schema : setup.schema()) {
        schema.accept(dataSource);
      }
      String before = before(setup, dataSource, id);
      if (before != null) {
        setup.progress().accept("the migrations before " + id);
        MigrationPlan left = setup.engine(dataSource, "before").upTo(before).build().migrate();
        if (left.outcome() != MigrationPlan.Outcome.REACHED) {
          throw new RehearsalException(
              "the migrations before %s do not get through: %s%n%s%n%s"
                  .formatted(id, left.summary(), left.toText(), String.join("\n", warnings)));
        }
      }
      Statistics statistics = new Statistics(setup.statistics());
      new RowMaker(setup.progress(), statistics).make(dataSource, rows);
      warnings.addAll(statistics.warnings());
      try (Connection connection = dataSource.getConnection()) {
        warnings.addAll(version(production, connection.getMetaData().getDatabaseMajorVersion()));
        return new StartingDatabase(
            setup,
            database,
            before,
            CatalogImage.of(dataSource),
            connection.getMetaData().getDatabaseProductVersion(),
            connection.getMetaData().getDatabaseMajorVersion(),
            List.copyOf(warnings));
      }
    } catch (SQLException ex) {
      database.drop();
      throw new RehearsalException("the database cannot be made: " + ex.getMessage(), ex);
    } catch (RuntimeException ex) {
      database.drop();
      throw ex;
    }
  }

  private static RehearsalException reachedAlready(String id, String phase) {
    return new RehearsalException(
        "%s has reached %s already in the database that the rehearsal begins with"
            .formatted(id, phase));
  }

  private static List<String> version(@Nullable Integer production, int here) {
    return (production == null || production == here)
        ? List.of()
        : List.of(
            "production has PostgreSQL %d, and this was rehearsed on %d: locks and what is written anew may differ"
                .formatted(production, here));
  }

  private static TestDatabase copyOf(TestDatabase original) {
    try {
      return original.server().newDatabase(original);
    } catch (IllegalStateException ex) {
      throw new RehearsalException(
          "the database %s cannot be copied: %s%s. End the sessions that use it, or take its schema by schemaOf(…)"
              .formatted(
                  original.name(),
                  (ex.getCause() == null) ? ex.getMessage() : ex.getCause().getMessage(),
                  connected(original)),
          ex);
    }
  }

  /** Who uses it, as far as that can be said. */
  private static String connected(TestDatabase original) {
    try (Connection connection = original.server().dataSource("postgres").getConnection()) {
      List<String> sessions =
          Sql.list(
              connection,
              "SELECT pg_catalog.format('%s %s (%s)', pid, usename, application_name) FROM pg_catalog.pg_stat_activity WHERE datname = ? ORDER BY pid LIMIT 5",
              rs -> rs.getString(1),
              original.name());
      return sessions.isEmpty() ? "" : "; connected are " + String.join(", ", sessions);
    } catch (SQLException ex) {
      return "";
    }
  }

  /** What is declared right before it in the order of the history. */
  private static @Nullable String before(Setup setup, DataSource dataSource, String id) {
    Migrator all = setup.engine(dataSource, "before").build();
    List<MigrationStatus> migrations = all.status().migrations();
    for (int i = 0; i < migrations.size(); i++) {
      MigrationStatus it = migrations.get(i);
      if (it.id().equals(id) && it.declares() != null) {
        if (it.phase() != null) {
          throw reachedAlready(id, it.phase().toString());
        }
        return (i == 0) ? null : migrations.get(i - 1).id();
      }
    }
    throw new RehearsalException(
        "no migration \"%s\" is declared; there are %s"
            .formatted(id, migrations.stream().map(MigrationStatus::id).toList()));
  }

  TestDatabase copy() {
    return database.server().newDatabase(database);
  }
}
