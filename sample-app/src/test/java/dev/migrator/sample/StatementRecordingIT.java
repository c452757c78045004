package dev.migrator.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import dev.migrator.test.rehearsal.RecordedStatement;
import dev.migrator.test.rehearsal.RecordedStatements;
import dev.migrator.test.rehearsal.StatementRecorder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The tests of a release leave its statements to the rehearsals of the next ones. */
class StatementRecordingIT {

  private static final Path FILE = Path.of("src/test/statements/release-1.txt");

  /** No component, so that only this test has it. */
  static class Recording {

    @Bean
    static StatementRecorder statementRecorder() {
      return StatementRecorder.to(Path.of("src/test/statements/release-1.txt"));
    }
  }

  @Test
  void theFirstRelease() {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      try (ConfigurableApplicationContext context =
          new SpringApplicationBuilder(SampleApplication.class, Recording.class)
              .web(WebApplicationType.NONE)
              .run(
                  "--sample.release=1",
                  "--spring.datasource.url=" + database.jdbcUrl(),
                  "--spring.datasource.username=" + database.username(),
                  "--spring.datasource.password=" + database.password())) {
        Users users = context.getBean(Users.class);
        User ada = users.add("Ada", null);
        users.find(ada.id());
        users.rename(ada.id(), "Grace");
        users.changeEmail(ada.id(), "grace@example.org");
      }
    }
    assertThat(RecordedStatements.of(FILE).statements())
        .extracting(RecordedStatement::sql)
        .containsExactly(
            "insert into users (name, email) values (?, ?) returning id, name as name, email, created_at",
            "select id, name as name, email, created_at from users where id = ?",
            "update users set email = ? where id = ? returning id, name as name, email, created_at",
            "update users set name = ? where id = ? returning id, name as name, email, created_at");
  }
}
