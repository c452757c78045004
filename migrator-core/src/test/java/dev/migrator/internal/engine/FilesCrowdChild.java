package dev.migrator.internal.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.MigratorBuilder;
import dev.migrator.settings.ContractMode;
import dev.migrator.settings.MigratorSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import javax.sql.DataSource;

/** One of many instances that start at once on a new database, in a JVM of its own. */
final class FilesCrowdChild {

  static final String READY = "ready";

  static final String SERVES = "serves";

  static final String CLOSED = "closed";

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

  /**
   * Lives once for each line, which names a database and the place of the files, and does what
   * comes next when it gets another line. Arguments: URL, user, password, number of the beans.
   */
  public static void main(String... arguments) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] where = line.split(" ");
      HikariDataSource pool = new HikariDataSource();
      pool.setJdbcUrl(where[0]);
      pool.setUsername(arguments[1]);
      pool.setPassword(arguments[2]);
      pool.setMaximumPoolSize(2);
      Migrator migrator = migrator(pool, where[1], Integer.parseInt(arguments[3]));
      System.out.println(READY);
      lines.readLine();
      migrator.prepare();
      migrator.start();
      System.out.println(SERVES);
      lines.readLine();
      migrator.close();
      pool.close();
      System.out.println(CLOSED);
    }
  }
}
