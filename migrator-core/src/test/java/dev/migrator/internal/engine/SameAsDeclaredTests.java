package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.internal.journal.SameAsDeclared;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.plan.Declaration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SameAsDeclaredTests {

  private static final String ID = "m";

  private static final List<OperationFacts> RENAME =
      facts(Migration.define(ID).table("t").renameColumn("a", "b").switchRead().dropColumn("a"));

  private static List<OperationFacts> facts(Migration migration) {
    return Declaration.of("bean", migration).operations();
  }

  private static String record(List<OperationFacts> declared, Phase begun) {
    return Json.write(declared.stream().map(it -> it.upTo(begun)).toList());
  }

  /** What is noted of a record, compared with a declaration; {@code null} if it is not the same. */
  private static @Nullable String noted(
      List<OperationFacts> declared, Phase begun, String record, @Nullable String before) {
    SameAsDeclared same = new SameAsDeclared(Map.of(ID, declared));
    assertThat(same.operations(ID, begun, record, before))
        .as("what the record says in any case")
        .isEqualTo(Json.readList(record, OperationFacts.class));
    return same.news().get(ID);
  }

  @ParameterizedTest
  @EnumSource
  void everyOperationIsKnownAgain(OperationCrashIT.Kind kind) {
    List<OperationFacts> declared = facts(kind.migration());
    String record = record(declared, Phase.CONTRACT);
    String noted = noted(declared, Phase.CONTRACT, record, null);
    assertThat(noted).isNotNull();
    assertThat(noted(declared, Phase.CONTRACT, record, noted)).as("noted already").isNull();
  }

  @ParameterizedTest
  @EnumSource
  void everyPhaseIsKnownAgain(Phase begun) {
    String record = record(RENAME, begun);
    String noted = noted(RENAME, begun, record, null);
    assertThat(noted).isNotNull();
    assertThat(noted(RENAME, begun, record, noted)).isNull();
  }

  @Test
  void anotherRecordIsRead() {
    String record = record(RENAME, Phase.CONTRACT);
    String noted = noted(RENAME, Phase.CONTRACT, record, null);
    String other = record.replace("\"b\"", "\"c\"");
    assertThat(other).isNotEqualTo(record);
    assertThat(noted(RENAME, Phase.CONTRACT, other, noted)).as("different").isNull();
    String spaced = record.replace(":", ": ");
    assertThat(noted(RENAME, Phase.CONTRACT, spaced, noted))
        .as("read, found to be the same, and noted anew")
        .isNotNull()
        .isNotEqualTo(noted);
  }

  @Test
  void anotherDeclarationReadsTheRecord() {
    String record = record(RENAME, Phase.CONTRACT);
    String noted = noted(RENAME, Phase.CONTRACT, record, null);
    List<OperationFacts> other =
        facts(Migration.define(ID).table("t").renameColumn("a", "c").switchRead().dropColumn("a"));
    assertThat(noted(other, Phase.CONTRACT, record, noted)).isNull();
    List<OperationFacts> shorter =
        facts(Migration.define(ID).table("t").renameColumn("a", "b").switchRead());
    assertThat(noted(shorter, Phase.CONTRACT, record, noted)).isNull();
  }

  @Test
  void whatIsNotDeclaredIsRead() {
    SameAsDeclared same = new SameAsDeclared(Map.of());
    String record = record(RENAME, Phase.EXPAND);
    assertThat(same.operations(ID, Phase.EXPAND, record, null))
        .isEqualTo(Json.readList(record, OperationFacts.class));
    assertThat(same.news()).isEmpty();
  }
}
