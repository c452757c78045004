package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Somebody drops the tables of a change: what is left of it can be undone. */
class TableGoneIT {

  private final Fixture fixture = new Fixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** SQL of the user's own is not passed over: only its author knows what it means. */
  @ParameterizedTest
  @EnumSource(
      value = OperationCrashIT.Kind.class,
      mode = Mode.EXCLUDE,
      names = {"SQL", "SQL_IN_CONTRACT", "FILE", "FILE_IN_CONTRACT", "FILE_OUTSIDE"})
  void whatIsLeftIsUndone(OperationCrashIT.Kind kind) {
    fixture.execute(OperationCrashIT.TABLES);
    Migration migration = kind.migration();
    OperationLife.run(fixture, migration);
    fixture.execute(
        """
        DO $$ DECLARE name text; BEGIN
          FOR name IN SELECT relname FROM pg_class
                       WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', name);
          END LOOP;
        END $$
        """);
    OperationLife.undo(fixture, migration);
    assertThat(
            fixture.value(
                "SELECT count(*) FROM pg_class WHERE relname IN ('t', 'i', 'new', 'old')"))
        .isEqualTo("0");
  }

  /** To the undo it looks the same. */
  @Test
  void anIndexOfATableWithAnotherNameIsDropped() {
    fixture.execute("CREATE TABLE t (id int, a text)");
    Migration migration = Migration.define("m").table("t").addIndex("i").on("a");
    OperationLife.run(fixture, migration);
    fixture.execute("ALTER TABLE t RENAME TO u");
    OperationLife.undo(fixture, migration);
    assertThat(fixture.value("SELECT count(*) FROM pg_class WHERE relname = 'i'")).isEqualTo("0");
  }
}
