package dev.migrator.internal.engine;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrator.Migration;
import dev.migrator.Migrator;
import dev.migrator.Phase;
import java.time.Duration;

/** An instance in a process of its own, which works on a backfill until it is reached or killed. */
final class BackfillChild {

  private BackfillChild() {}

  static Migration change() {
    return Migration.define("m").table("t").renameColumn("a", "b");
  }

  /** Arguments: URL, user, password, name of the instance. */
  public static void main(String[] args) {
    HikariDataSource dataSource = new HikariDataSource();
    dataSource.setMaximumPoolSize(2);
    dataSource.setJdbcUrl(args[0]);
    dataSource.setUsername(args[1]);
    dataSource.setPassword(args[2]);
    Migrator migrator =
        Fixture.builder(dataSource)
            .declare("bean", change())
            .settings(
                Fixture.SETTINGS.toBuilder()
                    .leaseTime(Duration.ofSeconds(1))
                    .backfill(
                        it ->
                            // Twice as long as one takes where the test slows it down.
                            it.rangeTarget(Duration.ofSeconds(2))
                                // At a part of its speed nobody would be free for a chunk in time.
                                .throttle(most -> most.commitLatencyFactor(0)))
                    .build())
            .instance(args[3])
            .build();
    migrator.prepare();
    migrator.start();
    Fixture.awaitPhase(migrator, "m", Phase.BACKFILL);
    migrator.close();
    dataSource.close();
  }
}
