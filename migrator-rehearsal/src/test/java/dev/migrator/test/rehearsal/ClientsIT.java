package dev.migrator.test.rehearsal;

import static dev.migrator.test.rehearsal.RehearsalAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Phase;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Statements of the application, while a phase runs. */
class ClientsIT {

  @Test
  void clientsGoOnWhileThePhasesRun() {
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaSql(RehearsalIT.USERS)
            .declare("usersFullName", RehearsalIT.RENAME)
            .build()) {
      RehearsedMigration rename =
          rehearsal
              .of(RehearsalIT.RENAME.id())
              .withRows("users", 2_000)
              .usedBy(
                  "select name from users where id = 1", "update users set name = 'y' where id = 2")
              .usedFrom(Phase.BACKFILL, "select full_name from users where id = 1")
              .withClients(2);
      assertThat(rename).clientsNeverWaitLongerThan(Duration.ofMinutes(1)).staysUsable();
      assertThatThrownBy(() -> assertThat(rename).clientsNeverWaitLongerThan(Duration.ofNanos(1)))
          .hasMessageContaining("  EXPAND: ")
          .hasMessageContaining("CONTRACT after retention: ");
      assertThat(rename.report().clients())
          .extracting(ClientReport::stage)
          .containsExactlyElementsOf(RehearsalIT.STAGES);
      assertThat(rename.report().clients())
          .allSatisfy(it -> assertThat(it.executions()).isGreaterThanOrEqualTo(2))
          .allSatisfy(it -> assertThat(it.longest()).isPositive());
      assertThat(rename.report().clients().get(4).slowest()).contains("full_name");
    }
  }

  @Test
  void whatFailsMeanwhileIsSaid() throws SQLException {
    try (TestDatabase database = TestPostgres.newDatabase();
        Clients clients = new Clients(database, 3)) {
      Databases.execute(database, RehearsalIT.USERS);
      RecordedStatement select = RecordedStatement.plain("select name from users where id = 1");
      clients.begin(Map.of(select, new Choice(List.of(), null)));
      Databases.execute(database, "ALTER TABLE users RENAME name TO other");
      long before = clients.executions();
      // Each of them has one under way at most.
      Await.until(() -> clients.executions() > before + 3);
      ClientReport report = clients.end("EXPAND");
      assertThat(report.errors())
          .singleElement()
          .asString()
          .contains("select name from users where id = 1: ERROR: column \"name\" does not exist");
      assertThat(TextReport.of(report)).startsWith("EXPAND: ").contains("; fails: select name");
    }
  }

  @Test
  void whoHasNoClientsIsTold() {
    try (Rehearsal rehearsal =
        Rehearsal.builder()
            .schemaSql(RehearsalIT.USERS)
            .declare("usersFullName", RehearsalIT.RENAME)
            .build()) {
      assertThatThrownBy(
              () ->
                  assertThat(rehearsal.of(RehearsalIT.RENAME.id()))
                      .clientsNeverWaitLongerThan(Duration.ofMinutes(1)))
          .hasMessageContaining("withClients(…)");
    }
  }
}
