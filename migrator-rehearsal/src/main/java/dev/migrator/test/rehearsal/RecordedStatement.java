package dev.migrator.test.rehearsal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that an application has sent.
 *
 * @param sql as JDBC has it, with {@code ?} for each parameter
 * @param keys the columns whose generated values it asks for; {@code *} for all, empty for none
 * @param types the types of the parameters, as the server names them; {@code unknown} where the
 *     driver leaves it to the server
 * @param values values of the parameters as text, {@code null} for NULL; empty if none were
 *     recorded
 */
public record RecordedStatement(
    String sql, List<String> keys, List<String> types, List<@Nullable String> values)
    implements Comparable<RecordedStatement> {

  /** What is said of a parameter whose type the server works out. */
  static final String UNKNOWN = "unknown";

  /** Copies the lists. */
  public RecordedStatement {
    keys = List.copyOf(keys);
    types = List.copyOf(types);
    values = Collections.unmodifiableList(new ArrayList<>(values));
    if (!values.isEmpty() && values.size() != types.size()) {
      throw new IllegalArgumentException(
          "%d values of %d parameters: %s".formatted(values.size(), types.size(), sql));
    }
  }

  /** One that has its values in it. */
  static RecordedStatement plain(String sql) {
    return new RecordedStatement(sql, List.of(), List.of(), List.of());
  }

  /** By the text, so that a file stays in order whoever records first. */
  @Override
  public int compareTo(RecordedStatement other) {
    int bySql = sql.compareTo(other.sql);
    return (bySql != 0) ? bySql : keys.toString().compareTo(other.keys.toString());
  }

  boolean isSame(RecordedStatement other) {
    return compareTo(other) == 0;
  }
}
