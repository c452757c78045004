package dev.migrator.internal.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migrator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * An instance of a release that knows no change, in a JVM of its own: says when it serves, and
 * answers each line with whether it may.
 */
final class FleetChild {

  static final String SERVES = "serves";

  static final String ANSWER = "may serve: ";

  private FleetChild() {}

  public static void main(String... arguments) throws Exception {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(arguments[0]);
    pool.setUsername(arguments[1]);
    pool.setPassword(arguments[2]);
    pool.setMaximumPoolSize(2);
    Migrator migrator =
        Fixture.builder(pool).settings(Fixture.AUTO).application("shop", "1.0").build();
    migrator.prepare();
    migrator.start();
    System.out.println(SERVES);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (questions.readLine() != null) {
      System.out.println(ANSWER + migrator.mayServe());
    }
    migrator.close();
    pool.close();
  }
}
