package dev.migrator.internal.engine;

import static dev.migrator.internal.engine.Fixture.AUTO;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.error.MigratorException;
import dev.migrator.settings.MigratorSettings;
import dev.migrator.status.MigrationStatus;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of SQL files, and releases that have it. */
abstract class SqlFilesOfReleases {

  static final MigratorSettings BRIEF =
      AUTO.toBuilder().lock(it -> it.hold(Duration.ofMillis(300))).build();

  static final String AVATAR = "20260115120000_add_avatar_url";

  final Fixture fixture = new Fixture();

  @TempDir Path folder;

  SqlFolder files;

  int releases;

  @BeforeEach
  void table() {
    files = new SqlFolder(folder);
    fixture.execute(
        "CREATE TABLE users (id int PRIMARY KEY, name text, fax text)",
        "INSERT INTO users SELECT n, 'u' || n, 'f' || n FROM generate_series(1, 50) n");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  Migrator release(MigratorSettings settings, Migration... beans) {
    return release(fixture.dataSource(), settings, files.location(), beans);
  }

  Migrator release(
      DataSource dataSource, MigratorSettings settings, String location, Migration... beans) {
    MigratorBuilder builder =
        Fixture.builder(dataSource)
            .settings(settings)
            .application("shop", "release-" + ++releases)
            .sqlFiles(location);
    for (Migration bean : beans) {
      builder.declare(bean.id() + "-bean", bean);
    }
    Migrator migrator = builder.build();
    fixture.closing(migrator);
    return migrator;
  }

  Migrator started(MigratorSettings settings, Migration... beans) {
    Migrator migrator = release(settings, beans);
    migrator.prepare();
    migrator.start();
    return migrator;
  }

  void runAndClose(Migration... beans) {
    Migrator migrator = release(AUTO, beans);
    migrator.prepare();
    migrator.close();
  }

  String refusal(MigratorSettings settings, Migration... beans) {
    Migrator migrator = release(settings, beans);
    MigratorException[] refusal = new MigratorException[1];
    assertThatExceptionOfType(MigratorException.class)
        .isThrownBy(migrator::prepare)
        .satisfies(it -> refusal[0] = it);
    migrator.close();
    return refusal[0].getMessage();
  }

  String order() {
    return fixture.value("SELECT id FROM migrator.migration ORDER BY created_at, id");
  }

  static MigrationStatus status(Migrator migrator, String id) {
    return migrator.status(id).orElseThrow();
  }
}
