package dev.migrator.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.clinic.after.ReleaseC;
import dev.migrator.clinic.after.ReleaseD;
import dev.migrator.clinic.before.Release1;
import dev.migrator.clinic.before.ReleaseA;
import dev.migrator.status.Hold;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.traffic.Traffic;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A well-known kind of application, as it comes, renames a column under traffic: entities with
 * identity keys, an association and a version, tables by scripts, and every setting as Spring Boot
 * has it.
 */
class ClinicRolloutIT {

  /** The release before the starter was added. */
  private static final String WITHOUT_STARTER = "migrator.enabled=false";

  /** As without the starter. */
  private static final String RETURNING_ALL =
      "spring.jpa.properties.hibernate.jdbc.use_get_generated_keys=true";

  private static final int LOADED = 20_000;

  private static final String PHONE = "2026-11-26-owners-phone";

  private TestDatabase database;

  private final Traffic<Clinic> traffic = new Traffic<>(new ClinicTraffic());

  private final Deque<ConfigurableApplicationContext> running = new ArrayDeque<>();

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.newDatabase();
  }

  @AfterEach
  void dropDatabase() {
    traffic.close();
    running.forEach(ConfigurableApplicationContext::close);
    database.close();
  }

  /** With the starter, inserts return the key alone: no statement of theirs needs protection. */
  @Test
  void oneReleaseAfterTheOther() throws InterruptedException {
    start(Release1.class, WITHOUT_STARTER);
    load();
    start(Release1.class, WITHOUT_STARTER);
    traffic.start();
    roll(Release1.class);
    roll(ReleaseA.class);
    await(it -> it.state() == MigrationStatus.State.REACHED);
    roll(ReleaseC.class);
    roll(ReleaseD.class);
    await(it -> it.state() == MigrationStatus.State.COMPLETED);
    traffic.awaitMore(200);
    traffic.stop();
    assertThat(traffic.faults()).isEmpty();
    assertThat(loadedRight()).isEqualTo(LOADED);
  }

  /**
   * Also where inserts return all columns, so that their statements are protected, or would fail
   * when there is another column and when one goes.
   */
  @Test
  void theLastReleaseRightAfterTheStarter() throws InterruptedException {
    start(Release1.class, RETURNING_ALL);
    load();
    start(Release1.class, RETURNING_ALL);
    traffic.start();
    roll(ReleaseD.class, RETURNING_ALL);
    await(it -> it.state() == MigrationStatus.State.COMPLETED);
    traffic.awaitMore(200);
    traffic.stop();
    assertThat(traffic.faults()).isEmpty();
    assertThat(loadedRight()).isEqualTo(LOADED);
  }

  /**
   * Nobody can tell the old release of the change. Its inserts return all columns, so that each of
   * its connections can fail once when there is another one: that is what the starter takes away.
   */
  @Test
  void theLastReleaseWaitsForThoseWithoutTheStarter() throws InterruptedException {
    rollOverReleasesWithoutTheStarter(WITHOUT_STARTER);
    // Hikari closes a connection at this error, so that the rollback fails as well.
    assertThat(traffic.faults())
        .allMatch(
            it -> it.contains("cached plan must not change") || it.contains("Unable to rollback"));
    assertThat(traffic.faults().stream().filter(it -> it.contains("cached plan")))
        .as("at most once for each connection of two pools")
        .hasSizeLessThanOrEqualTo(20);
  }

  /** What the documentation says to those who leave the first deploy out. */
  @Test
  void noRequestFailsWhereTheirInsertsReturnTheKeyAlone() throws InterruptedException {
    rollOverReleasesWithoutTheStarter(
        WITHOUT_STARTER, "spring.jpa.properties.hibernate.jdbc.use_get_generated_keys=false");
    assertThat(traffic.faults()).isEmpty();
  }

  private void rollOverReleasesWithoutTheStarter(String... old) throws InterruptedException {
    start(Release1.class, old);
    load();
    start(Release1.class, old);
    traffic.start();
    start(ReleaseD.class);
    await(
        it ->
            it.holds().stream()
                .anyMatch(hold -> hold.reason() == Hold.Reason.UNREGISTERED_SESSIONS));
    traffic.awaitMore(100);
    assertThat(jdbc().sql("SELECT count(telephone) FROM owners").query(Integer.class).single())
        .isGreaterThanOrEqualTo(LOADED);
    for (int i = 0; i < 2; i++) {
      ConfigurableApplicationContext first = running.removeFirst();
      traffic.retire(first.getBean(Clinic.class));
      first.close();
    }
    await(it -> it.state() == MigrationStatus.State.COMPLETED);
    traffic.awaitMore(100);
    traffic.stop();
    assertThat(loadedRight()).isEqualTo(LOADED);
  }

  /** Both instances, one after the other. */
  private void roll(Class<?> release, String... more) throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      start(release, more);
      traffic.awaitMore(100);
      ConfigurableApplicationContext old = running.removeFirst();
      traffic.retire(old.getBean(Clinic.class));
      old.close();
      traffic.awaitMore(100);
    }
  }

  private void start(Class<?> release, String... more) {
    ConfigurableApplicationContext started =
        ClinicApplication.on(database, release, with(more, "migrator.contract.retention=0s"));
    running.add(started);
    traffic.serve(started.getBean(Clinic.class));
  }

  private static String[] with(String[] properties, String another) {
    String[] all = Arrays.copyOf(properties, properties.length + 1);
    all[properties.length] = another;
    return all;
  }

  private void load() {
    jdbc()
        .sql(
            "INSERT INTO owners (version, last_name, telephone)"
                + " SELECT 0, 'Loaded', '+1 ' || n FROM generate_series(1, ?) n")
        .param(LOADED)
        .update();
  }

  private int loadedRight() {
    return jdbc()
        .sql(
            "SELECT count(DISTINCT phone) FROM owners WHERE last_name = 'Loaded' AND phone ~ '^\\+1 \\d+$'")
        .query(Integer.class)
        .single();
  }

  private JdbcClient jdbc() {
    return JdbcClient.create(database.dataSource());
  }

  private void await(Predicate<MigrationStatus> condition) {
    Migrator migrator = running.getLast().getBean(Migrator.class);
    Await.until(
        () -> migrator.status(PHONE).filter(condition).isPresent(),
        () -> String.valueOf(migrator.status(PHONE)));
  }
}
