package dev.migrator.internal.journal;

/**
 * Marks what the journal holds to be run later as written by a role that may: the digest of it with
 * a key that nobody else can read. Who can write the tables by a privilege that was granted, by
 * mistake or by default, can change what stands there, and cannot make it run.
 *
 * <p>The key is a row of the journal with row security and without a policy: a privilege on the
 * table shows no row. The owner of the journal reads it, and can do everything anyway.
 */
public final class Seal {

  private Seal() {}

  /**
   * The seal as an expression. The text of a {@code jsonb} depends on its value alone.
   *
   * @param kind what is sealed, so that nothing passes for something else
   * @param id the migration, as an expression
   * @param name which one of it, as an expression
   * @param content what is run, as an expression of the type {@code jsonb}
   */
  public static String of(String kind, String id, String name, String content) {
    String message =
        "pg_catalog.convert_to(pg_catalog.jsonb_build_array('%s', (%s)::text, (%s)::text, %s)::text, 'UTF8')"
            .formatted(kind, id, name, content);
    return "(SELECT pg_catalog.sha256(k.secret || pg_catalog.sha256(k.secret || %s)) FROM migrator.key k)"
        .formatted(message);
  }

  /** The seal of a step. */
  static String ofStep(String id, String name, String definition) {
    return of("step", id, name, definition);
  }

  /** The seal of what the expressions of a migration mean. */
  static String ofExpressions(String id, String expressions) {
    return of("expressions", id, "''", expressions);
  }

  /** The seal of what is done with the rows of a migration. */
  public static String ofRanges(String id, String ranges) {
    return of("ranges", id, "''", ranges);
  }
}
