package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;

@DataJpaTest
@AutoConfigureTestPostgres
class DataJpaSliceIT {

  @Autowired private Books books;

  @Test
  void findsABookByItsTitle() {
    books.save(new Book("Emma"));
    assertThat(books.findByTitle("Emma")).hasSize(1);
  }
}
