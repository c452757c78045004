package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;

@DataJdbcTest
@AutoConfigureTestPostgres
class DataJdbcSliceIT {

  @Autowired private StoredBooks books;

  @Test
  void findsABookByItsTitle() {
    books.save(new StoredBook(null, "Emma"));
    assertThat(books.findByTitle("Emma")).hasSize(1);
  }
}
