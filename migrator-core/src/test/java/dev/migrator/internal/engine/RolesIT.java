package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.Sync;
import dev.migrator.status.MigrationStatus;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** PEERS 9.12: the least that each role needs, as docs/running.md says it. */
@Tag("server-version")
class RolesIT {

  private final Fixture fixture = Fixture.withoutJournal();

  private final String suffix = fixture.database().name();

  private final String owner = "owner_" + suffix;

  private final String app = "app_" + suffix;

  @AfterEach
  void close() {
    fixture.execute(
        "DROP OWNED BY %s, %s CASCADE".formatted(owner, app),
        "DROP ROLE %s".formatted(owner),
        "DROP ROLE %s".formatted(app));
    fixture.close();
  }

  private HikariDataSource as(String role) {
    HikariDataSource pool = fixture.pool(2);
    pool.setUsername(role);
    pool.setPassword("secret");
    return pool;
  }

  @Test
  void theApplicationNeedsNoRightToAlterAnything() {
    fixture.execute(
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(owner),
        "CREATE ROLE %s LOGIN PASSWORD 'secret'".formatted(app),
        "GRANT CREATE ON DATABASE \"%s\" TO %s".formatted(fixture.database().name(), owner),
        "CREATE SCHEMA shop AUTHORIZATION %s".formatted(owner),
        "SET ROLE "
            + owner
            + "; CREATE TABLE shop.users (id int PRIMARY KEY, name text NOT NULL);"
            + " CREATE INDEX users_name ON shop.users (name); RESET ROLE",
        "GRANT USAGE ON SCHEMA shop TO " + app,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON shop.users TO " + app);
    JdbcClient application = JdbcClient.create(as(app));
    application
        .sql("INSERT INTO shop.users SELECT n, 'user ' || n FROM generate_series(1, 500) n")
        .update();
    Migration.Backfilled change =
        Migration.define("roles")
            .table("shop", "users")
            .addColumn("full_name", "text")
            .dualWrite(
                Sync.of("name")
                    .with("full_name")
                    .compute("full_name", "upper(name)")
                    .compute("name", "initcap(full_name)"))
            .backfill();
    Migrator migrator =
        fixture.migrator(
            as(owner),
            Fixture.SETTINGS.toBuilder().contract(it -> it.approved(Set.of("roles"))).build(),
            change.switchRead().dropColumn("name"));

    migrator.prepare();
    application.sql("INSERT INTO shop.users (id, full_name) VALUES (1000, 'ADA')").update();
    application.sql("UPDATE shop.users SET full_name = 'BOB' WHERE id = 1").update();
    assertThat(fixture.value("SELECT name FROM shop.users WHERE id IN (1, 1000) ORDER BY id"))
        .isEqualTo("Bob,Ada");
    assertThat(
            fixture.value("SELECT has_schema_privilege('%s', 'migrator', 'USAGE')".formatted(app)))
        .isEqualTo("f");

    migrator.start();
    Fixture.awaitState(migrator, "roles", MigrationStatus.State.COMPLETED);
    assertThat(migrator.status("roles").orElseThrow().phase()).isEqualTo(Phase.CONTRACT);
    application.sql("UPDATE shop.users SET full_name = 'EVE' WHERE id = 2").update();
  }
}
