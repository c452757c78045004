package dev.migrator.check.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.check.internal.read.Parsed.Mark;
import dev.migrator.plan.LockMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a statement says is read once, by its tokens. */
class StatementReaderTests {

  private static Action action(String sql) {
    List<Action> actions = StatementReader.read("ALTER TABLE t " + sql).actions();
    assertThat(actions).hasSize(1);
    return actions.get(0);
  }

  private static CheckExpression check(String sql) {
    CheckExpression check = action("ADD " + sql).constraint().check();
    assertThat(check).isNotNull();
    return check;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CHECK (a IS NOT NULL) | a",
        "CONSTRAINT c CHECK ((a is not null)) NOT VALID | a",
        "CHECK (\"Full name\" IS NOT NULL) | Full name"
      })
  void aCheckMaySayThatAColumnIsNotNull(String sql, String column) {
    assertThat(check(sql).notNull()).isEqualTo(column);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHECK (a IS NOT NULL) NO INHERIT",
        "CHECK (a IS NOT NULL) NOT ENFORCED",
        "CHECK (a IS NOT NULL OR b)",
        "CHECK ((a IS NOT NULL) OR b)",
        "CHECK (NOT a IS NOT NULL)"
      })
  void whatSaysAnythingElseDoesNot(String sql) {
    assertThat(check(sql).notNull()).isNull();
    assertThat(check(sql).names()).contains("a");
  }

  @Test
  void aColumnOfThatNameIsNotWhatNotValidMeans() {
    Action check = action("ADD CONSTRAINT c CHECK (NOT valid)");
    assertThat(check.notValid()).isFalse();
    assertThat(check.definition()).isEqualTo("CHECK (NOT valid)");
    assertThat(check("CHECK (NOT valid) NOT VALID").text()).isEqualTo("NOT valid");
    assertThat(StatementReader.read("ALTER DOMAIN d ADD CHECK (NOT valid (VALUE))").marks())
        .containsExactly(Mark.ADDS_CHECK);
  }

  @Test
  void whatIsNotEnforcedChecksNoRow() {
    assertThat(action("ADD CHECK (a > 0) NOT ENFORCED").notValid()).isTrue();
    assertThat(action("ADD CHECK (a > 0) ENFORCED").notValid()).isFalse();
    assertThat(column("a int CHECK (a > 0) NO INHERIT NOT ENFORCED").check()).isFalse();
    assertThat(column("a int CHECK (a > 0) CHECK (a > 1) NOT ENFORCED").check()).isTrue();
  }

  private static ColumnDefinition column(String sql) {
    ColumnDefinition column = action("ADD " + sql).column();
    assertThat(column).isNotNull();
    return column;
  }

  /** It says what happens to rows when those that they refer to go. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a int REFERENCES p ON DELETE SET DEFAULT",
        "a int REFERENCES p ON UPDATE SET DEFAULT ON DELETE SET NULL",
        "a int REFERENCES p ON DELETE SET NULL NOT NULL"
      })
  void aForeignKeyThatSetsTheDefaultGivesNone(String sql) {
    assertThat(column(sql).defaultValue()).isNull();
    assertThat(column(sql).notNull()).isEqualTo(sql.endsWith("NOT NULL"));
    Parsed created = StatementReader.read("CREATE TABLE t (" + sql + ", b int DEFAULT 1)");
    assertThat(created.columns())
        .extracting(ColumnDefinition::defaultValue)
        .containsExactly(null, "1");
  }

  /** A file that is not finished is read as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE ONLY s.t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID, ADD b int DEFAULT 1",
        "ALTER TABLE t ADD a int REFERENCES p (id) ON DELETE SET DEFAULT CHECK (a > 0) GENERATED ALWAYS AS (b) STORED",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) WITH (fillfactor = 5) USING INDEX TABLESPACE x DEFERRABLE",
        "ALTER TABLE t ADD FOREIGN KEY (a, PERIOD b) REFERENCES p (a, PERIOD b) ON DELETE CASCADE",
        "CREATE TABLE t (a int DEFAULT 1 NOT NULL, PRIMARY KEY (a), CHECK (a > 0)) PARTITION BY RANGE (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t USING btree (a, lower(b)) WHERE c",
        "COMMENT ON COLUMN s.t.\"a.b\" IS 'x'"
      })
  void everyBeginningOfAStatementIsRead(String sql) {
    for (int i = 0; i <= sql.length(); i++) {
      assertThat(StatementReader.read(sql.substring(0, i)).text()).isNotBlank();
    }
  }

  @Test
  void aKeySaysMoreThanItsColumns() {
    KeyDefinition key =
        action(
                "ADD UNIQUE NULLS NOT DISTINCT (a, \"B\") INCLUDE (c) WITH (fillfactor = 50) USING INDEX TABLESPACE x DEFERRABLE INITIALLY DEFERRED")
            .constraint()
            .key();
    assertThat(key)
        .isEqualTo(
            new KeyDefinition(
                List.of("a", "B"),
                false,
                "INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor = 50) TABLESPACE x",
                "DEFERRABLE INITIALLY DEFERRED"));
    assertThat(action("ADD UNIQUE (a, period)").constraint().key().isPlain()).isTrue();
    assertThat(action("ADD UNIQUE (a)").usingIndex()).isNull();
    assertThat(action("ADD UNIQUE USING INDEX i DEFERRABLE").usingIndex()).isEqualTo("i");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD PRIMARY KEY (a, period WITHOUT OVERLAPS) | period",
        "ADD UNIQUE (a, b WITHOUT OVERLAPS) | b",
        "ADD FOREIGN KEY (a, PERIOD b) REFERENCES u (a, PERIOD b) | b",
        "ADD FOREIGN KEY (a, PERIOD period) REFERENCES u | period"
      })
  void aKeyMayBeTemporal(String sql, String column) {
    KeyDefinition key = action(sql).constraint().key();
    assertThat(key.temporal()).isTrue();
    assertThat(key.columns()).containsExactly("a", column);
  }

  @Test
  void aNumberThatNoTypeHasIsRead() {
    assertThat(Types.keepsRows("varchar(10)", "varchar(99999999999)")).isNull();
    assertThat(Types.keepsRows("varchar(10)", "varchar(999999999)")).isTrue();
  }

  @Test
  void namesInLiteralsAreNone() {
    assertThat(check("CHECK (b <> 'a' /* a */)").names()).containsExactly("b");
  }

  @Test
  void aConstraintIsReadWithoutNotValid() {
    Action key =
        action("ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (\"Id\", n) NOT VALID DEFERRABLE");
    assertThat(key.definition()).isEqualTo("FOREIGN KEY (a) REFERENCES u (\"Id\", n) DEFERRABLE");
    assertThat(key.notValid()).isTrue();
    assertThat(key.constraint().referenced()).containsExactly("Id", "n");
  }

  @Test
  void aTypeIsReadWithoutUsing() {
    Action type = action("ALTER a TYPE numeric(10, 2) USING a::numeric");
    assertThat(type.definition()).isEqualTo("numeric(10, 2)");
    assertThat(type.converts()).isTrue();
    assertThat(action("ALTER a TYPE using_").converts()).isFalse();
  }

  @Test
  void anIndexIsOnColumnsOrExpressions() {
    assertThat(StatementReader.read("CREATE INDEX i ON t USING btree (a, \"B\") WHERE c").index())
        .isEqualTo(new IndexDefinition("a, \"B\"", List.of("a", "B"), "c"));
    assertThat(StatementReader.read("CREATE INDEX i ON t (lower(a), b DESC)").index())
        .isEqualTo(new IndexDefinition("lower(a), b DESC", List.of(), null));
    assertThat(StatementReader.read("CREATE INDEX i ON t (a, lower(b))").index())
        .isEqualTo(new IndexDefinition("a, lower(b)", List.of(), null));
    assertThat(StatementReader.read("CREATE INDEX i ON t USING gin (a)").index()).isNull();
    assertThat(StatementReader.read("CREATE INDEX i ON t (a) INCLUDE (b)").index()).isNull();
  }

  @Test
  void aLockHasAMode() {
    assertThat(StatementReader.read("LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE").lock())
        .isEqualTo(LockMode.SHARE_ROW_EXCLUSIVE);
    assertThat(StatementReader.read("lock t, u in share mode nowait").lock())
        .isEqualTo(LockMode.SHARE);
    assertThat(StatementReader.read("LOCK t").lock()).isEqualTo(LockMode.ACCESS_EXCLUSIVE);
  }

  @Test
  void aTypeOrDomainSaysWhatChanges() {
    assertThat(StatementReader.read("ALTER TYPE e RENAME VALUE 'a' TO 'b'").marks())
        .containsExactly(Mark.RENAMES_VALUE);
    assertThat(StatementReader.read("ALTER DOMAIN d SET NOT NULL").marks())
        .containsExactly(Mark.REFUSES_NULL);
    assertThat(StatementReader.read("ALTER DOMAIN d ADD CHECK (VALUE > 0) NOT VALID").marks())
        .containsExactlyInAnyOrder(Mark.ADDS_CHECK, Mark.NOT_VALID);
  }
}
