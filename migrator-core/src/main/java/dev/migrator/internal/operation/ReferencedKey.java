package dev.migrator.internal.operation;

import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.TableFacts;
import java.util.HashSet;
import java.util.List;

/** What a foreign key needs of the table that it refers to. */
public final class ReferencedKey {

  private final Resolution resolution;

  public ReferencedKey(Resolution resolution) {
    this.resolution = resolution;
  }

  public void refusePartitioned(TableFacts parent) {
    if (parent.partitioned()) {
      throw resolution.invalid(
          ErrorCode.PARTITIONED_UNSUPPORTED,
          "%s is partitioned, and a foreign key that refers to such a table is not supported"
              .formatted(parent));
    }
  }

  /** That a column has the type of the one that it refers to. */
  public void requireSameType(
      String table, String column, String type, TableFacts parent, String parentColumn) {
    ColumnFacts target = resolution.tables().column(parent, parentColumn);
    if (!baseType(type).equals(baseType(target.type()))) {
      throw resolution.invalid(
          ErrorCode.KEY_TYPES_DIFFER,
          "\"%s\" of %s is %s, but \"%s\" of %s is %s; a foreign key needs the same type on both sides"
              .formatted(column, table, type, target.name(), parent, target.type()));
    }
  }

  /** That there is a unique key on the columns. */
  public void requireUnique(TableFacts parent, List<String> columns) {
    boolean unique =
        resolution.constraints().keys(parent.oid()).stream()
            .anyMatch(
                it ->
                    it.size() == columns.size()
                        && new HashSet<>(it).equals(new HashSet<>(columns)));
    if (!unique) {
      throw resolution.invalid(
          ErrorCode.KEY_MISSING,
          "%s has no unique key on %s, which a foreign key needs; add one first, for instance by addUnique(…)"
              .formatted(parent, columns));
    }
  }

  /** Modifiers, such as a length, do not keep values from being compared; nor does varchar. */
  private static String baseType(String name) {
    String type = name.replaceAll("\\([0-9, ]+\\)", "");
    return type.equals("character varying") ? "text" : type;
  }
}
