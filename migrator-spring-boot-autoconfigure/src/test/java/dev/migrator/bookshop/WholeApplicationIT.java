package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.transaction.annotation.Transactional;

@SpringBootTest
@AutoConfigureTestPostgres
@Transactional
class WholeApplicationIT {

  @Autowired private Books books;

  @Test
  void findsABookByItsTitle() {
    books.save(new Book("Emma"));
    assertThat(books.findByTitle("Emma")).hasSize(1);
  }
}
