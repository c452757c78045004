package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Migrator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much the endpoint asks for. */
class StatusCostIT {

  private final Fixture fixture = new Fixture();

  private final CountingDataSource counting = new CountingDataSource(fixture.dataSource());

  @AfterEach
  void close() {
    fixture.close();
  }

  private long statements(int migrations) {
    Migration[] declared =
        IntStream.range(0, migrations)
            .mapToObj(
                it ->
                    Migration.define("m" + it).table("t" + it).renameColumn("a", "b").switchRead())
            .toArray(Migration[]::new);
    try (Migrator migrator = fixture.migrator(counting, Fixture.SETTINGS, declared)) {
      migrator.prepare();
      assertThat(migrator.status().migrations()).hasSize(migrations);
      counting.reset();
      migrator.status();
      return counting.count("");
    }
  }

  @Test
  void thereAreNoMoreStatementsWithMoreMigrations() {
    for (int i = 0; i < 3; i++) {
      fixture.execute(
          "CREATE TABLE t%d (id int PRIMARY KEY, a text)".formatted(i),
          "INSERT INTO t%d VALUES (1, 'x')".formatted(i));
    }
    assertThat(statements(1)).isEqualTo(5);
    assertThat(statements(3)).isEqualTo(5);
  }
}
