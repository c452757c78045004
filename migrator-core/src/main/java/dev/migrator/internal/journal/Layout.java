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

  /** The SQL files of releases, plans that were approved, and what steps took. */
  private static final String FILES_AND_PLANS =
      """
      -- The SQL files of a release, once for all of its instances.
      CREATE TABLE migrator.files (
        digest text PRIMARY KEY,
        declares jsonb NOT NULL,
        used_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      ALTER TABLE migrator.instance ADD COLUMN files text REFERENCES migrator.files;
      CREATE TABLE migrator.approval (
        fingerprint text PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        instance text NOT NULL,
        -- How far the plan takes which migrations.
        migrations jsonb NOT NULL
      );
      CREATE TABLE migrator.measure (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        migration_id text NOT NULL,
        step text NOT NULL,
        kind text NOT NULL,
        work text NOT NULL,
        -- Whether one attempt did all of it.
        whole boolean NOT NULL,
        bytes bigint NOT NULL,
        rows bigint,
        predicted interval,
        duration interval NOT NULL,
        lock_wait interval NOT NULL,
        -- Of the whole server.
        wal_bytes bigint NOT NULL
      );
      CREATE INDEX ON migrator.measure (migration_id);
      """;

  /** What stands there is taken as it is once: its owner was asked for before. */
  private static final String SEALS =
      """
      CREATE TABLE migrator.key (
        single boolean PRIMARY KEY DEFAULT true CHECK (single),
        secret bytea NOT NULL
      );
      -- Without a policy: privileges on the table show its row to nobody but the owner.
      ALTER TABLE migrator.key ENABLE ROW LEVEL SECURITY;
      INSERT INTO migrator.key (secret)
      SELECT sha256(string_agg(uuid_send(gen_random_uuid()), '')) FROM generate_series(1, 4);
      ALTER TABLE migrator.step ADD COLUMN seal bytea;
      ALTER TABLE migrator.backfill ADD COLUMN seal bytea;
      -- What the expressions of the declaration mean, with everything named by its schema.
      ALTER TABLE migrator.migration ADD COLUMN expressions jsonb, ADD COLUMN seal bytea;
      UPDATE migrator.step s SET seal = %s;
      """
          .formatted(Seal.ofStep("s.migration_id", "s.name", "s.definition"));

  /** See {@link SameAsDeclared}. */
  private static final String SAME = "ALTER TABLE migrator.migration ADD COLUMN same_as text";

  private static final String LAYOUTS_AND_OTHER_DATABASES =
      """
      -- That of the library that it runs; earlier ones leave it out.
      ALTER TABLE migrator.instance ADD COLUMN layout int;
      -- How many workers of the library copy rows of other databases on the server.
      ALTER TABLE migrator.backfill ADD COLUMN elsewhere real NOT NULL DEFAULT 0;
      """;

  /** That of this library. */
  public static final Layout CURRENT =
      new Layout(FIRST, List.of())
          .next(FILES_AND_PLANS)
          .next(SEALS)
          .next(SAME)
          .next(LAYOUTS_AND_OTHER_DATABASES);

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
