package dev.migrator.check;

import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How large the tables of a live database are, and how their values are spread: names, rows, bytes
 * and shares, and no values. A check says with it what a finding means in production, a rehearsal
 * makes rows with it.
 *
 * <pre>{@code
 * TableStatistics.of(production).write(Path.of("src/test/resources/statistics.json"));
 * }</pre>
 *
 * @param format the version of this form
 * @param server the version of the server
 * @param tables its tables
 */
public record TableStatistics(int format, String server, List<Table> tables) {

  private static final int FORMAT = 1;

  /** Copies the list. */
  public TableStatistics {
    tables = List.copyOf(tables);
  }

  /**
   * A table, its partitions included.
   *
   * @param schema its schema
   * @param name its name
   * @param rows how many rows it has by its statistics; {@code null} if it was never analysed
   * @param bytes how much its rows have on disk, without indexes
   * @param columns how the values of its columns are spread, as far as the server knows and the
   *     role may see
   */
  public record Table(
      String schema, String name, @Nullable Long rows, long bytes, List<Column> columns) {

    /** Copies the list; an older file has none. */
    public Table {
      columns = (columns == null) ? List.of() : List.copyOf(columns);
    }

    String key() {
      return QualifiedName.plain(schema) + "." + QualifiedName.plain(name);
    }
  }

  /**
   * A column.
   *
   * @param name its name
   * @param nulls the share of rows that have NULL, from 0 to 1
   * @param distinct how many different values there are; as {@code pg_stats} has it, negative if
   *     they grow with the table, such as -1 for another one in each row
   * @param common the shares of the most common values, from the most common one on, at most 20
   */
  public record Column(String name, double nulls, double distinct, List<Double> common) {

    /** Copies the list. */
    public Column {
      common = (common == null) ? List.of() : List.copyOf(common);
    }
  }

  /**
   * Looks for a table.
   *
   * @param schema its schema
   * @param name its name
   * @return empty if it was not there
   */
  public Optional<Table> table(String schema, String name) {
    return tables.stream()
        .filter(it -> it.schema().equals(schema) && it.name().equals(name))
        .findFirst();
  }

  /**
   * Asks a database, whose tables it locks as a query does.
   *
   * @throws IllegalStateException if it does not answer
   */
  public static TableStatistics of(DataSource dataSource) {
    return StatisticsReader.read(dataSource, FORMAT);
  }

  /**
   * Reads a file that {@link #write} has written.
   *
   * @throws IllegalArgumentException if it is another one
   */
  public static TableStatistics read(Path file) {
    try {
      TableStatistics read = Json.read(Files.readString(file), TableStatistics.class);
      if (read.format() != FORMAT) {
        throw new IllegalArgumentException(
            "%s has form %d, and this version reads form %d; write it again by the command stats"
                .formatted(file, read.format(), FORMAT));
      }
      return read;
    } catch (IOException ex) {
      throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, ex), ex);
    } catch (IllegalStateException | NullPointerException ex) {
      throw new IllegalArgumentException(
          "%s is no statistics file; write one by the command stats".formatted(file), ex);
    }
  }

  /**
   * Writes them as JSON.
   *
   * @throws UncheckedIOException if that is not possible
   */
  public void write(Path file) {
    try {
      Files.writeString(file, toJson());
    } catch (IOException ex) {
      throw new UncheckedIOException("%s cannot be written".formatted(file), ex);
    }
  }

  /** As JSON, a table in each line, so that what changes is seen. */
  public String toJson() {
    return "{\"format\":%d,\"server\":%s,\"tables\":[\n".formatted(format, Json.write(server))
        + tables.stream().map(Json::write).collect(Collectors.joining(",\n"))
        + "\n]}\n";
  }

  /** The tables by their names as SQL writes them. */
  Map<String, Table> byName() {
    return tables.stream().collect(Collectors.toMap(Table::key, it -> it, (one, two) -> one));
  }
}
