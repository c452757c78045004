package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static dev.migrator.internal.engine.Fixture.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.plan.MigrationPlan;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no instance accounts for may be a release without this library that still serves. */
class UnregisteredSessionsIT {

  private static final String ID = "full-name";

  private static final Migration.ReadSwitched SWITCHED =
      Migration.define(ID).table("users").renameColumn("name", "full_name").switchRead();

  private static final Migration WHOLE = SWITCHED.dropColumn("name");

  private final Fixture fixture = new Fixture();

  private final String role = "app_" + UUID.randomUUID().toString().substring(0, 8);

  @BeforeEach
  void table() {
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 50) n",
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(role));
  }

  @AfterEach
  void close() {
    fixture.execute("REVOKE ALL ON users FROM " + role);
    fixture.execute("DROP ROLE " + role);
    fixture.close();
  }

  @Test
  void theContractWaitsUntilTheyHaveGone() throws SQLException {
    Migrator whole;
    try (Connection old = session(fixture.database().username(), "shop 0.9")) {
      whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
      Hold hold = awaitHeld(whole);
      assertThat(hold.message())
          .contains(
              "1 session(s) of role \"" + fixture.database().username() + "\" from 127.0.0.1",
              "application \"shop 0.9\"",
              "since ");
      assertThat(hold.remedy()).contains("migrator.fleet.ignore-applications", "CONTRACT");
      assertThat(fixture.value("SELECT count(name) FROM users")).isEqualTo("50");
      assertThat(old.isClosed()).isFalse();
    }
    awaitPhase(whole, ID, Phase.CONTRACT);
  }

  /** As the start does, also for what the pool has opened since the last instance left. */
  @Test
  void aPlanAccountsForTheSessionsOfItsPool() throws SQLException {
    fixture.reach(Phase.SWITCH_READ, SWITCHED);
    try (Connection pooled = fixture.pool(1).getConnection()) {
      MigrationPlan plan = fixture.migrator(AUTO, WHOLE).plan();
      assertThat(plan.migrations().get(0).phases())
          .as(plan.toText())
          .hasSize(1)
          .allMatch(it -> it.holds().isEmpty());
      assertThat(pooled.isClosed()).isFalse();
    }
  }

  @Test
  void whatMayNotUseTheTableHoldsNothing() throws SQLException {
    try (Connection other = session(role, "mailer")) {
      Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
      awaitPhase(whole, ID, Phase.CONTRACT);
      assertThat(other.isClosed()).isFalse();
    }
  }

  /** A privilege on one column is enough. */
  @Test
  void whatMayUseAColumnOfTheTableHolds() throws SQLException {
    fixture.execute("GRANT SELECT (id) ON users TO " + role);
    try (Connection other = session(role, "mailer")) {
      Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
      assertThat(awaitHeld(whole).message()).contains("of role \"" + role + '"');
      assertThat(other.isClosed()).isFalse();
    }
  }

  @Test
  void namedApplicationsAreIgnored() throws SQLException {
    MigratorSettings settings =
        AUTO.toBuilder().fleet(it -> it.ignoreApplications(List.of("psql", "meta_base-*"))).build();
    try (Connection psql = session(fixture.database().username(), "psql");
        Connection report = session(fixture.database().username(), "meta_base-7");
        Connection alike = session(fixture.database().username(), "metaXbase-7")) {
      Migrator whole = fixture.started(fixture.release(settings, "2.0", WHOLE));
      String message = awaitHeld(whole).message();
      assertThat(message).contains("\"metaXbase-7\"").doesNotContain("psql", "meta_base");
      alike.close();
      awaitPhase(whole, ID, Phase.CONTRACT);
      assertThat(psql.isClosed() || report.isClosed()).isFalse();
    }
  }

  @Test
  void theCommandOfAnOperatorGoesOnBesideThem() throws SQLException {
    try (Connection old = session(fixture.database().username(), "shop 0.9")) {
      Migrator whole = fixture.started(fixture.release(AUTO, "2.0", WHOLE));
      awaitHeld(whole);
      whole.execute(ID, OperatorCommand.CONTRACT);
      awaitPhase(whole, ID, Phase.CONTRACT);
      assertThat(old.isClosed()).isFalse();
    }
  }

  /** A frozen instance cannot close its sessions, and looks at the journal before it serves. */
  @Test
  void anInstanceThatIsPresumedDeadAccountsForWhatItOpenedBefore() throws SQLException {
    Migrator whole = fixture.started(fixture.release(AUTO, "2.0", SWITCHED));
    awaitPhase(whole, ID, Phase.SWITCH_READ);
    fixture.execute(
        """
        INSERT INTO migrator.instance (key, name, application, release, address, session_names, started_at,
                                       seen_at, expires_at, declares, mapped)
        VALUES (gen_random_uuid(), 'frozen', 'shop', '1.0', '127.0.0.1', '{shop frozen}',
                now(), now(), now() + interval '1 hour', '{}', '[]')
        """);
    try (Connection own = session(fixture.database().username(), "shop frozen")) {
      fixture.execute(
          "UPDATE migrator.instance SET expires_at = clock_timestamp(), left_at = clock_timestamp() WHERE name = 'frozen'");
      try (Connection later = session(fixture.database().username(), "shop frozen")) {
        Migrator last = fixture.started(fixture.release(AUTO, "3.0", WHOLE));
        whole.close();
        assertThat(awaitHeld(last).message())
            .as("that of a release that took its place")
            .contains("1 session(s)");
        later.close();
        awaitPhase(last, ID, Phase.CONTRACT);
      }
      assertThat(own.isClosed()).isFalse();
    }
  }

  private Connection session(String user, String application) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty(
        "password", user.equals(role) ? "secret" : fixture.database().password());
    properties.setProperty("ApplicationName", application);
    Connection connection = DriverManager.getConnection(fixture.database().jdbcUrl(), properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
    return connection;
  }

  private static Hold awaitHeld(Migrator migrator) {
    Fixture.await(
        () ->
            migrator.status(ID).orElseThrow().holds().stream()
                .map(Hold::reason)
                .toList()
                .equals(List.of(Reason.UNREGISTERED_SESSIONS)),
        () -> String.valueOf(migrator.status(ID)));
    return migrator.status(ID).orElseThrow().holds().get(0);
  }
}
