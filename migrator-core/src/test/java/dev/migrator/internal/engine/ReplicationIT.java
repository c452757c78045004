package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.error.UnsupportedDatabaseException;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.settings.ReplicationMode;
import dev.migrator.status.MigrationStatus.State;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestServer;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A subscriber of logical replication stops at the first row with a column that it lacks. */
@Tag("server-version")
class ReplicationIT {

  private static final Migration.Backfilled RENAME =
      Migration.define("m").table("t").renameColumn("a", "b");

  private final TestServer server = TestServer.embedded(Map.of("wal_level", "logical"));

  private final TestDatabase database = server.newDatabase();

  private final JdbcClient jdbc = JdbcClient.create(database.dataSource());

  @BeforeEach
  void table() {
    jdbc.sql("CREATE TABLE t (id int PRIMARY KEY, a text)").update();
    jdbc.sql("INSERT INTO t VALUES (1, 'x')").update();
  }

  @AfterEach
  void close() {
    database.close();
    server.close();
  }

  private void subscribed(String publication) {
    jdbc.sql("CREATE PUBLICATION p " + publication).update();
    jdbc.sql("SELECT pg_create_logical_replication_slot('reports', 'pgoutput')")
        .query(String.class)
        .single();
  }

  private Migrator migrator(MigratorSettings settings, Migration migration) {
    return Fixture.builder(database.dataSource())
        .declare("bean", migration)
        .settings(settings)
        .build();
  }

  private static MigratorSettings allowing(Set<String> ids) {
    return Fixture.SETTINGS.toBuilder().safety(it -> it.replicationAllowed(ids)).build();
  }

  @Test
  void newColumnsOfAPublishedTableAreHeldUntilAllowed() {
    subscribed("FOR TABLE t");
    for (Migration migration :
        new Migration[] {RENAME, Migration.define("n").table("t").addColumn("n", "int")}) {
      Migrator migrator = migrator(Fixture.SETTINGS, migration);
      assertThatExceptionOfType(InvalidMigrationException.class)
          .isThrownBy(migrator::prepare)
          .withMessageContainingAll(
              ErrorCode.REPLICATED.code(), "publication \"p\"", "slot \"reports\"", "is away");
      migrator.close();
    }
    assertThat(columns()).isEqualTo("id,a");

    Migrator allowed = migrator(allowing(Set.of("m")), RENAME);
    allowed.prepare();
    allowed.close();
    assertThat(columns()).isEqualTo("id,a,b");
  }

  @Test
  void aTableThatIsNotPublishedIsFree() {
    jdbc.sql("CREATE TABLE other (id int PRIMARY KEY)").update();
    subscribed("FOR TABLE other");
    Migrator migrator = migrator(Fixture.SETTINGS, RENAME);
    migrator.prepare();
    migrator.close();
    assertThat(columns()).isEqualTo("id,a,b");
  }

  @Test
  void partitionsArePublishedAsWell() {
    jdbc.sql("CREATE TABLE parts (id int PRIMARY KEY, a text) PARTITION BY RANGE (id)").update();
    jdbc.sql("CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (100)").update();
    subscribed("FOR TABLE low");
    Migrator migrator =
        migrator(Fixture.SETTINGS, Migration.define("m").table("parts").renameColumn("a", "b"));
    assertThatExceptionOfType(InvalidMigrationException.class)
        .isThrownBy(migrator::prepare)
        .withMessageContaining("MIG-1510");
  }

  /** A publication that lists columns sends no others. */
  @Test
  void aListOfColumnsDoesNotHaveTheNewOne() {
    assumeThat(
            jdbc.sql("SELECT current_setting('server_version_num')::int >= 150000")
                .query(Boolean.class)
                .single())
        .isTrue();
    subscribed("FOR TABLE t (id)");
    Migrator migrator = migrator(Fixture.SETTINGS, RENAME);
    migrator.prepare();
    migrator.close();
    assertThat(columns()).isEqualTo("id,a,b");
  }

  /** The journal is a table, too. */
  @Test
  void aPublicationOfAllTablesHoldsTheJournal() {
    subscribed("FOR ALL TABLES");
    Migrator held = migrator(Fixture.SETTINGS, RENAME);
    assertThatExceptionOfType(UnsupportedDatabaseException.class)
        .isThrownBy(held::prepare)
        .withMessageContainingAll("MIG-1510", "slot \"reports\"", "migrator.replication=allow");
    assertThat(
            jdbc.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'migrator'")
                .query(Integer.class)
                .single())
        .isZero();
  }

  /** Every table that the library updates has an identity, also those that it only tries. */
  @Test
  void aWholeLifeIsPublished() {
    subscribed("FOR ALL TABLES");
    Migrator migrator =
        migrator(
            Fixture.SETTINGS.toBuilder()
                .contract(it -> it.mode(ContractMode.AUTO))
                .safety(it -> it.replication(ReplicationMode.ALLOW))
                .build(),
            Migration.define("m")
                .table("t")
                .addColumn("b", "text")
                .dualWrite(
                    dev.migrator.Sync.of("a")
                        .with("b")
                        .compute("b", "upper(a)")
                        .compute("a", "lower(b)"))
                .backfill()
                .switchRead()
                .dropColumn("a"));
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.CONTRACT);
    Fixture.awaitState(migrator, "m", State.COMPLETED);
    migrator.close();
    assertThat(columns()).isEqualTo("id,b");
  }

  private String columns() {
    return jdbc.sql(
            "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped")
        .query(String.class)
        .single();
  }
}
