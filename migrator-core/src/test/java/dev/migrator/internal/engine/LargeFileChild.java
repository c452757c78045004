package dev.migrator.internal.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;

/** An instance that runs large files, in a JVM with less memory than they have bytes. */
final class LargeFileChild {

  static final String DONE = "done";

  private LargeFileChild() {}

  public static void main(String... arguments) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(arguments[0]);
    pool.setUsername(arguments[1]);
    pool.setPassword(arguments[2]);
    pool.setMaximumPoolSize(2);
    try (Migrator migrator =
        Migrator.builder(pool).application("shop", "1").sqlFiles(arguments[3]).build()) {
      migrator.prepare();
      System.out.println(DONE);
    }
    pool.close();
  }
}
