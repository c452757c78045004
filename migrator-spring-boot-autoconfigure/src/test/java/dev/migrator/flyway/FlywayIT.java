package dev.migrator.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import dev.migrator.application.DatabaseProperties;
import dev.migrator.application.Page;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.MigratorException;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Teams that come from Flyway, with Flyway itself. */
@ExtendWith(OutputCaptureExtension.class)
class FlywayIT {

  private static final String NOTHING = "spring.flyway.enabled=false";

  private final TestDatabase database = TestPostgres.newDatabase();

  private final TestDatabase fresh = TestPostgres.newDatabase();

  private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void close() {
    applications.forEach(ConfigurableApplicationContext::close);
    database.close();
    fresh.close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    FlywayAutoConfiguration.class,
    dev.migrator.autoconfigure.MigratorAutoConfiguration.class
  })
  static class Shop {}

  /** The example of docs/side-by-side.md, to the letter. */
  @Configuration(proxyBeanMethods = false)
  static class WithBean {

    @Bean
    Migration usersState() {
      return Migration.define("2026-03-02-users-state")
          .table("users")
          .addColumn("state", "text", it -> it.defaultValue("'new'"));
    }
  }

  private FlywayIT write(String name, String sql) {
    try {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.writeString(folder.resolve(name), sql);
      return this;
    } catch (IOException ex) {
      throw new IllegalStateException(ex);
    }
  }

  private FluentConfiguration flyway(TestDatabase target) {
    return Flyway.configure()
        .dataSource(target.jdbcUrl(), target.username(), target.password())
        // Its own lock would let CREATE INDEX CONCURRENTLY wait for ever.
        .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
        .locations("filesystem:" + folder);
  }

  private JdbcClient jdbc(TestDatabase target) {
    return JdbcClient.create(
        new DriverManagerDataSource(target.jdbcUrl(), target.username(), target.password()));
  }

  private String value(TestDatabase target, String sql) {
    return String.join(
        ",", jdbc(target).sql(sql).query((rs, row) -> String.valueOf(rs.getString(1))).list());
  }

  private ConfigurableApplicationContext start(
      TestDatabase target, Class<?>[] sources, String... properties) {
    ConfigurableApplicationContext application =
        new SpringApplicationBuilder(Shop.class)
            .sources(sources)
            .web(WebApplicationType.NONE)
            .properties(DatabaseProperties.of(target))
            .properties(
                "spring.application.name=shop",
                "spring.datasource.hikari.maximum-pool-size=3",
                "migrator.contract.retention=0s")
            .run(arguments(properties));
    applications.add(application);
    return application;
  }

  private static String[] arguments(String... properties) {
    String[] arguments = new String[properties.length];
    for (int i = 0; i < properties.length; i++) {
      arguments[i] = "--" + properties[i];
    }
    return arguments;
  }

  private ConfigurableApplicationContext adopting(TestDatabase target, String... more) {
    List<String> properties =
        new ArrayList<>(
            List.of(NOTHING, "migrator.adopt=flyway", "migrator.locations=file:" + folder));
    properties.addAll(List.of(more));
    return start(target, new Class<?>[] {}, properties.toArray(String[]::new));
  }

  private void history() {
    write(
            "V1__create_users.sql",
            "CREATE TABLE users (id bigint PRIMARY KEY, name text, fax text);\n")
        .write("V1_1__windows.sql", "CREATE INDEX users_name\r\n  ON users (name);\r\n")
        .write("sub/V2__Drop fax.sql", "\uFEFFALTER TABLE users DROP COLUMN fax;")
        .write("V10__ten.sql", "ALTER TABLE users ADD COLUMN ten text -- änderung\n")
        .write(
            "R__active_users.sql",
            "CREATE OR REPLACE VIEW active_users AS SELECT id, name FROM users")
        .write("V20260115120000__index.sql", "CREATE INDEX CONCURRENTLY users_ten ON users (ten)");
  }

  private static MigrationStatus status(ConfigurableApplicationContext application, String id) {
    return application.getBean(Migrator.class).status(id).orElseThrow();
  }

  private String catalog(TestDatabase target) {
    return value(
        target,
        """
        SELECT line FROM (
          SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) AS line
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname <> 'flyway_schema_history'
          UNION ALL
          SELECT pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index JOIN pg_class t ON t.oid = indrelid
           WHERE t.relnamespace = 'public'::regnamespace AND t.relname <> 'flyway_schema_history'
          UNION ALL
          SELECT pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
        ) AS all_lines ORDER BY line""");
  }

  @Test
  void whatFlywayHasRunIsTakenOverAndANewDatabaseEndsTheSame(CapturedOutput output) {
    history();
    assertThat(flyway(database).load().migrate().migrationsExecuted).isEqualTo(6);
    String flyways = value(database, "SELECT count(*) FROM flyway_schema_history");
    write("20260301090000_next.sql", "ALTER TABLE users ADD COLUMN next int;");
    ConfigurableApplicationContext application = adopting(database);
    assertThat(output).contains("6 files are known to have run from the history of Flyway");
    assertThat(status(application, "V1_1__windows").phase()).isEqualTo(Phase.EXPAND);
    assertThat(status(application, "V2__Drop_fax").events().get(0).detail())
        .startsWith("ADOPT: run by Flyway as sub/V2__Drop fax.sql");
    assertThat(value(database, "SELECT count(*) FROM migrator.event WHERE kind = 'EFFECT'"))
        .as("only the new one has run")
        .isEqualTo("1");
    assertThat(value(database, "SELECT count(*) FROM flyway_schema_history")).isEqualTo(flyways);

    adopting(fresh);
    assertThat(catalog(fresh)).contains("users.next", "users_ten").isEqualTo(catalog(database));
    assertThat(value(fresh, "SELECT id FROM migrator.migration ORDER BY created_at, id"))
        .startsWith(
            "V1__create_users,V1_1__windows,V2__Drop_fax,V10__ten,V20260115120000__index,20260301090000_next,R__active_users");
  }

  /** The release before runs Flyway with its own files, and does not mind the newer ones. */
  @Test
  void theReleaseBeforeStartsAgainWithFlyway() throws IOException {
    history();
    flyway(database).load().migrate();
    write("20260301090000_next.sql", "ALTER TABLE users ADD COLUMN next int;");
    adopting(database).close();
    Files.delete(folder.resolve("20260301090000_next.sql"));
    assertThat(flyway(database).load().migrate().migrationsExecuted).isZero();
    flyway(database).load().validate();
    write("20260301090000_next.sql", "ALTER TABLE users ADD COLUMN next int;");
    adopting(database);
    assertThat(value(database, "SELECT count(next) FROM users")).isEqualTo("0");
  }

  /** It may even have run more in between. */
  @Test
  void whatFlywayRunsLaterIsTakenOverAtTheNextStart() {
    history();
    flyway(database).load().migrate();
    adopting(database).close();
    write("V20260201000000__again.sql", "ALTER TABLE users ADD COLUMN again int;");
    flyway(database).load().migrate();
    adopting(database);
    assertThat(
            value(
                database,
                "SELECT phase FROM migrator.migration WHERE id = 'V20260201000000__again'"))
        .isEqualTo("EXPAND");
  }

  @Test
  void aBaselineContainsTheFilesBelowIt() {
    history();
    jdbc(database).sql("CREATE TABLE users (id bigint PRIMARY KEY, name text, ten text)").update();
    flyway(database).baselineVersion("10").load().baseline();
    flyway(database).load().migrate();
    ConfigurableApplicationContext application = adopting(database);
    assertThat(status(application, "V1__create_users").events().get(0).detail())
        .isEqualTo("ADOPT: contained in Flyway's baseline, version 10");
  }

  /** Instances of the release before may serve, and nobody has registered them. */
  @Test
  void whatTakesAwayIsRefusedWhereFlywayHasRunThoughNoneOfItsFilesIsLeft() throws IOException {
    write("V1__old.sql", "CREATE TABLE users (id bigint PRIMARY KEY, name text)");
    flyway(database).load().migrate();
    Files.delete(folder.resolve("V1__old.sql"));
    write("V2__drop_name.sql", "ALTER TABLE users DROP COLUMN name");
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .hasMessageContaining("V2__drop_name.sql: it takes away")
        .hasMessageContaining("-- migrator: contract");
  }

  @Test
  void aFailedFileIsRefusedWithTheWayOn() {
    write("V1__create_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY)")
        .write("V2__index.sql", "CREATE INDEX CONCURRENTLY i ON nobody (id)");
    assertThatThrownBy(() -> flyway(database).load().migrate()).isNotNull();
    assertThat(value(database, "SELECT success FROM flyway_schema_history WHERE version = '2'"))
        .isEqualTo("f");
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .hasMessageContaining("V2__index.sql has failed")
        .hasMessageContaining("Flyway's command repair");
    write("V2__index.sql", "CREATE INDEX CONCURRENTLY i ON users (id)");
    flyway(database).load().repair();
    adopting(database);
    assertThat(value(database, "SELECT phase FROM migrator.migration WHERE id = 'V2__index'"))
        .isEqualTo("EXPAND");
  }

  @Test
  void aChangedFileIsRefusedUnlessSomebodySaysWhy() {
    history();
    flyway(database).load().migrate();
    write("V10__ten.sql", "ALTER TABLE users ADD COLUMN ten text -- another comment\n");
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .isInstanceOfSatisfying(
            MigratorException.class,
            it -> assertThat(it.errorCode()).isEqualTo(ErrorCode.FILE_CHANGED))
        .hasMessageContaining("migrator.sql.repair.V10__ten");
    adopting(database, "migrator.sql.repair.V10__ten=only a comment");
  }

  @Test
  void aHistoryElsewhereIsAskedForAndFound() {
    history();
    jdbc(database).sql("CREATE SCHEMA ops").update();
    flyway(database)
        .defaultSchema("ops")
        .schemas("public", "ops")
        .initSql("SET search_path = public")
        .load()
        .migrate();
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .hasMessageContaining("one is in ops.flyway_schema_history")
        .hasMessageContaining("migrator.adopt-table");
    adopting(database, "migrator.adopt-table=ops.flyway_schema_history");
  }

  @Test
  void aTableWithOtherColumnsIsRefused() {
    write("V1__a.sql", "SELECT 1");
    jdbc(database)
        .sql(
            "CREATE TABLE flyway_schema_history (version_rank int, installed_rank int, version text)")
        .update();
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .hasMessageContaining("checksum, installed_by, installed_on, script, success, type");
  }

  /** A role that may make a table must not get anything run by the one that reads it. */
  @Test
  void aHistoryThatRunsSomethingWhenItIsReadIsRefused() {
    write("V1__a.sql", "CREATE TABLE a (id int)");
    jdbc(database).sql("CREATE TABLE seen (who text)").update();
    jdbc(database)
        .sql(
            "CREATE FUNCTION trap() RETURNS text LANGUAGE sql AS 'INSERT INTO seen VALUES (current_user) RETURNING who'")
        .update();
    jdbc(database)
        .sql(
            "CREATE VIEW flyway_schema_history AS SELECT 1 AS installed_rank, trap() AS version, 'SQL'::text AS type, 'V1__a.sql'::text AS script, 1 AS checksum, ''::text AS installed_by, now()::timestamp AS installed_on, true AS success")
        .update();
    assertThatThrownBy(() -> adopting(database))
        .rootCause()
        .hasMessageContaining("no ordinary table");
    assertThat(value(database, "SELECT count(*) FROM seen")).isEqualTo("0");
  }

  @Test
  void sideBySideFlywayRunsItsFilesFirst() {
    assertThat(Page.of("side-by-side").java(0))
        .isSubstringOf(Page.squeezed("src/test/java/dev/migrator/flyway/FlywayIT.java"));
    write("V1__create_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY)");
    for (TestDatabase target : List.of(database, fresh)) {
      start(
          target,
          new Class<?>[] {WithBean.class},
          "spring.flyway.enabled=true",
          "spring.flyway.locations=filesystem:" + folder);
      assertThat(value(target, "SELECT count(state) FROM users")).isEqualTo("0");
    }
  }

  /** The limit of side by side: a file that needs what a bean makes comes too early. */
  @Test
  void sideBySideANewDatabaseFailsWhereAFileNeedsWhatABeanMakes() {
    write("V1__create_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY)");
    String[] properties = {
      "spring.flyway.enabled=true", "spring.flyway.locations=filesystem:" + folder
    };
    start(database, new Class<?>[] {WithBean.class}, properties).close();
    write("V20260303__by_state.sql", "CREATE INDEX by_state ON users (state)");
    start(database, new Class<?>[] {WithBean.class}, properties);
    assertThatThrownBy(() -> start(fresh, new Class<?>[] {WithBean.class}, properties))
        .rootCause()
        .hasMessageContaining("column \"state\" does not exist");
    // One history of both does not have that problem, also behind the failure.
    start(
        fresh,
        new Class<?>[] {WithBean.class},
        NOTHING,
        "migrator.adopt=flyway",
        "migrator.locations=file:" + folder);
    assertThat(catalog(fresh)).isEqualTo(catalog(database));
  }

  /** One setting, with Spring Boot's own place for the files. */
  @Test
  void theFilesAreFoundWhereSpringBootHasThem() {
    Flyway.configure()
        .dataSource(database.jdbcUrl(), database.username(), database.password())
        .locations("classpath:db/migration")
        .load()
        .migrate();
    start(database, new Class<?>[] {}, Page.of("coming-from-flyway").properties(0));
    assertThat(value(database, "SELECT string_agg(id, ',' ORDER BY id) FROM migrator.migration"))
        .isEqualTo("V1__create_users,V2__add_email");
  }

  /** Flyway would run new files before they could be looked at. */
  @Test
  void flywayThatIsStillOnIsNamed(CapturedOutput output) {
    write("V1__create_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY)");
    start(
        database,
        new Class<?>[] {},
        "spring.flyway.enabled=true",
        "spring.flyway.locations=filesystem:" + folder,
        "migrator.adopt=flyway",
        "migrator.locations=file:" + folder);
    assertThat(output).contains("spring.flyway.enabled=false");
  }
}
