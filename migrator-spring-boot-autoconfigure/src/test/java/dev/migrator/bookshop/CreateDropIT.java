package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migrator;
import dev.migrator.status.MigrationStatus;
import dev.migrator.test.Await;
import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;

/** Hibernate makes the tables as this release maps them; the migrations find their work done. */
@DataJpaTest(
    properties = {
      "spring.jpa.hibernate.ddl-auto=create-drop",
      "spring.jpa.defer-datasource-initialization=true",
      "migrator.locations="
    })
@AutoConfigureTestPostgres
class CreateDropIT {

  @Autowired private Books books;

  @Autowired private Migrator migrator;

  @Test
  void theChangeIsReached() {
    books.save(new Book("Emma"));
    assertThat(books.findByTitle("Emma")).hasSize(1);
    Await.until(
        () ->
            migrator.status("2026-02-01-book-title").orElseThrow().state()
                == MigrationStatus.State.COMPLETED,
        () -> String.valueOf(migrator.status()));
  }
}
