package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrator.MappedColumn;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationEvent;
import dev.migrator.status.MigrationStatus;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the log and the status say of a release's changes, and of those it has forgotten. */
class LeftBehindIT {

  private static final Migration RENAME =
      Migration.define("full-name").table("users").renameColumn("name", "full_name");

  private final Fixture fixture = new Fixture();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  private final Logger logger = (Logger) LoggerFactory.getLogger(Report.class);

  @BeforeEach
  void createTable() {
    fixture.execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text)",
        "INSERT INTO users SELECT n, 'user ' || n FROM generate_series(1, 100) n");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    fixture.close();
  }

  @Test
  void aRemovedBeanIsNamedOnceAndHeld() {
    fixture.reach(Phase.BACKFILL, RENAME);
    log.list.clear();
    Migrator migrator = fixture.migrator();
    migrator.prepare();
    migrator.start();

    Fixture.await(() -> lines().size() == 2, () -> String.valueOf(lines()));
    assertThat(lines().get(0)).contains("declares no change");
    assertThat(lines().get(1))
        .startsWith("full-name: ")
        .contains("BACKFILL", "triggers", "name", "full_name", "put it back");
    MigrationStatus status = migrator.status("full-name").orElseThrow();
    assertThat(status.state()).isEqualTo(MigrationStatus.State.HELD);
    assertThat(status.holds()).hasSize(1);
    assertThat(status.holds().get(0).reason()).isEqualTo(Hold.Reason.NOT_DECLARED);
    assertThat(status.holds().get(0).remedy()).contains("put it back");
  }

  @Test
  void aReleaseThatMapsWhatItSaysToBeCompletedIsRefused() {
    fixture.reach(
        Phase.SWITCH_READ,
        Migration.define("full-name")
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name"));
    Migrator migrator = fixture.migrator(Migration.completed("full-name"));
    migrator.prepare();
    List<MappedColumn> old = List.of(new MappedColumn("users", "name", "entity User"));
    assertThatThrownBy(() -> migrator.mapped(old))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("full-name")
        .hasMessageContaining("entity User maps it");
    migrator.mapped(List.of(new MappedColumn("users", "full_name", "entity User")));
  }

  @Test
  void theStartAndTheEndAreSummedUp() {
    Migrator migrator = fixture.migrator(RENAME);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "full-name", MigrationStatus.State.REACHED);
    Fixture.await(() -> lines().size() == 2, () -> String.valueOf(lines()));
    assertThat(lines().get(0)).startsWith("migrator: 1 change: 1 ");
    assertThat(lines().get(1)).isEqualTo("migrator: all is reached that this release declares");
    migrator.close();
    log.list.clear();
    Migrator again = fixture.migrator(RENAME);
    again.prepare();
    again.start();
    Fixture.await(() -> lines().size() == 1, () -> String.valueOf(lines()));
    assertThat(lines().get(0)).isEqualTo("migrator: 1 change: 1 reached");
  }

  @Test
  void whatIsHeldIsNamed() {
    Migration all =
        Migration.define("full-name")
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name");
    fixture.reach(Phase.SWITCH_READ, all);
    log.list.clear();
    Migrator migrator = fixture.migrator(all);
    migrator.prepare();
    migrator.start();
    Fixture.await(() -> !lines().isEmpty(), () -> String.valueOf(lines()));
    assertThat(lines().get(0))
        .isEqualTo("migrator: 1 change: 1 held (full-name: CONTRACT_NOT_APPROVED)");
  }

  @Test
  void whatComesNextIsSaidInTheWordsOfTheOperation() {
    Migration filled =
        Migration.define("name-not-null")
            .table("users")
            .setNotNull("name")
            .fillNullsWith("'nobody'");
    Migrator migrator = fixture.migrator(filled);
    migrator.prepare();
    migrator.start();
    Fixture.awaitState(migrator, "name-not-null", MigrationStatus.State.REACHED);
    assertThat(migrator.status("name-not-null").orElseThrow().holds())
        .singleElement()
        .satisfies(
            it -> assertThat(it.remedy()).contains("stopFilling()").doesNotContain("SWITCH_READ"));
  }

  @Test
  void whoGaveACommandIsInTheLog() {
    fixture.reach(Phase.BACKFILL, RENAME);
    Migrator migrator = fixture.migrator(RENAME);
    migrator.execute("full-name", OperatorCommand.PAUSE.by("alice"));
    assertThat(migrator.status("full-name").orElseThrow().events())
        .anyMatch(
            it -> it.kind() == MigrationEvent.Kind.COMMAND && "PAUSE by alice".equals(it.detail()));
  }

  private List<String> lines() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
