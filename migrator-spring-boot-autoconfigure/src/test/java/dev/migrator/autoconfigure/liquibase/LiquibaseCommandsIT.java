package dev.migrator.autoconfigure.liquibase;

import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.ID;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.documented;
import static dev.migrator.autoconfigure.liquibase.ChangelogRelease.migrator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrator.Migrator;
import dev.migrator.OperatorCommand;
import dev.migrator.Phase;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.integration.spring.SpringResourceAccessor;
import liquibase.resource.ResourceAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Liquibase without an application, as by its command line, with a changelog of migrations. */
class LiquibaseCommandsIT {

  private static final Contexts CONTEXTS = new Contexts();

  private static final LabelExpression LABELS = new LabelExpression();

  private final TestDatabase database = TestPostgres.newDatabase();

  private final ResourceAccessor resources =
      new SpringResourceAccessor(new DefaultResourceLoader());

  @TempDir private Path folder;

  private ChangelogRelease release;

  private String changelog;

  @BeforeEach
  void write() {
    release = new ChangelogRelease(database, folder).with("shop.yaml", documented("yaml"));
    changelog = release.changelog("shop.yaml");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private interface Command {
    void run(Liquibase liquibase) throws Exception;
  }

  private void liquibase(Command command) throws Exception {
    Database connected =
        DatabaseFactory.getInstance()
            .findCorrectDatabaseImplementation(
                new JdbcConnection(database.dataSource().getConnection()));
    try (Liquibase liquibase = new Liquibase(changelog, resources, connected)) {
      command.run(liquibase);
    }
  }

  private List<String> changeSets() {
    return query("SELECT id FROM databasechangelog ORDER BY orderexecuted");
  }

  private List<String> query(String sql) {
    return JdbcClient.create(database.dataSource()).sql(sql).query(String.class).list();
  }

  @Test
  void updateSqlShowsWhatIsDeclaredAndRunsNothing() throws Exception {
    StringWriter sql = new StringWriter();
    liquibase(it -> it.update(CONTEXTS, LABELS, sql));
    assertThat(sql.toString())
        .contains(
            "-- migrator, not Liquibase, carries this out in phases, when the application has started:")
        .contains(
            "-- migration \"%s\": migration { ready: BACKFILL, renameColumn { table: users, from: name, to: full_name } }"
                .formatted(ID))
        .contains("GET /actuator/migrator/" + ID)
        .doesNotContain("ALTER TABLE");
    assertThat(query("SELECT tablename FROM pg_tables WHERE tablename = 'users'")).isEmpty();
    // What it shows is a script that runs, and leaves Liquibase with nothing to do.
    JdbcClient.create(database.dataSource()).sql(sql.toString()).update();
    assertThat(changeSets()).containsExactly("users", ID);
  }

  /** Also after an application of this JVM has read a changelog. */
  @Test
  void updateSqlNeedsNoDatabase() throws Exception {
    release.start(changelog).close();
    StringWriter sql = new StringWriter();
    Database offline =
        DatabaseFactory.getInstance()
            .openDatabase(
                "offline:postgresql?changeLogFile=" + folder.resolve("log.csv"),
                null,
                null,
                null,
                resources);
    try (Liquibase liquibase = new Liquibase(changelog, resources, offline)) {
      liquibase.update(CONTEXTS, LABELS, sql);
    }
    assertThat(sql.toString()).contains("-- migration \"%s\": migration {".formatted(ID));
    assertThat(folder.resolve("log.csv")).as("what Liquibase notes of it").exists();
  }

  @Test
  void whatLiquibaseAloneHasRunIsCarriedOutByTheApplication() throws Exception {
    liquibase(it -> it.update(CONTEXTS, LABELS));
    assertThat(changeSets()).containsExactly("users", ID);
    assertThat(
            query("SELECT column_name FROM information_schema.columns WHERE table_name = 'users'"))
        .containsExactlyInAnyOrder("id", "name");
    try (ConfigurableApplicationContext application = release.start(changelog)) {
      await(migrator(application), MigrationStatus.State.REACHED);
    }
  }

  @Test
  void rollbackSaysHowItIsUndoneAndForgetsWhatIsUndone() throws Exception {
    try (ConfigurableApplicationContext application = release.start(changelog)) {
      Migrator migrator = migrator(application);
      await(migrator, MigrationStatus.State.REACHED);
      assertThatThrownBy(() -> liquibase(it -> it.rollback(1, CONTEXTS, LABELS)))
          .hasStackTraceContaining(
              "the migration \"%s\" has reached BACKFILL, and Liquibase does not undo it; migrator undoes it: POST /actuator/migrator/%s"
                  .formatted(ID, ID));
      assertThat(changeSets()).containsExactly("users", ID);
      assertThat(migrator.status(ID).orElseThrow().phase()).isEqualTo(Phase.BACKFILL);

      StringWriter sql = new StringWriter();
      liquibase(it -> it.rollback(1, CONTEXTS, LABELS, sql));
      assertThat(sql.toString())
          .contains(
              "-- Liquibase does not undo the migration \"%s\"; migrator undoes it".formatted(ID));

      for (Phase left : Arrays.asList(Phase.DUAL_WRITE, Phase.EXPAND, null)) {
        migrator.execute(ID, OperatorCommand.UNDO);
        Await.until(
            () -> migrator.status(ID).orElseThrow().phase() == left,
            () -> String.valueOf(migrator.status(ID)));
      }
    }
    liquibase(it -> it.rollback(1, CONTEXTS, LABELS));
    assertThat(changeSets()).containsExactly("users");
  }

  /** Nothing of migrator is there yet. */
  @Test
  void rollbackOfWhatWasOnlyDeclaredForgetsIt() throws Exception {
    liquibase(it -> it.update(CONTEXTS, LABELS));
    liquibase(it -> it.rollback(1, CONTEXTS, LABELS));
    assertThat(changeSets()).containsExactly("users");
  }

  private static void await(Migrator migrator, MigrationStatus.State state) {
    Await.until(
        () -> migrator.status(ID).orElseThrow().state() == state,
        () -> String.valueOf(migrator.status(ID)));
  }
}
