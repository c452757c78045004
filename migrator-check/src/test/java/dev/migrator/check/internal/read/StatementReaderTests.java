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
