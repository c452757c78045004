package dev.migrator.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changelog that declares a migration, where nobody here can make it. */
class ChangelogMigrationIT {

  @TempDir private Path folder;

  @Test
  void itIsNotUnderstoodAndTheCheckGoesOn() throws IOException {
    Files.writeString(
        folder.resolve("main.yaml"),
        """
        databaseChangeLog:
          - changeSet:
              id: 1
              author: bert
              changes:
                - migration:
                    ready: BACKFILL
                    renameColumn: {table: orders, from: b, to: d}
          - include: {file: more.xml}
        """);
    Files.writeString(
        folder.resolve("more.xml"),
        """
        <databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
            xmlns:ext="http://www.liquibase.org/xml/ns/dbchangelog-ext"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
            xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
                http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
          <changeSet id="2" author="anna">
            <ext:migration ready="BACKFILL"><ext:renameColumn table="t" from="b" to="c"/></ext:migration>
          </changeSet>
        </databaseChangeLog>
        """);
    CheckReport report =
        SqlCheck.changelog(LiquibaseChangelog.of(folder, "main.yaml")).root(folder).run();
    assertThat(report.findings())
        .extracting(it -> it.file() + ":" + it.line() + " " + it.rule().id())
        .containsExactly("main.yaml:2 not-understood", "more.xml:6 not-understood");
  }
}
