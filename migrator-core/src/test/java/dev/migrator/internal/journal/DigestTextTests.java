package dev.migrator.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.migrator.Phase;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.AffectedObjects.Kind;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DigestTextTests {

  private static final AffectedObjects AFFECTED =
      new AffectedObjects("t", Kind.COLUMNS, List.of("a"), List.of("b"), List.of("c"));

  private static final Sides SIDES =
      new Sides("t", List.of("a"), List.of("b"), false, false, false, false);

  private static final Loss LOSS = new Loss("use", "what", "verb", false);

  static List<Record> records() {
    return List.of(
        AFFECTED,
        SIDES,
        LOSS,
        new OperationFacts(
            List.of(AFFECTED),
            Phase.EXPAND,
            Phase.EXPAND,
            Phase.EXPAND,
            SIDES,
            LOSS,
            Map.of(Phase.EXPAND, Map.of("operation", "x"))));
  }

  /** Also one that is added later: a record that differs in it must be another text. */
  @ParameterizedTest
  @MethodSource("records")
  void everyComponentCounts(Record record) throws ReflectiveOperationException {
    RecordComponent[] components = record.getClass().getRecordComponents();
    for (int i = 0; i < components.length; i++) {
      Object[] values = new Object[components.length];
      for (int j = 0; j < values.length; j++) {
        values[j] = components[j].getAccessor().invoke(record);
      }
      values[i] = another(values[i]);
      Object other =
          record
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new))
              .newInstance(values);
      assertThat(text(other)).as(components[i].getName()).isNotEqualTo(text(record));
    }
  }

  private static @Nullable Object another(Object value) {
    if (value instanceof String text) {
      return text + "!";
    }
    if (value instanceof Boolean is) {
      return !is;
    }
    if (value instanceof Enum<?> constant) {
      Object[] all = constant.getDeclaringClass().getEnumConstants();
      return all[(constant.ordinal() + 1) % all.length];
    }
    if (value instanceof List<?>) {
      return List.of();
    }
    return (value instanceof Map<?, ?>) ? Map.of() : null;
  }

  @Test
  void noTwoValuesHaveTheSameText() {
    List<Object> values =
        List.of(
            List.of("ab"),
            List.of("a", "b"),
            List.of(List.of("a"), "b"),
            List.of(List.of("a", "b")),
            List.of("a1:b"),
            List.of("as1:b"),
            List.of("]"),
            List.of(),
            Map.of("a", "b"),
            Map.of("a", List.of("b")),
            Map.of("a", List.of(), "b", List.of()),
            Map.of("a", Map.of("b", List.of())),
            Map.of(),
            "true",
            true,
            1,
            1L,
            "1",
            "EXPAND",
            Phase.EXPAND,
            "");
    assertThat(values.stream().map(DigestTextTests::text)).doesNotHaveDuplicates();
  }

  @Test
  void theOrderOfNamesDoesNotCount() {
    assertThat(text(Map.of("a", 1, "b", 2, "c", 3)))
        .isEqualTo(text(Map.of("c", 3, "b", 2, "a", 1)));
  }

  @Test
  void whatNoOperationHasIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> text(new Object()));
  }

  private static String text(Object value) {
    return new DigestText().add(value).toString();
  }
}
