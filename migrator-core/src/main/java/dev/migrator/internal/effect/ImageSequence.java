package dev.migrator.internal.effect;

import dev.migrator.internal.sql.Database;
import org.jspecify.annotations.Nullable;

/**
 * The catalog before a transaction changes it, and behind it, for one such transaction after the
 * other: what one leaves behind, the next one finds, unless somebody came between them.
 *
 * <p>Why nobody's change is missed: whoever changes the catalog takes a number from the counter of
 * all transactions. An image is kept only if no transaction with a lower number was under way when
 * it was read. It is used only if the next transaction has the very next number, so that nobody had
 * one in between, and if the transaction that read it has committed.
 */
public final class ImageSequence {

  private final Database database;

  private final ImageReader images;

  private volatile @Nullable Kept kept;

  public ImageSequence(Database database) {
    this.database = database;
    this.images = new ImageReader(database);
  }

  /** The catalog as the transaction at hand finds it. */
  public CatalogImage before() {
    Kept last = kept;
    return (last != null && isNext(last)) ? last.image() : images.read();
  }

  /** The catalog as the transaction at hand leaves it, if it commits and changes nothing more. */
  public CatalogImage after() {
    Numbers now =
        database
            .jdbc()
            .sql(
                """
                SELECT pg_catalog.pg_current_xact_id()::text::bigint AS own,
                       pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text::bigint AS oldest
                """)
            .query((rs, row) -> new Numbers(rs.getLong("own"), rs.getLong("oldest")))
            .single();
    CatalogImage image = images.read();
    kept = (now.own() == now.oldest()) ? new Kept(now.own(), image) : null;
    return image;
  }

  private boolean isNext(Kept last) {
    return database
        .jdbc()
        .sql(
            """
            SELECT pg_catalog.pg_current_xact_id()::text::bigint = ? + 1
                   AND pg_catalog.pg_xact_status(?::text::xid8) IS NOT DISTINCT FROM 'committed'
            """)
        .params(last.own(), last.own())
        .query(Boolean.class)
        .single();
  }

  /**
   * Numbers of transactions.
   *
   * @param own that of the one at hand
   * @param oldest the lowest of those under way
   */
  private record Numbers(long own, long oldest) {}

  /**
   * An image.
   *
   * @param own the number of the transaction that has read it
   */
  private record Kept(long own, CatalogImage image) {}
}
