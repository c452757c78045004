package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** PEERS 9.12: two instances behind the real pooler in transaction mode, with fewer sessions. */
@EnabledIf("dev.migrator.internal.engine.PgBouncer#isInstalled")
@Tag("server-version")
class PgBouncerIT {

  private static final MigratorSettings AUTO =
      Fixture.SETTINGS.toBuilder().contract(it -> it.mode(ContractMode.AUTO)).build();

  private final Fixture fixture = Fixture.withoutJournal();

  private PgBouncer pooler;

  @BeforeEach
  void start() throws IOException {
    pooler = PgBouncer.before(fixture.database(), 3);
    fixture.execute(
        "CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL UNIQUE, b int)",
        "CREATE INDEX lowered ON t (lower(a))",
        "INSERT INTO t SELECT n, 'x' || n FROM generate_series(1, 20000) n");
  }

  @AfterEach
  void close() {
    fixture.close();
    pooler.close();
  }

  private Migrator instance(Migration... migrations) {
    HikariDataSource pool = fixture.pool(4);
    pool.setJdbcUrl(pooler.jdbcUrl());
    Migrator migrator = fixture.migrator(pool, AUTO, migrations);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  @Test
  void aColumnIsRenamedAndTheOperationsWork() {
    Migration[] all = {
      Migration.define("rename").table("t").renameColumn("a", "c").switchRead().dropColumn("a"),
      Migration.define("index").table("t").addIndex("by_b").on("b"),
      Migration.define("not-null").table("t").setNotNull("b").fillNullsWith("id")
    };
    Migrator one = instance(all);
    Migrator two = instance(all);
    Fixture.awaitState(one, "rename", MigrationStatus.State.COMPLETED);
    Fixture.awaitPhase(two, "index", Phase.BACKFILL);
    Fixture.awaitPhase(two, "not-null", Phase.BACKFILL);

    assertThat(fixture.value("SELECT count(*) FROM t WHERE c = 'x' || id AND b = id"))
        .isEqualTo("20000");
    assertThat(
            fixture.value(
                "SELECT string_agg(indexdef, '; ' ORDER BY indexname) FROM pg_indexes WHERE tablename = 't'"))
        .contains("(b)", "(c)", "lower(c)")
        .doesNotContain("migrator");
  }
}
