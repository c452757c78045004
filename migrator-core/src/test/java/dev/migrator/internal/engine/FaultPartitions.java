package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Phase;
import dev.migrator.test.TestDatabase;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Users in two levels of partitions, and what somebody does to them in the middle of a change: rows
 * move, partitions come, go, and come back. Whenever that is, the end must be the same.
 */
final class FaultPartitions {

  private static final String OLD = "name";

  private static final String NEW = "full_name";

  private final JdbcClient jdbc;

  private FaultPartitions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  static List<String> table(int rows) {
    return List.of(
        """
        CREATE TABLE users (id bigint, region integer, name text NOT NULL, email text,
                            visits integer NOT NULL DEFAULT 0, filler text NOT NULL DEFAULT repeat('x', 400),
                            CONSTRAINT named CHECK (name <> ''), PRIMARY KEY (id, region)) PARTITION BY LIST (region)
        """,
        "COMMENT ON COLUMN users.name IS 'how the user is called'",
        "CREATE INDEX users_name ON users (name DESC)",
        "CREATE TABLE stays PARTITION OF users FOR VALUES IN (1)",
        "CREATE TABLE returns PARTITION OF users FOR VALUES IN (2)",
        "CREATE TABLE leaves PARTITION OF users FOR VALUES IN (3)",
        "CREATE TABLE deep PARTITION OF users FOR VALUES IN (4) PARTITION BY RANGE (id)",
        "CREATE TABLE deep_low PARTITION OF deep FOR VALUES FROM (0) TO (500)",
        "CREATE TABLE deep_high PARTITION OF deep FOR VALUES FROM (500) TO (10000)",
        "CREATE TABLE rest PARTITION OF users DEFAULT",
        """
        INSERT INTO users (id, region, name, email)
        SELECT n, n %% 6, 'User ' || n, n || '@here' FROM generate_series(1, %d) n
        """
            .formatted(rows));
  }

  /**
   * What the index of a partition is called depends on when it came, and for as long as the change
   * is under way on its object id.
   */
  static String comparable(String catalog) {
    return catalog
        .lines()
        .map(it -> it.replaceAll("INDEX \\S+ ON public\\.comes", "INDEX ON public.comes"))
        .map(it -> it.replaceAll("(~migrator_\\w+_\\w+)_\\d+", "$1"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  /** To be called when no instance is at the change. */
  static void comeAndGo(TestDatabase database) {
    try (FaultConnection connection = FaultConnection.to(database)) {
      comeAndGo(connection.jdbc());
    }
  }

  private static void comeAndGo(JdbcClient jdbc) {
    // What the dead had sent may still run, and change what is right to be done.
    Fixture.await(
        () ->
            jdbc.sql(
                    """
                    SELECT count(*) = 0 FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid()
                       AND backend_type = 'client backend' AND state = 'active'
                    """)
                .query(Boolean.class)
                .single(),
        () -> "the last statement to end");
    new FaultPartitions(jdbc).comeAndGo();
  }

  private void comeAndGo() {
    rowsMove();
    goAndComeBack();
    come("comes", "users", 7, 2000, "IN (7)");
    come("comes_deep", "deep", 4, 20_000, "FROM (10000) TO (30000)");
    go();
  }

  /** From one partition to another, and with that under another name; by both releases, if any. */
  private void rowsMove() {
    String column = isSwitched() ? NEW : OLD;
    String other = (phase() == Phase.CONTRACT) ? NEW : OLD;
    execute(
        "UPDATE users SET region = 4, %s = 'Moved ' || id WHERE id %% 30 = 1".formatted(column),
        "UPDATE users SET region = 1, %s = 'Moved ' || id WHERE id %% 30 = 10".formatted(other),
        "UPDATE users SET region = 8 WHERE id % 30 = 15");
  }

  private void goAndComeBack() {
    execute("ALTER TABLE users DETACH PARTITION returns");
    // Nothing copies to the other side what is written now.
    String names =
        sides().get(0).stream()
            .map(it -> it + " = 'Away ' || id")
            .collect(Collectors.joining(", "));
    execute(
        "UPDATE returns SET %s WHERE id %% 4 = 0".formatted(names),
        "ALTER TABLE users ATTACH PARTITION returns FOR VALUES IN (2)");
  }

  private void come(String name, String parent, int region, int first, String bound) {
    execute("CREATE TABLE %s (LIKE users INCLUDING ALL EXCLUDING COMMENTS)".formatted(name));
    for (List<String> side : sides()) {
      try {
        execute(
            "INSERT INTO %s (id, region, %s) SELECT n, %d%s FROM generate_series(%d, %d) n"
                .formatted(
                    name,
                    String.join(", ", side),
                    region,
                    ", 'Late ' || n".repeat(side.size()),
                    first,
                    first + 60));
        break;
      } catch (DataIntegrityViolationException ex) {
        // The new column may be NOT NULL by now.
        assertThat(side).as("%s", ex).containsExactly(OLD);
      }
    }
    execute("ALTER TABLE %s ATTACH PARTITION %s FOR VALUES %s".formatted(parent, name, bound));
  }

  private void go() {
    execute("ALTER TABLE users DETACH PARTITION leaves");
    assertThat(
            jdbc.sql(
                    """
                    SELECT id FROM leaves l WHERE 'User ' || id NOT IN (SELECT value FROM jsonb_each_text(to_jsonb(l)))
                    """)
                .query(Long.class)
                .list())
        .as("rows that left without their names")
        .isEmpty();
    execute("DROP TABLE leaves");
  }

  /**
   * What rows must be given that no trigger sees. Before reads switch the old side is enough,
   * unless the new one is refused without.
   */
  private List<List<String>> sides() {
    List<String> present = List.of(OLD, NEW).stream().filter(columns()::contains).toList();
    return (present.size() == 2 && !isSwitched())
        ? List.of(List.of(OLD), present)
        : List.of(present);
  }

  private boolean isSwitched() {
    Phase phase = phase();
    return phase != null && phase.includes(Phase.SWITCH_READ);
  }

  private List<String> columns() {
    return jdbc.sql(
            """
            SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped
            """)
        .query(String.class)
        .list();
  }

  private @Nullable Phase phase() {
    boolean begun =
        jdbc.sql("SELECT to_regclass('migrator.migration') IS NOT NULL")
            .query(Boolean.class)
            .single();
    if (!begun) {
      return null;
    }
    return jdbc.sql("SELECT phase FROM migrator.migration WHERE phase IS NOT NULL")
        .query(String.class)
        .optional()
        .map(Phase::valueOf)
        .orElse(null);
  }

  private void execute(String... statements) {
    for (String statement : statements) {
      jdbc.sql(statement).update();
    }
  }
}
