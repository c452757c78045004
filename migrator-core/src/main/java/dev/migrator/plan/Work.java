package dev.migrator.plan;

/** What a step does while it has its lock. */
public enum Work {

  /** Changes the catalog only, however large the table is. */
  NOTHING("changes the catalog only"),

  /** Reads the whole table. */
  SCAN("reads the table"),

  /** Reads the whole table and builds an index. */
  BUILD("builds an index"),

  /** Writes rows in small ranges, each a transaction of its own. */
  COPY("writes rows in small ranges"),

  /** Writes the whole table anew. */
  REWRITE("writes the table anew"),

  /** Whatever SQL of the user's own does: it is judged by its effect when it runs. */
  UNKNOWN("is known only when it runs");

  private final String text;

  Work(String text) {
    this.text = text;
  }

  /**
   * What it is, for people.
   *
   * @return such as {@code builds an index}
   */
  public String text() {
    return text;
  }
}
