package dev.migrator.internal.file;

/**
 * The id of a repeatable file: its name, and behind a dot the sum of its content, as each content
 * is a migration of its own.
 */
public final class RepeatableId {

  static final String PREFIX = "R__";

  private RepeatableId() {}

  /** The name in the id of a repeatable file, which is that of all its contents. */
  public static String name(String id) {
    return id.substring(0, Math.max(0, id.lastIndexOf('.')));
  }

  /** Whether it is one, where nothing but the id or its name is known. */
  public static boolean is(String id) {
    return id.startsWith(PREFIX);
  }
}
