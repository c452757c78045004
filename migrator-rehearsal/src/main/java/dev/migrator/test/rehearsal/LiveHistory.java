package dev.migrator.test.rehearsal;

import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a live database has run by its journal, which its schema contains.
 *
 * @param finished the ids of what is finished, each with its last phase
 * @param warnings what cannot be told, and what is half way
 */
record LiveHistory(List<String> finished, List<String> warnings) {

  private static final String JOURNAL =
      "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = 'migrator'";

  private static final String REACHED =
      "SELECT id, phase FROM migrator.migration WHERE phase IS NOT NULL ORDER BY since, id";

  /**
   * Reads only. By the table itself, as the library trusts the journal of its owner only.
   *
   * @param setup with what is declared, and the database
   */
  static LiveHistory read(Setup setup, DataSource live) {
    List<String> finished = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Map<String, Phase> reached = new HashMap<>();
    try (Connection connection = live.getConnection()) {
      if (!Sql.list(connection, JOURNAL, rs -> rs.getString(1)).isEmpty()) {
        Sql.list(
            connection,
            REACHED,
            rs -> reached.put(rs.getString("id"), Phase.valueOf(rs.getString("phase"))));
      }
    } catch (SQLException ex) {
      warnings.add(
          "the journal of the live database cannot be read: %s. All that is declared begins anew; GRANT USAGE ON SCHEMA migrator, and SELECT ON migrator.migration"
              .formatted(ex.getMessage()));
    }
    if (reached.isEmpty()) {
      return new LiveHistory(finished, warnings);
    }
    for (MigrationStatus it : setup.engine(live, "live").build().status().migrations()) {
      Phase phase = reached.get(it.id());
      Phase last = it.declares();
      // To run a repeatable file again changes nothing.
      if (phase == null || last == null || it.id().startsWith("R__")) {
        continue;
      }
      if (phase.includes(last)) {
        finished.add(it.id() + " " + phase);
      } else {
        warnings.add(
            "%s is half way on the live database, at %s: it begins anew on a schema that has a part of it"
                .formatted(it.id(), phase));
      }
    }
    return new LiveHistory(finished, warnings);
  }

  /** A folder with a baseline, which notes that they have run; {@code null} if nothing has. */
  @Nullable Path baseline() {
    if (finished.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    finished.forEach(it -> text.append("-- migrator: contains ").append(it).append('\n'));
    try {
      Path folder = Files.createTempDirectory("migrator-rehearsal");
      Path file = folder.resolve("00000000000000_schema_of_live.sql");
      Files.writeString(file, text + "\nSELECT 'made from the catalog';\n");
      folder.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return folder;
    } catch (IOException ex) {
      throw new UncheckedIOException("a folder for temporary files cannot be written", ex);
    }
  }
}
