package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.Sync;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * PEERS 9.17: the examples of README and docs/operations/column-change.md, there and back, with old
 * and new writers.
 */
class ExampleIT {

  private final Fixture fixture = Fixture.withoutJournal();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO users VALUES (1, 'Ada Lovelace'), (2, 'Plato')");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void rename() {
    Migration.Backfilled change =
        Migration.define("2026-11-22-users-full-name")
            .table("users")
            .renameColumn("name", "full_name");
    fixture.reach(Phase.SWITCH_READ, change.switchRead());

    fixture.execute(
        "INSERT INTO users (id, name) VALUES (3, 'Old Code')",
        "INSERT INTO users (id, full_name) VALUES (4, 'New Code')",
        "UPDATE users SET full_name = 'Aristocles' WHERE id = 2");

    assertThat(fixture.value("SELECT name || '=' || full_name FROM users ORDER BY id"))
        .isEqualTo(
            "Ada Lovelace=Ada Lovelace,Aristocles=Aristocles,Old Code=Old Code,New Code=New Code");
    fixture.reach(Phase.CONTRACT, change.switchRead().dropColumn("name"));
  }

  @Test
  void renameAndBack() {
    Migration.Backfilled change =
        Migration.define("2026-11-22-users-full-name")
            .table("users")
            .renameColumn("name", "full_name");
    String before = fixture.catalog();
    fixture.reach(Phase.SWITCH_READ, change.switchRead());
    fixture.execute("INSERT INTO users (id, full_name) VALUES (3, 'New Code')");
    OperationLife.undo(fixture, change);
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(fixture.value("SELECT name FROM users ORDER BY id"))
        .isEqualTo("Ada Lovelace,Plato,New Code");
  }

  @Test
  void writtenByTheApplication() {
    Migration.Backfilled change =
        Migration.define("2026-11-22-users-full-name")
            .table("users")
            .addColumn("full_name", "text")
            .dualWrite("name", "full_name", byApplication())
            .backfill();
    fixture.reach(Phase.SWITCH_READ, change.switchRead());

    fixture.execute(
        "INSERT INTO users (id, name, full_name) VALUES (3, 'Both Sides', 'Both Sides')",
        "UPDATE users SET name = 'Aristocles', full_name = 'Aristocles' WHERE id = 2");

    assertThat(fixture.value("SELECT name || '=' || full_name FROM users ORDER BY id"))
        .isEqualTo("Ada Lovelace=Ada Lovelace,Aristocles=Aristocles,Both Sides=Both Sides");
    fixture.reach(Phase.CONTRACT, change.switchRead().dropColumn("name"));
    assertThat(fixture.value("SELECT full_name FROM users ORDER BY id"))
        .isEqualTo("Ada Lovelace,Aristocles,Both Sides");
    assertThat(fixture.catalog()).doesNotContain("users.name").doesNotContain("migrator");
  }

  @Test
  void split() {
    Migration.Backfilled change =
        Migration.define("2026-11-22-users-split-name")
            .table("users")
            .addColumn("first_name", "text")
            .addColumn("last_name", "text")
            .dualWrite(
                Sync.of("name")
                    .with("first_name", "last_name")
                    .compute("first_name", "split_part(name, ' ', 1)")
                    .compute("last_name", "substr(name, length(split_part(name, ' ', 1)) + 2)")
                    .compute("name", "concat_ws(' ', first_name, nullif(last_name, ''))"))
            .backfill();
    fixture.reach(Phase.SWITCH_READ, change.switchRead());

    fixture.execute(
        "INSERT INTO users (id, name) VALUES (3, 'Old Code')",
        "INSERT INTO users (id, first_name, last_name) VALUES (4, 'New', 'Code')");

    assertThat(
            fixture.value(
                "SELECT concat_ws('|', name, first_name, last_name) FROM users ORDER BY id"))
        .isEqualTo("Ada Lovelace|Ada|Lovelace,Plato|Plato|,Old Code|Old|Code,New Code|New|Code");
    fixture.reach(Phase.CONTRACT, change.switchRead().dropColumn("name"));
  }
}
