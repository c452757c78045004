package dev.migrator.bookshop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.test.autoconfigure.AutoConfigureTestPostgres;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;

@JdbcTest
@AutoConfigureTestPostgres
class JdbcSliceIT {

  @Autowired private DataSource dataSource;

  @Test
  void itsTableIsAsTheReleaseNeedsIt() {
    assertThat(Tables.columns(dataSource, "book")).contains("id", "title");
  }
}
