package dev.migrator.internal.catalog;

import dev.migrator.internal.sql.Database;

/**
 * How much room a table has for further columns.
 *
 * @param database the database
 */
public record RoomReader(Database database) {

  /** What a table can have at most, those included that were dropped. */
  public static final int MOST_COLUMNS = 1600;

  /** What a row can have at most that is not stored elsewhere. */
  public static final int MOST_BYTES = 8160;

  /**
   * What a table takes up.
   *
   * @param columns its columns, those included that were dropped
   * @param bytes what a row without any NULL has at least, its header left out
   */
  public record Taken(int columns, int bytes) {

    /** What a row has at least with further columns, its header included. */
    public int bytesWith(int moreColumns, int moreBytes) {
      int bitmap = (columns + moreColumns + 7) / 8;
      int header = (23 + bitmap + 7) / 8 * 8;
      return header + bytes + moreBytes;
    }
  }

  public Taken of(long table) {
    return database
        .jdbc()
        .sql(
            """
            SELECT coalesce(max(attnum), 0) AS columns,
                   coalesce(sum(greatest(attlen, 1)) FILTER (WHERE NOT attisdropped), 0)::int AS bytes
              FROM pg_catalog.pg_attribute WHERE attrelid = ?::oid AND attnum > 0
            """)
        .param(table)
        .query((rs, row) -> new Taken(rs.getInt("columns"), rs.getInt("bytes")))
        .single();
  }

  /** How many bytes a value of a type has at least. */
  public int bytes(String type) {
    return database
        .query(
            "SELECT greatest(typlen, 1) FROM pg_catalog.pg_type WHERE oid = pg_typeof(CAST(NULL AS %s))::oid"
                .formatted(type),
            (rs, row) -> rs.getInt(1))
        .get(0);
  }
}
