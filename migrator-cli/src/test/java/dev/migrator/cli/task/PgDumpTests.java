package dev.migrator.cli.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where PostgreSQL's own programs find the database of a JDBC URL. */
class PgDumpTests {

  private static Map<String, String> environment(String url) {
    return PgDump.environment(new Target(url, "owner", "secret"));
  }

  @Test
  void hostPortAndDatabaseAreThoseOfTheUrl() {
    assertThat(environment("jdbc:postgresql://db.example.org:5433/shop"))
        .containsEntry("PGHOST", "db.example.org")
        .containsEntry("PGPORT", "5433")
        .containsEntry("PGDATABASE", "shop")
        .containsEntry("PGUSER", "owner")
        .containsEntry("PGPASSWORD", "secret");
    assertThat(environment("jdbc:postgresql://db/my%20shop"))
        .containsEntry("PGPORT", "5432")
        .containsEntry("PGDATABASE", "my shop");
    assertThat(environment("jdbc:postgresql:shop"))
        .containsEntry("PGHOST", "localhost")
        .containsEntry("PGDATABASE", "shop");
    assertThat(environment("jdbc:postgresql://[::1]:5433,other/shop"))
        .containsEntry("PGHOST", "::1,other")
        .containsEntry("PGPORT", "5433,5432");
  }

  @Test
  void whatTheUrlSaysOfTheConnectionCounts() {
    Map<String, String> environment =
        PgDump.environment(
            new Target(
                "jdbc:postgresql://db/shop?user=u&password=p%26q&sslmode=verify-full&ApplicationName=x",
                null, null));
    assertThat(environment)
        .containsEntry("PGUSER", "u")
        .containsEntry("PGPASSWORD", "p&q")
        .containsEntry("PGSSLMODE", "verify-full")
        .doesNotContainKey("ApplicationName");
  }

  @Test
  void anotherUrlIsRefusedWithoutItsPassword() {
    assertThatExceptionOfType(TaskException.class)
        .isThrownBy(() -> environment("jdbc:other://db/shop?password=geheim"))
        .withMessageContaining("none of PostgreSQL")
        .withMessageNotContaining("geheim");
  }
}
