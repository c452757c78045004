package dev.migrator.check.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the columns of a constraint.
 *
 * @param columns their names
 * @param temporal whether the last one is a range that must not overlap, or be covered
 * @param options of a unique one, what its index has beside the columns, as CREATE INDEX writes it;
 *     of a foreign one, all that stands behind
 * @param timing of a unique one, when it is checked, as ALTER TABLE writes it
 */
public record KeyDefinition(List<String> columns, boolean temporal, String options, String timing) {

  static final KeyDefinition NONE = new KeyDefinition(List.of(), false, "", "");

  public KeyDefinition {
    columns = List.copyOf(columns);
  }

  static KeyDefinition of(@Nullable String column) {
    return (column == null) ? NONE : new KeyDefinition(List.of(column), false, "", "");
  }

  KeyDefinition with(String beside, String checked) {
    return new KeyDefinition(columns, temporal, beside, checked);
  }

  /** Whether it is on nothing but columns, and checked by each statement. */
  public boolean isPlain() {
    return !temporal && options.isEmpty() && timing.isEmpty();
  }

  /** Reads the parentheses at hand; nothing if there are none. */
  static KeyDefinition columns(Cursor it) {
    List<String> columns = new ArrayList<>();
    boolean temporal = false;
    if (it.symbol('(')) {
      for (Cursor part : it.parts(true)) {
        boolean period = part.at("PERIOD");
        String column = AlterTableReader.literal(part);
        boolean overlaps = part.at("WITHOUT", "OVERLAPS");
        if (period && !overlaps && !part.isAtEnd()) {
          temporal = true;
          column = AlterTableReader.literal(part);
        }
        temporal |= overlaps;
        if (column != null) {
          columns.add(column);
        }
      }
    }
    return new KeyDefinition(columns, temporal, "", "");
  }

  /** Reads what stands behind UNIQUE or PRIMARY KEY. */
  static KeyDefinition unique(Cursor it) {
    String nulls = it.take("NULLS", "NOT", "DISTINCT") ? "NULLS NOT DISTINCT" : "";
    it.take("NULLS", "DISTINCT");
    KeyDefinition columns = columns(it);
    String included = it.at("INCLUDE") ? "INCLUDE " + behind(it) : "";
    String storage = it.at("WITH") ? "WITH " + behind(it) : "";
    String tablespace = it.take("USING", "INDEX") ? "TABLESPACE " + behind(it) : "";
    String options =
        Stream.of(included, nulls, storage, tablespace)
            .filter(option -> !option.isEmpty())
            .collect(Collectors.joining(" "));
    return columns.with(options, it.rest());
  }

  /** What stands behind the word at hand: one token, or parentheses. */
  private static String behind(Cursor it) {
    it.step();
    int from = it.index();
    it.skip();
    return it.since(from);
  }
}
