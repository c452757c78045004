package dev.migrator.internal.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import java.time.Duration;
import javax.sql.DataSource;

/** One of many instances that start at once on a new database, in a JVM of its own. */
final class FilesCrowdChild {

  static final String READY = "ready";

  static final String SERVES = "serves";

  /** With the times of real life: so many that look again and again would leave it no time. */
  private static final MigratorSettings SETTINGS =
      MigratorSettings.builder()
          .contract(it -> it.mode(ContractMode.AUTO))
          .leaseTime(Duration.ofSeconds(2))
          .build();

  private FilesCrowdChild() {}

  /** Beans whose places in the order lie between those of the files. */
  static Migrator migrator(DataSource dataSource, String location, int beans) {
    MigratorBuilder builder =
        Migrator.builder(dataSource)
            .settings(SETTINGS)
            .application("shop", "1.0")
            .sqlFiles(location);
    for (int i = 0; i < beans; i++) {
      builder.declare(
          "bean" + i,
          Migration.define("2026010100%04d-bean%d".formatted(20 * i + 1, i))
              .table("t" + i * 10)
              .renameColumn("a", "b")
              .switchRead()
              .dropColumn("a"));
    }
    return builder.build();
  }

  public static void main(String... arguments) throws Exception {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(arguments[0]);
    pool.setUsername(arguments[1]);
    pool.setPassword(arguments[2]);
    pool.setMaximumPoolSize(2);
    Migrator migrator = migrator(pool, arguments[3], Integer.parseInt(arguments[4]));
    System.out.println(READY);
    System.in.read();
    migrator.prepare();
    migrator.start();
    System.out.println(SERVES);
    System.in.read();
    migrator.close();
    pool.close();
  }
}
