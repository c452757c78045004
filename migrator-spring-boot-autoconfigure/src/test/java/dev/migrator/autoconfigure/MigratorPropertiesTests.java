package dev.migrator.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.TimeWindow;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MigratorPropertiesTests {

  @Test
  void defaultsAreThoseOfTheSettings() {
    assertThat(new MigratorProperties().toSettings()).isEqualTo(MigratorSettings.defaults());
  }

  @Test
  void everyPropertyHasItsSetting() {
    MigratorSettings settings =
        bind(
            Map.ofEntries(
                Map.entry("migrator.lock.budget", "50ms"),
                Map.entry("migrator.lock.retry-limit", "60s"),
                Map.entry("migrator.lock.hold", "200ms"),
                Map.entry("migrator.sql.out-of-order", "true"),
                Map.entry("migrator.sql.require-down", "fail"),
                Map.entry("migrator.sql.placeholders.role", "shop"),
                Map.entry("migrator.sql.repair.20260115_a", "a comment"),
                Map.entry("migrator.lease-time", "5s"),
                Map.entry("migrator.startup-limit", "90s"),
                Map.entry("migrator.backfill.range-target", "20ms"),
                Map.entry("migrator.backfill.workers", "3"),
                Map.entry("migrator.backfill.fleet-workers", "7"),
                Map.entry("migrator.backfill.windows", "22:00-06:00, 12:00-13:00"),
                Map.entry("migrator.backfill.zone", "Europe/Vienna"),
                Map.entry("migrator.backfill.throttle.replication-lag", "3s"),
                Map.entry("migrator.backfill.throttle.replication-lag-size", "10MB"),
                Map.entry("migrator.backfill.throttle.slot-lag", "1GB"),
                Map.entry("migrator.backfill.throttle.wal-rate", "20MB"),
                Map.entry("migrator.backfill.throttle.waiting-sessions", "2"),
                Map.entry("migrator.backfill.throttle.pool-waiting", "1"),
                Map.entry("migrator.backfill.throttle.latency-factor", "3"),
                Map.entry("migrator.backfill.throttle.commit-latency-factor", "2"),
                Map.entry("migrator.replication", "allow"),
                Map.entry("migrator.replication-allowed", "a, b"),
                Map.entry("migrator.standby-limit", "5m"),
                Map.entry("migrator.journal-owner", "shop_owner"),
                Map.entry("migrator.commands", "resume:a, undo-switch-read:b:c"),
                Map.entry("migrator.fleet.lease-time", "1m"),
                Map.entry("migrator.fleet.heartbeat", "3s"),
                Map.entry("migrator.fleet.switch-grace", "1s"),
                Map.entry("migrator.fleet.ignore-applications", "psql, metabase-*"),
                Map.entry("migrator.fleet.protection-limit", "20s"),
                Map.entry("migrator.contract.mode", "manual"),
                Map.entry("migrator.contract.soak", "1h"),
                Map.entry("migrator.accept-records", "a, c"),
                Map.entry("migrator.contract.retention", "2d"),
                Map.entry("migrator.contract.approved", "a, b")));
    assertThat(settings)
        .isEqualTo(
            MigratorSettings.builder()
                .lock(it -> it.budget(Duration.ofMillis(50)))
                .lock(it -> it.retryLimit(Duration.ofMinutes(1)))
                .lock(it -> it.hold(Duration.ofMillis(200)))
                .sql(
                    it ->
                        it.outOfOrder(true)
                            .requireDown(dev.migrator.settings.RequireDown.FAIL)
                            .placeholder("role", "shop")
                            .repair("20260115_a", "a comment"))
                .leaseTime(Duration.ofSeconds(5))
                .startupLimit(Duration.ofSeconds(90))
                .backfill(
                    it ->
                        it.workers(3)
                            .fleetWorkers(7)
                            .rangeTarget(Duration.ofMillis(20))
                            .windows(
                                List.of(
                                    TimeWindow.parse("22:00-06:00"),
                                    TimeWindow.parse("12:00-13:00")))
                            .zone(ZoneId.of("Europe/Vienna"))
                            .throttle(
                                throttle ->
                                    throttle
                                        .replicationLag(Duration.ofSeconds(3))
                                        .replicationLagSize(10L << 20)
                                        .slotLag(1L << 30)
                                        .walRate(20L << 20)
                                        .waitingSessions(2)
                                        .poolWaiting(1)
                                        .latencyFactor(3)
                                        .commitLatencyFactor(2)))
                .fleet(
                    it ->
                        it.leaseTime(Duration.ofMinutes(1))
                            .heartbeat(Duration.ofSeconds(3))
                            .switchGrace(Duration.ofSeconds(1))
                            .ignoreApplications(List.of("psql", "metabase-*"))
                            .protectionLimit(Duration.ofSeconds(20)))
                .contract(
                    it ->
                        it.mode(dev.migrator.settings.ContractMode.MANUAL)
                            .soak(Duration.ofHours(1))
                            .retention(Duration.ofDays(2))
                            .approved(Set.of("a", "b")))
                .safety(
                    it ->
                        it.replication(dev.migrator.settings.ReplicationMode.ALLOW)
                            .replicationAllowed(Set.of("a", "b"))
                            .standbyLimit(Duration.ofMinutes(5))
                            .journalOwner("shop_owner")
                            .commands("resume:a", "undo-switch-read:b:c")
                            .acceptRecords(Set.of("a", "c")))
                .build());
  }

  @Test
  void emptyMeansTheDefault() {
    assertThat(bind(Map.of("migrator.lock.budget", "", "migrator.contract.approved", "")))
        .isEqualTo(MigratorSettings.defaults());
  }

  @ParameterizedTest
  @CsvSource({
    "migrator.lock.budget,          0",
    "migrator.lock.budget,          50",
    "migrator.lock.retry-limit,     60",
    "migrator.lease-time,           10",
    "migrator.startup-limit,        600",
    "migrator.backfill.range-target, 250",
    "migrator.backfill.throttle.replication-lag, 10",
    "migrator.contract.retention,   3600",
    "migrator.contract.soak,         60",
    "migrator.fleet.lease-time,      30",
    "migrator.fleet.heartbeat,       5",
    "migrator.fleet.switch-grace,    5",
    "migrator.lock.budget,          11s",
    "migrator.lock.retry-limit,     -1s",
    "migrator.lock.hold,            21s",
    "migrator.lease-time,           500ms",
    "migrator.startup-limit,        2d",
    "migrator.standby-limit,        2d",
    "migrator.replication,          maybe",
    "migrator.backfill.range-target, 1m",
    "migrator.backfill.workers, 65",
    "migrator.backfill.workers, -1",
    "migrator.backfill.fleet-workers, 0",
    "migrator.backfill.windows, 22-6",
    "migrator.backfill.windows, 06:00-06:00",
    "migrator.backfill.zone, Vienna",
    "migrator.backfill.throttle.replication-lag, 2d",
    "migrator.backfill.throttle.replication-lag-size, -1B",
    "migrator.backfill.throttle.slot-lag, -1B",
    "migrator.backfill.throttle.wal-rate, -1B",
    "migrator.backfill.throttle.waiting-sessions, -1",
    "migrator.backfill.throttle.pool-waiting, 10001",
    "migrator.backfill.throttle.latency-factor, 1",
    "migrator.backfill.throttle.commit-latency-factor, 1",
    "migrator.contract.retention,   -1d",
    "migrator.contract.retention,   soon",
    "migrator.contract.soak,         31d",
    "migrator.contract.mode,         perhaps",
    "migrator.fleet.lease-time,      500ms",
    "migrator.fleet.switch-grace,    -1s",
  })
  void aBadValueNamesItsProperty(String property, String value) {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> bind(Map.of(property, value)))
        .satisfies(
            ex -> {
              assertThat(ex.getProperty()).isNotNull();
              assertThat(ex.getProperty().getName().toString()).isEqualTo(property);
              assertThat(ex.getProperty().getValue()).isEqualTo(value);
            });
  }

  @Test
  void aHeartbeatMustBeFasterThanTheLease() {
    assertThat(bind(Map.of("migrator.fleet.lease-time", "60s")).fleet().heartbeat())
        .isEqualTo(Duration.ofSeconds(10));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> bind(Map.of("migrator.fleet.lease-time", "6s", "migrator.fleet.heartbeat", "7s")))
        .withMessageContaining("migrator.fleet.heartbeat is PT7S");
  }

  @Test
  void theMetadataHaveTheSameDefaults() throws IOException {
    MapConfigurationPropertySource documented = new MapConfigurationPropertySource();
    Map<String, String> descriptions = new HashMap<>();
    for (JsonNode property : metadata().get("properties")) {
      String name = property.get("name").asString();
      if (name.startsWith("migrator.")) {
        descriptions.put(name, property.path("description").asString(""));
        if (property.has("defaultValue")) {
          documented.put(name, property.get("defaultValue").asString());
        }
      }
    }
    assertThat(descriptions)
        .hasSize(54)
        .allSatisfy((name, description) -> assertThat(description).endsWith("."));
    assertThat(documented.stream())
        .as("all but the lists, the zone, the maps and the names")
        .hasSize(38);
    assertThat(bind(documented).toSettings()).isEqualTo(MigratorSettings.defaults());
  }

  /** Of all jars that have such a file, the one that this module is built into. */
  private static JsonNode metadata() throws IOException {
    URL classes = MigratorProperties.class.getProtectionDomain().getCodeSource().getLocation();
    try (InputStream json =
        new URL(classes, "META-INF/spring-configuration-metadata.json").openStream()) {
      return JsonMapper.shared().readTree(json);
    }
  }

  private static MigratorSettings bind(Map<String, String> properties) {
    return bind(new MapConfigurationPropertySource(properties)).toSettings();
  }

  private static MigratorProperties bind(ConfigurationPropertySource source) {
    return new Binder(source)
        .bindOrCreate(
            "migrator",
            Bindable.of(MigratorProperties.class),
            new DurationsWithUnit(BindHandler.DEFAULT));
  }
}
