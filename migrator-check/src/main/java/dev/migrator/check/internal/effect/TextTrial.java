package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.check.internal.text.Piece;
import dev.migrator.internal.effect.Change;
import dev.migrator.internal.effect.Change.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads statements, where no server is at hand. */
public final class TextTrial implements Trial {

  private final TextSchema schema = new TextSchema();

  private final Predicate<String> production;

  private final int version;

  private boolean fixedRelease;

  /**
   * Reads for a server.
   *
   * @param production what running releases use, of the tables that are there
   * @param version the major version of the server
   */
  public TextTrial(Predicate<String> production, int version) {
    this.production = production;
    this.version = version;
  }

  @Override
  public @Nullable String server() {
    return null;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public void beginRelease() {
    schema.begin();
    fixedRelease = true;
  }

  @Override
  public void beginFile(boolean together) {
    if (!fixedRelease) {
      schema.begin();
    }
  }

  @Override
  public Effect attempt(Piece piece, Parsed parsed, boolean judged) {
    Claims claims = Claims.of(parsed, schema, version);
    List<Touch> touched = new ArrayList<>();
    for (Claims.Claim it : claims.claims()) {
      String name = it.table().key();
      boolean known = !schema.isFresh(it.table()) && production.test(name);
      touched.add(
          new Touch(
              name,
              it.role(),
              it.lock(),
              false,
              it.work(),
              List.of(),
              known,
              schema.isPartitioned(it.table())));
    }
    boolean anyKnown = touched.isEmpty() || touched.stream().anyMatch(Touch::known);
    List<Change> changes = changes(parsed);
    schema.apply(parsed);
    return new Effect(false, touched, changes, null, null, anyKnown ? claims.unsure() : null, true);
  }

  private List<Change> changes(Parsed parsed) {
    QualifiedName table = parsed.table();
    if (table == null || schema.isFresh(table) || !production.test(table.key())) {
      return List.of();
    }
    String name = table.key();
    List<Change> changes = new ArrayList<>();
    switch (parsed.kind()) {
      case DROP_TABLE -> changes.add(change(Kind.TABLE_REMOVED, "table " + name));
      case DROP_VIEW, DROP_MATERIALIZED_VIEW ->
          changes.add(change(Kind.VIEW_REMOVED, "view " + name));
      case DROP_INDEX, DROP_INDEX_CONCURRENTLY ->
          changes.add(change(Kind.INDEX_REMOVED, "index " + name));
      case DROP_FUNCTION -> changes.add(change(Kind.FUNCTION_REMOVED, "function " + name));
      case DROP_TYPE, DROP_SEQUENCE, DROP_SCHEMA, DROP_DOMAIN ->
          changes.add(change(Kind.OBJECT_REMOVED, name));
      case ALTER_TABLE -> parsed.actions().forEach(it -> alter(changes, name, it));
      default -> {}
    }
    return changes;
  }

  private static void alter(List<Change> changes, String table, Action it) {
    String column = "column " + table + "." + it.name();
    switch (it.kind()) {
      case DROP_COLUMN, RENAME_COLUMN -> changes.add(change(Kind.COLUMN_REMOVED, column));
      case RENAME_TABLE, SET_SCHEMA -> changes.add(change(Kind.TABLE_REMOVED, "table " + table));
      case SET_NOT_NULL -> changes.add(change(Kind.NOT_NULL, column));
      case DROP_DEFAULT -> changes.add(change(Kind.DEFAULT_REMOVED, column));
      case ADD_CHECK, ADD_FOREIGN_KEY, ADD_UNIQUE, ADD_PRIMARY_KEY, ADD_EXCLUDE ->
          changes.add(change(Kind.CONSTRAINT_ADDED, "constraint " + it.name() + " of " + table));
      case ADD_NOT_NULL ->
          changes.add(
              change(Kind.NOT_NULL, "column " + table + "." + String.join(", ", it.columns())));
      case ADD_COLUMN -> {
        if (it.column() != null
            && it.column().notNull()
            && it.column().defaultValue() == null
            && !it.column().serial()
            && it.column().generation()
                == dev.migrator.check.internal.read.ColumnDefinition.Generation.GIVEN) {
          changes.add(change(Kind.VALUE_REQUIRED, column));
        }
      }
      default -> {}
    }
  }

  private static Change change(Kind kind, String what) {
    return new Change(kind, what, false);
  }

  @Override
  public void close() {}
}
