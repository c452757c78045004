package dev.migrator;

import dev.migrator.operation.AddForeignKey;

/** The stages of a new foreign key. */
final class ForeignKeyStage extends Stage implements Migration.ForeignKeyAdded {

  private final AddForeignKey key;

  ForeignKeyStage(MigrationBuilder before, AddForeignKey key) {
    super(before, key);
    this.key = key;
  }

  @Override
  public Migration.ForeignKeyAdded onDelete(OnDelete rule) {
    return new ForeignKeyStage(
        before(),
        new AddForeignKey(
            key.table(), key.name(), key.columns(), key.parent(), key.parentColumns(), rule));
  }
}
