package dev.migrator.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A retention of a month is nothing unusual. */
@Tag("server-version")
class IntervalIT {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999, 1_000, 61_001, 2_678_400_000L, 31_536_000_001L, -1, -1_500})
  void theServerReadsTheSame(long millis) {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      assertThat(
              JdbcClient.create(database.dataSource())
                  .sql("SELECT (extract(epoch FROM ?::interval) * 1000)::bigint")
                  .param(Interval.of(Duration.ofMillis(millis)))
                  .query(Long.class)
                  .single())
          .isEqualTo(millis);
    }
  }
}
