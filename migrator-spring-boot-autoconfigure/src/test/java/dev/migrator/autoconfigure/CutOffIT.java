package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.application.Pool;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real application whose database is out of reach for longer than it may serve without. */
class CutOffIT {

  private static final String READINESS = "/actuator/health/readiness";

  private TestDatabase database;

  private CuttableWire wire;

  @BeforeEach
  void createDatabase() throws IOException {
    database = TestPostgres.newDatabase();
    wire = new CuttableWire(database.server().host(), database.server().port());
  }

  @AfterEach
  void dropDatabase() throws IOException {
    wire.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void refusesTrafficBeforeItsLeaseEndsAndAcceptsItAgainAfter(String guarded, boolean silently) {
    Witness witness = new Witness(database.dataSource());
    try (Http http =
        start(
            witness,
            "migrator.fleet.guard-data-source=" + guarded,
            // Through which the migrator must get its connections all the same.
            "spring.datasource.connection-fetch=" + (guarded.equals("true") ? "lazy" : "eager"))) {
      assertThat(http.get(READINESS).status()).isEqualTo(200);
      if (silently) {
        wire.silence();
      } else {
        wire.cut();
      }
      Await.until(() -> http.get(READINESS).status() == 503);
      assertThat(witness.leaseWasGood).as("when it refused").containsExactly(true);
      assertThat(migrator(http).mayServe()).isFalse();
      assertThat(http.get("/actuator/health/migrator").body()).contains("OUT_OF_SERVICE");

      wire.mend();
      Await.until(() -> http.get(READINESS).status() == 200);
      assertThat(migrator(http).mayServe()).isTrue();
      assertThat(http.get("/actuator/health/migrator").body()).contains("UP");
      assertThat(witness.leaseWasGood).hasSize(1);
    }
  }

  @Test
  void refusesTrafficForGoodIfWhatItNeedsWentMeanwhile() {
    Migration next =
        Migration.define(UsersApplication.RENAME)
            .table("users")
            .renameColumn("name", "full_name")
            .switchRead()
            .dropColumn("name");
    try (Http http = start(new Witness(database.dataSource()));
        HikariDataSource pool = Pool.of(database);
        Migrator other =
            Migrator.builder(pool).application("users", "2.0").declare("next", next).build()) {
      wire.cut();
      other.prepare();
      other.start();
      Await.until(() -> other.status(next.id()).orElseThrow().phase() == Phase.CONTRACT);

      wire.mend();
      Await.until(() -> http.get("/actuator/health/migrator").body().contains("refused"));
      assertThat(http.get("/actuator/health/migrator").body())
          .contains("DOWN", next.id(), "users 2.0");
      assertThat(http.get(READINESS).status()).isEqualTo(503);
      assertThat(migrator(http).mayServe()).isFalse();
    }
  }

  private Http start(Witness witness, String... properties) {
    SpringApplicationBuilder application =
        UsersApplication.on(database)
            .listeners(witness)
            .properties(
                "spring.datasource.url=jdbc:postgresql://localhost:%d/%s"
                    .formatted(wire.port(), database.name()),
                "spring.datasource.hikari.connection-timeout=500",
                // The third of it that is left when it refuses must outlast a pause of the JVM.
                "migrator.fleet.lease-time=9s",
                "migrator.fleet.heartbeat=300ms",
                "management.endpoint.health.show-details=always",
                "management.endpoint.health.probes.enabled=true")
            .properties(properties);
    return new Http(application.run());
  }

  private static Migrator migrator(Http http) {
    return http.application().getBean(Migrator.class);
  }

  /**
   * Asks the database, on its own connection, whether the lease is valid when traffic is refused.
   */
  private static final class Witness
      implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

    private final List<Boolean> leaseWasGood = new CopyOnWriteArrayList<>();

    private final JdbcClient jdbc;

    private Witness(DataSource dataSource) {
      this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
      if (event.getState() == ReadinessState.REFUSING_TRAFFIC) {
        leaseWasGood.add(
            jdbc.sql(
                    "SELECT bool_and(left_at IS NULL AND expires_at > clock_timestamp())"
                        + " FROM migrator.instance")
                .query(Boolean.class)
                .single());
      }
    }
  }
}
