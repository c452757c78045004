package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.OperationLife.refusal;
import static dev.migrator.internal.engine.OperationLife.refusedAtStart;
import static dev.migrator.internal.engine.OperationLife.run;
import static dev.migrator.internal.engine.OperationLife.undo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OnTable;
import dev.migrator.Phase;
import dev.migrator.error.NotReadyException;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus.State;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A column becomes NOT NULL under a running application, with and without NULLs in it. */
@Tag("server-version")
class NotNullOperationIT {

  private static final Migration RENAME =
      Migration.define("rename").table("Users").renameColumn("Email", "mail");

  private final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE \"Users\" (id int PRIMARY KEY, \"Email\" text, name text, other int)",
        "INSERT INTO \"Users\" SELECT n, CASE WHEN n % 3 > 0 THEN 'e' || n END, 'n' || n FROM generate_series(1, 20000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Migration.NotNullSet notNull() {
    return Migration.define("m").table("Users").setNotNull("Email");
  }

  private String isNotNull() {
    return fixture.value(
        "SELECT attnotnull FROM pg_attribute WHERE attrelid = '\"Users\"'::regclass AND attname = 'Email'");
  }

  /** From 18 on a NOT NULL is a constraint with a name. */
  private String constraints() {
    return fixture.value(
        "SELECT upper(conname) || ' ' || convalidated FROM pg_constraint WHERE conrelid = '\"Users\"'::regclass AND contype = 'n' AND conkey = '{2}'");
  }

  private boolean isNamed() {
    return Integer.parseInt(fixture.value("SHOW server_version_num")) >= 180000;
  }

  @Test
  void withoutNullsItIsValidatedAndSet() {
    fixture.execute("UPDATE \"Users\" SET \"Email\" = '' WHERE \"Email\" IS NULL");
    String before = fixture.catalog();
    run(fixture, notNull());
    assertThat(isNotNull()).isEqualTo("t");
    assertThat(fixture.catalog()).isEqualTo(before.replace("Email text ", "Email text not null "));
    assertThat(constraints()).isEqualTo(isNamed() ? "USERS_EMAIL_NOT_NULL true" : "");
    undo(fixture, notNull());
    assertThat(fixture.catalog()).isEqualTo(before);
    assertThat(constraints()).isEmpty();
  }

  @Test
  void aNameThatIsTakenIsNumberedAsTheServerWould() {
    fixture.execute(
        "UPDATE \"Users\" SET \"Email\" = ''",
        "ALTER TABLE \"Users\" ADD CONSTRAINT \"Users_Email_not_null\" CHECK (id > 0)");
    run(fixture, notNull());
    assertThat(isNotNull()).isEqualTo("t");
    assertThat(constraints()).isEqualTo(isNamed() ? "USERS_EMAIL_NOT_NULL1 true" : "");
  }

  @Test
  void nullsAreCountedBeforeAnythingIsDone() {
    String before = fixture.catalog();
    assertThat(refusal(fixture, notNull()))
        .contains("6666 rows of public.Users have NULL in \"Email\"", ".fillNullsWith(", "IS NULL");
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aColumnThatIsNotNullAlreadyIsLeftAlone() {
    fixture.execute(
        "UPDATE \"Users\" SET \"Email\" = ''",
        "ALTER TABLE \"Users\" ALTER \"Email\" SET NOT NULL");
    String before = fixture.catalog();
    Migration whole = notNull().fillNullsWith("'x'").stopFilling();
    run(fixture, whole);
    assertThat(fixture.value("SELECT count(*) FROM migrator.step")).isEqualTo("0");
    assertThat(fixture.migrator(whole).status("m").orElseThrow().state())
        .as("nothing is kept for an undo")
        .isEqualTo(State.COMPLETED);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void nullsAreFilledAndOldWritersNeverFail() throws Exception {
    String before = fixture.catalog();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger writes = new AtomicInteger();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread oldRelease =
        new Thread(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                try {
                  int id = 30000 + i;
                  fixture.execute(
                      "INSERT INTO \"Users\" (id, name) VALUES (%d, 'old')".formatted(id),
                      "UPDATE \"Users\" SET \"Email\" = NULL WHERE id = %d"
                          .formatted(1 + i % 20000),
                      "UPDATE \"Users\" SET other = %d WHERE id = %d"
                          .formatted(i, 20000 - i % 20000),
                      "INSERT INTO \"Users\" (id, \"Email\", name) VALUES (%d, NULL, 'old') ON CONFLICT (id) DO UPDATE SET \"Email\" = NULL"
                          .formatted(id));
                  writes.incrementAndGet();
                } catch (RuntimeException ex) {
                  failure.set(ex);
                  return;
                }
              }
            });
    Migration.NullsFilled filling = notNull().fillNullsWith("name || '@unknown'");
    oldRelease.start();
    try {
      Fixture.await(() -> writes.get() > 20, () -> "the old release to write");
      run(fixture, filling);
      int reached = writes.get();
      Fixture.await(
          () -> writes.get() > reached + 20 || failure.get() != null,
          () -> "the old release to write on");
    } finally {
      stop.set(true);
      oldRelease.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(isNotNull()).isEqualTo("t");
    assertThat(
            fixture.value(
                "SELECT count(*) FROM \"Users\" WHERE \"Email\" NOT IN ('e' || id, name || '@unknown')"))
        .isEqualTo("0");
    assertThat(fixture.value("SELECT \"Email\" FROM \"Users\" WHERE id = 30000"))
        .isEqualTo("old@unknown");

    // The release that never writes NULL: the trigger goes, and comes back with an undo.
    String filled = fixture.catalog();
    run(fixture, filling.stopFilling());
    assertThat(fixture.catalog()).isEqualTo(before.replace("Email text ", "Email text not null "));
    Migrator keeping = fixture.migrator(OperationLife.KEEPING, filling.stopFilling());
    assertThat(keeping.status("m").orElseThrow().holds().get(0).reason())
        .isEqualTo(Hold.Reason.RETENTION);
    fixture.execute("UPDATE migrator.migration SET undoing = true");
    keeping.start();
    Fixture.await(
        () -> keeping.status("m").orElseThrow().phase() == Phase.SWITCH_READ,
        () -> String.valueOf(keeping.status("m")));
    keeping.close();
    assertThat(fixture.catalog()).isEqualTo(filled);
    undo(fixture, filling);
    assertThat(fixture.catalog()).isEqualTo(before);
  }

  @Test
  void aReleaseThatWritesNullDoesNotStartAfterTheFillingHasStopped() {
    Migration.NullsFilled filling = notNull().fillNullsWith("''");
    run(fixture, filling.stopFilling());
    assertThatExceptionOfType(NotReadyException.class)
        .isThrownBy(() -> fixture.migrator(filling).prepare())
        .withMessageContainingAll("filling of NULLs", "stopFilling");
  }

  @Test
  void aFillingThatGivesNullForSomeRowsIsRefusedWithTheirNumber() {
    fixture.execute("UPDATE \"Users\" SET name = NULL WHERE id IN (3, 6)");
    assertThat(refusal(fixture, notNull().fillNullsWith("name || 'x'")))
        .contains("2 rows of public.Users", "the filling gives NULL");
    assertThat(isNotNull()).isEqualTo("f");
  }

  /** The trigger must never make a write fail that did not fail before. */
  @Test
  void aFillingThatFailsLeavesOldWritersAlone() {
    Migration.NullsFilled failing = notNull().fillNullsWith("(1 / nullif(other, 7))::text");
    fixture.migrator(failing).prepare();
    fixture.execute("INSERT INTO \"Users\" (id, other) VALUES (50000, 0)");
    assertThat(fixture.value("SELECT \"Email\" FROM \"Users\" WHERE id = 50000")).isEqualTo("NULL");
    assertThat(refusal(fixture, failing)).contains("22012");
    fixture.execute("INSERT INTO \"Users\" (id, other) VALUES (50001, 0)");
  }

  @Test
  void badInputIsRefusedAtTheStart() {
    fixture.execute(
        "ALTER TABLE \"Users\" ADD g text GENERATED ALWAYS AS (name || 'x') STORED",
        "ALTER TABLE \"Users\" ADD CONSTRAINT once UNIQUE (\"Email\")");
    refusedAtStart(
        fixture,
        Migration.define("m").table("Users").setNotNull("email"),
        "no column \"email\"",
        "Email");
    refusedAtStart(fixture, notNull().fillNullsWith("nam"), "nam", "name (text)");
    refusedAtStart(fixture, notNull().fillNullsWith("ARRAY[1] ||"), "syntax");
    refusedAtStart(fixture, notNull().fillNullsWith("g"), "\"g\" does not exist");
    refusedAtStart(fixture, notNull().fillNullsWith("max(name)"), "aggregate");
    refusedAtStart(fixture, notNull().fillNullsWith("NULL"), "NULL itself");
    refusedAtStart(fixture, notNull().fillNullsWith("(1/0)::text"), "not valid", "22012");
    refusedAtStart(fixture, notNull().fillNullsWith("'x'"), "unique", "tells rows apart");
    refusedAtStart(
        fixture,
        Migration.define("m").table("Users").setNotNull("other").fillNullsWith("'x'::text"),
        "type integer");
    refusedAtStart(
        fixture,
        Migration.define("m").table("Users").setNotNull("g").fillNullsWith("'x'"),
        "generated");
  }

  @Test
  void aConstantThatBreaksAnotherConstraintIsRefusedAtTheStart() {
    fixture.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE TABLE region (code text PRIMARY KEY)",
        "INSERT INTO region VALUES ('north')",
        "ALTER TABLE \"Users\" ADD mood mood, ADD region text REFERENCES region, ADD CONSTRAINT at CHECK (\"Email\" LIKE 'e%' AND id > 0)");
    refusedAtStart(
        fixture, notNull().fillNullsWith("'unknown'"), "does not fit the constraint \"at\"");
    OnTable users = Migration.define("m").table("Users");
    refusedAtStart(
        fixture, users.setNotNull("region").fillNullsWith("'south'"), "\"Users_region_fkey\"");
    refusedAtStart(fixture, users.setNotNull("mood").fillNullsWith("'happy'"), "22P02");
    for (Migration.NullsFilled fits :
        List.of(
            notNull().fillNullsWith("'e%x'"),
            Migration.define("r").table("Users").setNotNull("region").fillNullsWith("'north'"),
            Migration.define("o").table("Users").setNotNull("mood").fillNullsWith("'ok'"))) {
      run(fixture, fits);
    }
    assertThat(
            fixture.value(
                "SELECT count(*) FROM \"Users\" WHERE mood = 'ok' AND region = 'north' AND \"Email\" LIKE 'e%'"))
        .isEqualTo("20000");
  }

  @Test
  void anotherFillingAfterwardsIsAnError() {
    fixture.migrator(notNull().fillNullsWith("'a'")).prepare();
    assertThatExceptionOfType(dev.migrator.error.InvalidMigrationException.class)
        .isThrownBy(() -> fixture.migrator(notNull().fillNullsWith("'b'")).prepare())
        .withMessageContainingAll("DUAL_WRITE was changed", "'a'", "'b'");
  }

  /** A rename of the column waits until the trigger that names it is gone, and the other way. */
  @Test
  void aRenameOfTheColumnWaits() {
    Migration.NullsFilled filling = notNull().fillNullsWith("''");
    Migrator migrator = fixture.migrator(filling, RENAME);
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    migrator.close();
    assertThat(migrator.status("rename").orElseThrow().holds().get(0).message())
        .contains("unfinished migration \"m\"");
    assertThat(List.of(fixture.value("SELECT id FROM migrator.migration"))).containsExactly("m");
  }
}
