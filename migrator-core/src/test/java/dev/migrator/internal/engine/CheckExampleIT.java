package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.CheckedDown;
import dev.migrator.test.DownCheck;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the check of the ways back of SQL files. */
class CheckExampleIT {

  @TempDir private Path folder;

  @Test
  void downsAreChecked() throws IOException {
    Files.writeString(folder.resolve("20260101_shop.sql"), "CREATE TABLE orders (id int)");
    Files.writeString(folder.resolve("20260101_shop.down.sql"), "DROP TABLE orders");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(DownCheck.on(database).folder(folder)).allMatch(CheckedDown::isClean);
    }
  }
}
