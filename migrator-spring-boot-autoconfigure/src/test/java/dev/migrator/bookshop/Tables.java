package dev.migrator.bookshop;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

final class Tables {

  private Tables() {}

  /** The columns of a table, in the order of their names. */
  static List<String> columns(DataSource dataSource, String table) {
    return JdbcClient.create(dataSource)
        .sql("SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY 1")
        .param(table)
        .query(String.class)
        .list();
  }
}
