package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.CheckedDown;
import dev.migrator.test.CheckedStatement;
import dev.migrator.test.DownCheck;
import dev.migrator.test.MigratorCheck;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the check of SQL files. */
class CheckExampleIT {

  @TempDir private Path folder;

  @Test
  void filesAreChecked() throws IOException {
    Path schema = folder.resolve("20260101_shop.sql");
    Path change = folder.resolve("20260102_notes.sql");
    Files.writeString(schema, "CREATE TABLE orders (id int PRIMARY KEY)");
    Files.writeString(change, "ALTER TABLE orders ADD note text");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      List<CheckedStatement> checked = MigratorCheck.on(database).before(schema).check(change);
      assertThat(checked).flatExtracting(CheckedStatement::findings).isEmpty();
    }
  }

  @Test
  void downsAreChecked() throws IOException {
    Files.writeString(folder.resolve("20260101_shop.sql"), "CREATE TABLE orders (id int)");
    Files.writeString(folder.resolve("20260101_shop.down.sql"), "DROP TABLE orders");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(DownCheck.on(database).folder(folder)).allMatch(CheckedDown::isClean);
    }
  }
}
