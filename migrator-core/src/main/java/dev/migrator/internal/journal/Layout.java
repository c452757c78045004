package dev.migrator.internal.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * The form of the journal's tables.
 *
 * <p>From layout 3 on this is promised: each layout only adds to the one before (columns that may
 * be left out, tables, indexes), so that instances with the previous version of the library go on
 * with it. A version of the library works with its own layout and with the next one, and upgrades
 * the one before.
 *
 * @param version grows with every change of the tables
 * @param upgrades what makes each layout of the one before, the newest last
 */
public record Layout(int version, List<Upgrade> upgrades) {

  /** The oldest layout that is promised to be upgraded. */
  static final int FIRST = 3;

  /** The SQL files of releases. */
  private static final String FILES =
      """
      -- The SQL files of a release, once for all of its instances.
      CREATE TABLE migrator.files (
        digest text PRIMARY KEY,
        declares jsonb NOT NULL,
        used_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      ALTER TABLE migrator.instance ADD COLUMN files text REFERENCES migrator.files;
      """;

  /** That of this library. */
  public static final Layout CURRENT = new Layout(FIRST, List.of()).next(FILES);

  public Layout {
    upgrades = List.copyOf(upgrades);
  }

  /**
   * A layout that this one is followed by.
   *
   * @param sql only adds
   */
  public Layout next(String sql) {
    List<Upgrade> all = new ArrayList<>(upgrades);
    all.add(new Upgrade(version + 1, sql));
    return new Layout(version + 1, all);
  }

  /** What makes this layout of the one before. */
  String upgrade() {
    return upgrades.stream()
        .filter(it -> it.to() == version)
        .map(Upgrade::sql)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no upgrade leads to layout " + version));
  }

  /**
   * One step.
   *
   * @param to the layout that it leads to
   * @param sql how
   */
  public record Upgrade(int to, String sql) {}
}
