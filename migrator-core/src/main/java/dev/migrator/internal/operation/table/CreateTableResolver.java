package dev.migrator.internal.operation.table;

import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.internal.catalog.ConstraintFacts;
import dev.migrator.internal.catalog.TableFacts;
import dev.migrator.internal.operation.ReferencedKey;
import dev.migrator.internal.operation.Resolution;
import dev.migrator.internal.operation.foreignkey.ResolvedForeignKey;
import dev.migrator.internal.operation.table.TargetSchema.Target;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.operation.CreateTable;
import dev.migrator.operation.CreateTable.ForeignKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a new table with the database: what has its name already, and what it refers to. Changes
 * nothing.
 */
final class CreateTableResolver {

  private final Resolution resolution;

  CreateTableResolver(Resolution resolution) {
    this.resolution = resolution;
  }

  ResolvedTable resolve(CreateTable create) {
    Target target = new TargetSchema(resolution).of(create.table());
    TableName name = new TableName(target.schema(), create.table().name());
    TableFacts present = resolution.catalog().table(name).orElse(null);
    if (present != null && !resolution.first()) {
      // Later migrations may have changed it since.
      return new ResolvedTable(
          present, new TableShape(List.of(), List.of(), null), List.of(), true);
    }
    TableShape shape = new TableTrial(resolution).shape(create);
    List<NewKey> keys = new ArrayList<>();
    for (ForeignKey key : create.foreignKeys()) {
      keys.add(key(create, name, key, shape));
    }
    if (present != null) {
      requireSame(create, present, shape, keys);
      return new ResolvedTable(present, shape, keys, true);
    }
    requireFreeNames(create, target);
    return new ResolvedTable(target.table(name.name()), shape, keys, false);
  }

  private NewKey key(CreateTable create, TableName name, ForeignKey key, TableShape shape) {
    if (key.parent().equals(create.table()) || key.parent().equals(name)) {
      requireOwnKey(create, key);
      return new NewKey(key, null, 0);
    }
    TableFacts parent = resolution.tables().table(key.parent());
    ReferencedKey referenced = new ReferencedKey(resolution);
    referenced.refusePartitioned(parent);
    for (int i = 0; i < key.columns().size(); i++) {
      referenced.requireSameType(
          create.table().toString(),
          key.columns().get(i),
          type(shape, key.columns().get(i)),
          parent,
          key.parentColumns().get(i));
    }
    referenced.requireUnique(parent, key.parentColumns());
    return new NewKey(key, parent.quoted(), parent.oid());
  }

  private void requireOwnKey(CreateTable create, ForeignKey key) {
    Set<String> wanted = new HashSet<>(key.parentColumns());
    boolean unique =
        wanted.equals(new HashSet<>(create.primaryKey()))
            || create.uniques().stream().anyMatch(it -> wanted.equals(new HashSet<>(it.columns())));
    if (!unique) {
      throw resolution.invalid(
          ErrorCode.KEY_MISSING,
          "the foreign key \"%s\" refers to %s of the table itself, on which it has no unique key; declare one by primaryKey(…) or unique(…)"
              .formatted(key.name(), key.parentColumns()));
    }
  }

  private static String type(TableShape shape, String column) {
    return shape.columns().stream()
        .filter(it -> it.name().equals(column))
        .map(TableShape.Column::type)
        .findFirst()
        .orElseThrow();
  }

  /** What is there already has to be this, to the letter: nothing of it will be changed. */
  private void requireSame(
      CreateTable create, TableFacts present, TableShape wanted, List<NewKey> keys) {
    if (present.kind() != TableFacts.Kind.TABLE) {
      throw resolution.invalid(
          ErrorCode.TABLE_PRESENT,
          "%s is there already, and is %s; choose another name".formatted(present, present.kind()));
    }
    resolution.tables().table(new TableName(present.schema(), present.name()));
    List<String> is =
        new ArrayList<>(new TableShapeReader(resolution.database()).read(present.oid()).lines());
    List<String> shall = new ArrayList<>(wanted.lines());
    if (is.equals(shall) && hasKeys(present, keys)) {
      return;
    }
    List<String> missing = new ArrayList<>(shall);
    missing.removeAll(is);
    List<String> more = new ArrayList<>(is);
    more.removeAll(shall);
    keys.stream()
        .filter(it -> !isThere(present, it))
        .forEach(it -> missing.add(it.definition(present.quoted())));
    throw resolution.invalid(
        ErrorCode.TABLE_PRESENT,
        "the table %s is there already with another definition: it has %s, but %s is declared; choose another name, or drop that table first"
            .formatted(present, listed(more), listed(missing)));
  }

  private static String listed(List<String> lines) {
    return lines.isEmpty() ? "nothing else" : String.join(", ", lines);
  }

  private boolean hasKeys(TableFacts present, List<NewKey> keys) {
    long there =
        resolution
            .database()
            .jdbc()
            .sql("SELECT count(*) FROM pg_constraint WHERE conrelid = ?::oid AND contype = 'f'")
            .param(present.oid())
            .query(Long.class)
            .single();
    return there == keys.size() && keys.stream().allMatch(it -> isThere(present, it));
  }

  private boolean isThere(TableFacts present, NewKey wanted) {
    ForeignKey key = wanted.key();
    @Nullable ConstraintFacts facts =
        resolution.constraints().constraint(present.oid(), key.name()).orElse(null);
    long parent = (wanted.parent() == null) ? present.oid() : wanted.parentOid();
    return facts != null
        && facts.kind().equals("f")
        && facts.validated()
        && facts.parent() == parent
        && facts.columns().equals(key.columns())
        && facts.parentColumns().equals(key.parentColumns())
        && facts.onDelete().equals(ResolvedForeignKey.code(key.onDelete()));
  }

  /** The index of a unique constraint has its name, and a table has a type of its name. */
  private void requireFreeNames(CreateTable create, Target target) {
    if (target.hasType()) {
      throw resolution.invalid(
          ErrorCode.NAME_TAKEN,
          "the schema %s has a type \"%s\", and a table makes a type of its name; choose another name"
              .formatted(target.schema(), create.table().name()));
    }
    for (CreateTable.Unique unique : create.uniques()) {
      IndexName index = new IndexName(target.schema(), unique.name());
      if (resolution.constraints().index(index).isPresent()) {
        throw resolution.invalid(
            ErrorCode.NAME_TAKEN,
            "the name \"%s\" is taken in schema %s; choose another name for the constraint"
                .formatted(unique.name(), target.schema()));
      }
    }
  }
}
