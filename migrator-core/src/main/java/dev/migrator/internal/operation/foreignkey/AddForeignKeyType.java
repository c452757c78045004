package dev.migrator.internal.operation.foreignkey;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.ColumnFacts;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.Definitions;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationType;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.operation.AddForeignKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A new foreign key, compared with both of its tables. */
public final class AddForeignKeyType implements OperationType<AddForeignKey> {

  private static final Logger logger = LoggerFactory.getLogger(AddForeignKeyType.class);

  @Override
  public Class<AddForeignKey> operation() {
    return AddForeignKey.class;
  }

  @Override
  public OperationFacts facts(AddForeignKey key) {
    return OperationFacts.of(
        List.of(
            AffectedObjects.of(key.table(), AffectedObjects.Kind.CONSTRAINTS, key.columns()),
            AffectedObjects.of(key.parent(), AffectedObjects.Kind.REFERENCED, key.parentColumns())),
        key.declares(),
        key.last(),
        null,
        Map.of(
            Phase.BACKFILL,
            Definitions.of(
                "addForeignKey",
                "table",
                key.table().toString(),
                "name",
                key.name(),
                "columns",
                key.columns(),
                "references",
                key.parent().toString(),
                "referencedColumns",
                key.parentColumns(),
                "onDelete",
                key.onDelete().name())));
  }

  @Override
  public ResolvedForeignKey resolve(AddForeignKey key, Resolution resolution) {
    TableFacts table = resolution.tables().changed(key.table());
    if (table.partitioned()) {
      throw resolution.partitions().unsupported(table);
    }
    TableFacts parent = resolution.tables().table(key.parent());
    if (parent.partitioned()) {
      throw resolution.invalid(
          "%s is partitioned, and a foreign key that refers to such a table is not supported"
              .formatted(parent));
    }
    for (int i = 0; i < key.columns().size(); i++) {
      ColumnFacts child = resolution.tables().column(table, key.columns().get(i));
      ColumnFacts target = resolution.tables().column(parent, key.parentColumns().get(i));
      if (!baseType(child).equals(baseType(target))) {
        throw resolution.invalid(
            "\"%s\" of %s is %s, but \"%s\" of %s is %s; a foreign key needs the same type on both sides"
                .formatted(
                    child.name(), table, child.type(), target.name(), parent, target.type()));
      }
    }
    requireKey(resolution, key, parent);
    ConstraintFacts present =
        resolution.constraints().constraint(table.oid(), key.name()).orElse(null);
    if (present != null && !isSame(present, key, parent)) {
      throw resolution.tables().taken("constraint", key.name(), table, present.definition());
    }
    if (present == null) {
      warnWithoutIndex(resolution, key, table);
    }
    return new ResolvedForeignKey(
        table,
        key.name(),
        key.columns(),
        parent,
        key.parentColumns(),
        key.onDelete(),
        present != null,
        present != null && present.validated());
  }

  private void requireKey(Resolution resolution, AddForeignKey key, TableFacts parent) {
    boolean unique =
        resolution.constraints().keys(parent.oid()).stream()
            .anyMatch(
                it ->
                    it.size() == key.parentColumns().size()
                        && new HashSet<>(it).equals(new HashSet<>(key.parentColumns())));
    if (!unique) {
      throw resolution.invalid(
          "%s has no unique key on %s, which a foreign key needs; add one first, for instance by addUnique(…)"
              .formatted(parent, key.parentColumns()));
    }
  }

  private static boolean isSame(ConstraintFacts present, AddForeignKey key, TableFacts parent) {
    return present.kind().equals("f")
        && present.parent() == parent.oid()
        && present.columns().equals(key.columns())
        && present.parentColumns().equals(key.parentColumns())
        && present.onDelete().equals(ResolvedForeignKey.code(key.onDelete()));
  }

  private void warnWithoutIndex(Resolution resolution, AddForeignKey key, TableFacts table) {
    int size = key.columns().size();
    boolean supported =
        resolution.constraints().indexes(table.oid()).stream()
            .filter(it -> it.size() >= size)
            .map(it -> List.copyOf(it.subList(0, size)))
            .anyMatch(it -> new HashSet<>(it).equals(new HashSet<>(key.columns())));
    if (!supported) {
      logger.warn(
          "{}: no index of {} begins with {}: every delete and key update in {} will read the whole table; add one by addIndex(…)",
          resolution.where(),
          table,
          key.columns(),
          key.parent());
    }
  }

  /** Modifiers, such as a length, do not keep values from being compared; nor does varchar. */
  private static String baseType(ColumnFacts column) {
    String type = column.type().replaceAll("\\([0-9, ]+\\)", "");
    return type.equals("character varying") ? "text" : type;
  }
}
