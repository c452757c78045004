package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.error.StepFailedException;
import dev.migrator.status.MigrationStatus;
import dev.migrator.status.MigrationStatus.State;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that run again when their content changes: views and functions. */
@Tag("server-version")
class RepeatableFilesIT {

  private static final String NAMES = "CREATE OR REPLACE VIEW names AS SELECT id, name FROM users";

  private static final String MORE =
      "CREATE OR REPLACE VIEW names AS SELECT id, name, avatar_url FROM users";

  private final Fixture fixture = new Fixture();

  @TempDir Path folder;

  private SqlFolder files;

  @BeforeEach
  void table() {
    files =
        new SqlFolder(folder)
            .write("20260115_users.sql", "CREATE TABLE users (id int PRIMARY KEY, name text)")
            .write("R__names.sql", NAMES);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Migrator started(String release) {
    return fixture.started(fixture.release(AUTO, release).sqlFiles(files.location()));
  }

  private String columns() {
    return fixture.value(
        "SELECT count(*) FROM information_schema.columns WHERE table_name = 'names'");
  }

  private static MigrationStatus status(Migrator migrator) {
    List<MigrationStatus> all =
        migrator.status().migrations().stream()
            .filter(it -> it.id().startsWith("R__") && it.bean() != null)
            .toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void itRunsBehindTheOthersAndAgainWhenItChanges() {
    Migrator one = started("1");
    assertThat(columns()).isEqualTo("2");
    assertThat(status(one).state()).isEqualTo(State.REACHED);
    Migrator same = started("1");
    assertThat(fixture.value("SELECT max(attempts) FROM migrator.step")).isEqualTo("1");
    same.close();
    files
        .write("20260116_avatar.sql", "ALTER TABLE users ADD avatar_url text")
        .write("R__names.sql", MORE);
    Migrator two = started("2");
    assertThat(columns()).isEqualTo("3");
    assertThat(status(two).state()).isEqualTo(State.REACHED);
  }

  /** A rolling deploy: what the newer release has made stays, and is no fault of the older one. */
  @Test
  void theReleaseBeforeStartsAgainAndDoesNotTurnItBack() {
    started("1");
    files
        .write("20260116_avatar.sql", "ALTER TABLE users ADD avatar_url text")
        .write("R__names.sql", MORE);
    started("2").close();
    files.delete("20260116_avatar.sql");
    files.write("R__names.sql", NAMES);
    Migrator again = started("1");
    assertThat(columns()).isEqualTo("3");
    assertThat(again.status().migrations())
        .allSatisfy(it -> assertThat(it.state()).isEqualTo(State.REACHED));
  }

  /** What was there before is put back by a comment. */
  @Test
  void aContentOfBeforeRunsAgainWithAnotherComment() {
    String one = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'";
    files.write("R__f.sql", one);
    started("1").close();
    files.write("R__f.sql", one.replace("SELECT 1", "SELECT 2"));
    started("2").close();
    files.write("R__f.sql", "-- as in release 1\n" + one);
    started("3");
    assertThat(fixture.value("SELECT f()")).isEqualTo("1");
  }

  @Test
  void whatItTakesAwayWaitsLikeInEveryFile() {
    Migrator old = started("1");
    String less = "DROP VIEW names;\nCREATE VIEW names AS SELECT id FROM users";
    files.write("R__names.sql", less);
    assertThatExceptionOfType(StepFailedException.class)
        .isThrownBy(() -> started("2"))
        .withMessageContainingAll("R__names.sql", "column public.names.name is removed");
    files.write("R__names.sql", "-- migrator: contract\n" + less);
    Migrator next = started("3");
    Fixture.await(() -> status(next).state() == State.HELD, () -> "it is held");
    assertThat(columns()).isEqualTo("2");
    old.close();
    Fixture.awaitPhase(next, status(next).id(), Phase.CONTRACT);
    assertThat(columns()).isEqualTo("1");
  }

  @Test
  void itIsNotUndone() {
    started("1").close();
    Migrator other = fixture.started(fixture.release(AUTO, "other"));
    String id = fixture.value("SELECT id FROM migrator.migration WHERE id LIKE 'R%'");
    assertThatExceptionOfType(CommandRefusedException.class)
        .isThrownBy(() -> other.execute(id, OperatorCommand.UNDO))
        .withMessageContaining("put back by a new release");
  }
}
