package dev.migrator.internal.engine;

import static dev.migrator.DualWrite.byApplication;
import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import dev.migrator.status.MigrationStatus.State;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A column whose two sides the application writes, up to its contract. */
abstract class ApplicationContract {

  static final String ID = "full-name";

  static final Migration.Backfilled BACKFILLED =
      Migration.define(ID)
          .table("users")
          .addColumn("full_name", "text")
          .dualWrite("name", "full_name", byApplication())
          .backfill();

  static final Migration SWITCHED = BACKFILLED.switchRead();

  static final Migration WHOLE = BACKFILLED.switchRead().dropColumn("name");

  static final MigratorSettings IMPATIENT =
      AUTO.toBuilder().startupLimit(Duration.ofSeconds(2)).build();

  /** Enough for all that it can do before it has to wait. */
  static final MigratorSettings PATIENT =
      AUTO.toBuilder().startupLimit(Duration.ofSeconds(8)).build();

  final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE parent (code text PRIMARY KEY)",
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', hits int NOT NULL DEFAULT 0)",
        "CREATE INDEX users_by_name ON users (name)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(0, 500) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static Hold awaitHeld(Migrator migrator, Reason reason) {
    Fixture.await(
        () ->
            migrator.status(ID).orElseThrow().holds().stream()
                .map(Hold::reason)
                .toList()
                .equals(List.of(reason)),
        () -> String.valueOf(migrator.status(ID)));
    return migrator.status(ID).orElseThrow().holds().get(0);
  }

  void awaitOldSide(String state) {
    Fixture.await(() -> oldSide().equals(state), () -> state + ", but it is " + oldSide());
  }

  String oldSide() {
    return fixture.value("SELECT old_side FROM migrator.migration");
  }

  String differing() {
    return fixture.value("SELECT count(*) FROM users WHERE name IS DISTINCT FROM full_name");
  }

  void undoAll() {
    Migrator second = fixture.release(AUTO, "2.0", BACKFILLED).build();
    fixture.closing(second);
    second.prepare();
    second.start();
    for (Phase phase : List.of(Phase.BACKFILL, Phase.DUAL_WRITE, Phase.EXPAND)) {
      second.execute(ID, OperatorCommand.UNDO);
      awaitUndone(second, phase);
    }
    second.close();
    Migrator first = fixture.started(fixture.release(AUTO, "1.0"));
    first.execute(ID, OperatorCommand.UNDO);
    Fixture.await(
        () -> first.status(ID).orElseThrow().phase() == null,
        () -> String.valueOf(first.status(ID)));
    first.close();
  }

  static void awaitUndone(Migrator migrator, Phase phase) {
    Fixture.await(
        () -> {
          var status = migrator.status(ID).orElseThrow();
          assertThat(status.state()).as("%s", status).isNotEqualTo(State.FAILED);
          return status.phase() == phase
              && status.holds().stream().anyMatch(it -> it.reason() == Reason.UNDONE);
        },
        () -> String.valueOf(migrator.status(ID)));
  }

  /** The order of columns may differ, what they are may not. */
  static String sorted(String catalog) {
    return java.util.Arrays.stream(catalog.split("\n"))
        .sorted()
        .collect(java.util.stream.Collectors.joining("\n"));
  }

  static boolean isAccepted(Migrator migrator, OperatorCommand command) {
    try {
      migrator.execute(ID, command);
      return true;
    } catch (dev.migrator.error.CommandRefusedException ex) {
      return false;
    }
  }

  /** Stands still when it has read by a certain statement. */
  static Connection stallingBehind(
      String sql, Connection connection, CountDownLatch seen, CountDownLatch goesOn) {
    AtomicBoolean read = new AtomicBoolean();
    return (Connection)
        Proxy.newProxyInstance(
            ApplicationContractIT.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && ((String) arguments[0]).contains(sql)) {
                read.set(true);
              }
              Object result = method.invoke(connection, arguments);
              if (method.getName().equals("close") && read.get()) {
                seen.countDown();
                goesOn.await(3, TimeUnit.MINUTES); // or the test has failed
              }
              return result;
            });
  }
}
