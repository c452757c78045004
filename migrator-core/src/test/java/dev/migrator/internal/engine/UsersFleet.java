package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.FleetListener;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.CommandRefusedException;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Releases of an application that rename a column of their users. */
abstract class UsersFleet {

  static final String ID = "full-name";

  static final Migration.Backfilled BACKFILLED =
      Migration.define(ID).table("users").renameColumn("name", "full_name");

  static final Migration WHOLE = BACKFILLED.switchRead().dropColumn("name");

  final Fixture fixture = new Fixture();

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 500) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static List<Reason> reasons(Migrator migrator) {
    return migrator.status(ID).orElseThrow().holds().stream().map(Hold::reason).toList();
  }

  static void awaitHeld(Migrator migrator, Reason... reasons) {
    Fixture.await(
        () -> reasons(migrator).equals(List.of(reasons)),
        () -> String.valueOf(migrator.status(ID)));
  }

  /** Undoes until that phase is the last one left, as soon as nobody reads what is undone. */
  static void undo(Migrator operator, @Nullable Phase left) {
    Fixture.await(
        () -> {
          try {
            operator.execute(ID, OperatorCommand.UNDO);
            return true;
          } catch (CommandRefusedException ex) {
            assertThat(ex).hasMessageContaining("the new side is read by");
            return false;
          }
        },
        () -> String.valueOf(operator.status(ID)));
    Fixture.await(
        () -> operator.status(ID).orElseThrow().phase() == left,
        () -> String.valueOf(operator.status(ID)));
  }

  /** A pool whose connections cannot be had for a while. */
  static class Cut extends DelegatingDataSource {

    volatile boolean cut;

    Cut(Fixture fixture) {
      super(fixture.pool(2));
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (cut) {
        throw new SQLTransientConnectionException("cut");
      }
      return super.getConnection();
    }
  }

  static final class Told implements FleetListener {

    final List<String> words = Collections.synchronizedList(new ArrayList<>());

    volatile String reason = "";

    @Override
    public void paused(String why) {
      words.add("paused");
    }

    @Override
    public void resumed() {
      words.add("resumed");
    }

    @Override
    public void refused(String why) {
      reason = why;
      words.add("refused");
    }
  }
}
