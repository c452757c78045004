package dev.migrator.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.clinic.before.Release1;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What Hibernate's insert of an entity with an identity key returns. */
class GeneratedKeysIT {

  @Test
  void theKeyAlone() {
    assertThat(prepared()).anyMatch(it -> it.endsWith("returning id"));
    assertThat(prepared()).noneMatch(it -> it.contains("RETURNING *"));
  }

  @Test
  void whatTheApplicationSays() {
    assertThat(prepared("spring.jpa.properties.hibernate.jdbc.use_get_generated_keys=true"))
        .anyMatch(it -> it.endsWith("RETURNING *"));
  }

  /** The inserts that one connection has prepared on the server. */
  private static List<String> prepared(String... properties) {
    try (TestDatabase database = TestPostgres.newDatabase();
        ConfigurableApplicationContext context =
            ClinicApplication.on(database, Release1.class, properties)) {
      Clinic clinic = context.getBean(Clinic.class);
      return context
          .getBean(TransactionTemplate.class)
          .execute(
              status -> {
                IntStream.range(0, 6)
                    .forEach(it -> clinic.admit("Zoë", "+41 " + it, List.of("Leo")));
                return context
                    .getBean(JdbcClient.class)
                    .sql(
                        "SELECT statement FROM pg_prepared_statements WHERE statement ILIKE 'insert%'")
                    .query(String.class)
                    .list();
              });
    }
  }
}
