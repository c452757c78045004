package dev.migrator.internal.fleet;

import dev.migrator.MappedColumn;
import dev.migrator.Phase;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.plan.Member.Reads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is told of an instance, as elements of a text array. */
final class Wire {

  /** Ids have no blanks. */
  private static final String BLANK = " ";

  /** Which side a release reads: the old one, the new one, or what it is told at runtime. */
  private static final String OLD = "old";

  private static final String NEW = "new";

  private static final String RUNTIME = "runtime";

  private static final String WRITES = "writes";

  private static final String UNIT = "\u001f";

  private Wire() {}

  static String[] declares(Map<String, Declared> declares) {
    List<String> texts = new ArrayList<>();
    new TreeMap<>(declares)
        .forEach(
            (id, it) ->
                texts.add(
                    String.join(
                        BLANK,
                        id,
                        it.phase().name(),
                        it.readsNew() ? NEW : it.atRuntime() ? RUNTIME : OLD,
                        it.writesNew() ? WRITES : "-")));
    return texts.toArray(String[]::new);
  }

  static Map<String, Declared> declares(List<String> texts) {
    Map<String, Declared> declares = new TreeMap<>();
    for (String text : texts) {
      String[] parts = text.split(BLANK, 4);
      declares.put(
          parts[0],
          new Declared(
              Phase.valueOf(parts[1]),
              parts[2].equals(NEW),
              parts[2].equals(RUNTIME),
              parts.length > 3 && parts[3].equals(WRITES)));
    }
    return declares;
  }

  static String[] reads(Map<String, Reads> reads) {
    List<String> texts = new ArrayList<>();
    new TreeMap<>(reads).forEach((id, it) -> texts.add(id + BLANK + it));
    return texts.toArray(String[]::new);
  }

  static Map<String, Reads> reads(List<String> texts) {
    Map<String, Reads> reads = new TreeMap<>();
    for (String text : texts) {
      String[] parts = text.split(BLANK, 2);
      reads.put(parts[0], Reads.valueOf(parts[1]));
    }
    return reads;
  }

  static String[] mapped(Collection<MappedColumn> columns) {
    return columns.stream()
        .map(it -> String.join(UNIT, it.table(), it.column(), it.where()))
        .toArray(String[]::new);
  }

  static List<MappedColumn> mapped(List<String> texts) {
    return texts.stream()
        .map(it -> it.split(UNIT, 3))
        .map(it -> new MappedColumn(it[0], it[1], it[2]))
        .toList();
  }
}
