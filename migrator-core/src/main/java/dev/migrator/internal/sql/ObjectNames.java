package dev.migrator.internal.sql;

import java.nio.charset.StandardCharsets;

/**
 * The names of the objects that the library creates, by rule: a digest of the migration's id keeps
 * them apart and within the 63 bytes that PostgreSQL would otherwise silently truncate to.
 */
public final class ObjectNames {

  /** The schema of the journal and of the trigger functions. */
  public static final String SCHEMA = "migrator";

  /**
   * BEFORE triggers fire in the order of their names, byte by byte. A tilde is behind every ASCII
   * letter, so that the library's triggers see what the user's triggers have changed in the row.
   */
  public static final String PREFIX = "~migrator_";

  /** Set by the backfill for its transactions, where a transform would otherwise run backwards. */
  public static final String BACKFILL_MARK = "migrator.backfill";

  private static final int MAX_BYTES = 63;

  private static final int DIGEST_BYTES = 12;

  private final String digest;

  public ObjectNames(String migrationId) {
    this.digest = digest(migrationId);
  }

  /** Of one operation of a migration, by its place in it. */
  public static ObjectNames of(String migrationId, int operation) {
    return new ObjectNames((operation == 0) ? migrationId : migrationId + "#" + operation);
  }

  public String trigger(String suffix) {
    return PREFIX + digest + "_" + suffix;
  }

  public String function(String suffix) {
    return "sync_" + digest + "_" + suffix;
  }

  public String retired(int index) {
    return PREFIX + digest + "_retired_" + index;
  }

  public String constraint(String suffix) {
    return PREFIX + digest + "_" + suffix;
  }

  /** The name of the replacement of an index or constraint, until it takes over that one's name. */
  public String carried(String definition) {
    return PREFIX + digest + "_" + digest(definition);
  }

  /**
   * The name of the part that an index has on one partition. A temporary one contains the object
   * id, which no other partition has; one that stays shows people what it belongs to.
   *
   * @param index the name of the index
   * @param partition the name of the partition
   * @param oid its object id
   */
  public static String part(String index, String partition, long oid) {
    if (isOurs(index)) {
      return index + "_" + oid;
    }
    String name = partition + "_" + index;
    return (bytes(name) <= MAX_BYTES) ? name : cut(name) + "_" + digest(name);
  }

  private static String cut(String name) {
    int end = name.length();
    while (bytes(name.substring(0, end)) > MAX_BYTES - DIGEST_BYTES - 1) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end);
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether a name was created by these rules. */
  public static boolean isOurs(String name) {
    return name.startsWith(PREFIX);
  }

  private static String digest(String text) {
    return Digest.of(text, DIGEST_BYTES / 2);
  }
}
