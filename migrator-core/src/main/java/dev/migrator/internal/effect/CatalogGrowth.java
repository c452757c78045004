package dev.migrator.internal.effect;

import dev.migrator.internal.sql.Database;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as one transaction changes it, part by part: read as a whole when it begins, and then
 * only what has been written since. Where something was removed, or has another name, all of it is
 * read again.
 *
 * <p>Why no change is missed: whoever changes the catalog takes a number from the counter of all
 * transactions, and a part of a transaction behind a savepoint takes one of its own. When the image
 * was read, no transaction with a lower number than this one was under way, so whatever comes later
 * has a higher one, which stands in each row that it writes. What this transaction removes the
 * server counts. What somebody else removes meanwhile stays in the image until all of it is read
 * again; then it looks as if this transaction had removed it, which is refused, and tried alone.
 */
public final class CatalogGrowth implements AutoCloseable {

  private final Database database;

  private final ImageReader images;

  private final ChangedObjects changed;

  private CatalogImage image;

  /** The age of who has written last what is in the image. */
  private int newest;

  /** Whether all is over that has begun before this transaction. */
  private boolean first;

  /** In a transaction that finds names in {@code pg_catalog} only. */
  public CatalogGrowth(Database database) {
    this.database = database;
    this.images = new ImageReader(database);
    this.changed = new ChangedObjects(database);
    this.first = isFirst();
    this.image = images.read();
  }

  /** As it was when it was looked at last. */
  public CatalogImage image() {
    return image;
  }

  /** As it is now, behind a part that began behind the last look. */
  public CatalogImage grown() {
    ChangedObjects.Read read = changed.read(newest);
    newest = read.newest();
    @Nullable CatalogImage grown = (first && read.all()) ? image.with(read.objects()) : null;
    if (grown == null) {
      first = first || isFirst();
      grown = images.read();
    }
    image = grown;
    return grown;
  }

  private boolean isFirst() {
    return database
        .jdbc()
        .sql(
            """
            SELECT pg_current_xact_id()::text = pg_snapshot_xmin(pg_current_snapshot())::text AS first,
                   age(pg_current_xact_id()::xid) AS age
            """)
        .query(
            (rs, row) -> {
              newest = rs.getInt("age") + 1;
              return rs.getBoolean("first");
            })
        .single();
  }

  @Override
  public void close() {
    changed.close();
  }
}
