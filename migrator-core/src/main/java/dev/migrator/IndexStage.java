package dev.migrator;

import dev.migrator.internal.Names;
import dev.migrator.operation.AddIndex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stages of a new index. */
final class IndexStage extends Stage implements Migration.IndexAdded {

  private final AddIndex index;

  IndexStage(MigrationBuilder before, AddIndex index) {
    super(before, index);
    this.index = index;
  }

  @Override
  public Migration.IndexAdded unique() {
    return with(true, index.predicate(), index.method(), index.included());
  }

  @Override
  public Migration.IndexAdded where(String predicate) {
    return with(
        index.unique(),
        Names.expression(id(), "where", predicate),
        index.method(),
        index.included());
  }

  @Override
  public Migration.IndexAdded using(String method) {
    return with(index.unique(), index.predicate(), method, index.included());
  }

  @Override
  public Migration.IndexAdded include(String column, String... more) {
    return with(index.unique(), index.predicate(), index.method(), Names.columns(column, more));
  }

  private IndexStage with(
      boolean unique, @Nullable String predicate, String method, List<String> included) {
    return new IndexStage(
        before(),
        new AddIndex(
            index.table(),
            index.name(),
            index.columns(),
            index.expressions(),
            unique,
            predicate,
            method,
            included));
  }
}
