package dev.migrator.test.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

/** SQL scripts that make a schema, such as what {@code pg_dump --schema-only} writes. */
final class Scripts {

  private static final Pattern RESTRICT =
      Pattern.compile("^\\\\(un)?restrict .*$", Pattern.MULTILINE);

  private static final Pattern COPY =
      Pattern.compile("^COPY .* FROM stdin;$", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  private Scripts() {}

  static String read(String location) {
    Resource resource = new DefaultResourceLoader().getResource(location);
    try {
      return resource.getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException ex) {
      throw new UncheckedIOException("the schema cannot be read from " + location, ex);
    }
  }

  static void run(DataSource dataSource, String script, String name) {
    if (COPY.matcher(script).find()) {
      throw new RehearsalException(
          "%s has rows of COPY, which only psql can read: make the dump with --schema-only, or with --inserts, and the rows by withRows(…)"
              .formatted(name));
    }
    try (Connection connection = dataSource.getConnection()) {
      Sql.execute(connection, RESTRICT.matcher(script).replaceAll(""));
    } catch (SQLException ex) {
      throw new RehearsalException("%s: %s".formatted(name, ex.getMessage()), ex);
    }
  }
}
