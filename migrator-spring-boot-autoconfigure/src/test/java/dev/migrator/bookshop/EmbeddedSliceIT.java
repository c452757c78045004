package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;

/** On H2, without migrations: Hibernate makes the tables as they are mapped. */
@DataJpaTest(properties = "migrator.enabled=false")
class EmbeddedSliceIT {

  @Autowired private Books books;

  @Autowired private DataSource dataSource;

  @Test
  void findsABookByItsTitle() throws SQLException {
    books.save(new Book("Emma"));
    assertThat(books.findByTitle("Emma")).hasSize(1);
    try (Connection connection = dataSource.getConnection()) {
      assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("H2");
    }
  }
}
