package dev.migrator.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.internal.operation.Operations;
import dev.migrator.operation.ColumnChange;
import dev.migrator.operation.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation has all that belongs to one. */
class OperationsTests {

  private static final Path PAGES = Path.of("..", "docs", "operations");

  static List<Class<?>> operations() {
    return List.of(Operation.class.getPermittedSubclasses());
  }

  @Test
  void everyOperationHasAType() {
    assertThat(Operations.kinds()).containsExactlyInAnyOrderElementsOf(operations());
  }

  /** A change of columns has fault tests of its own, with processes that are killed and frozen. */
  @Test
  void everyOperationIsCrashed() {
    Set<Class<?>> crashed =
        Arrays.stream(OperationCrashIT.Kind.values())
            .flatMap(it -> it.migration().operations().stream())
            .map(Object::getClass)
            .collect(Collectors.toSet());
    crashed.add(ColumnChange.class);
    assertThat(crashed).containsExactlyInAnyOrderElementsOf(operations());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationHasAPageWithAnExample(Class<?> operation) throws IOException {
    String name =
        operation.getSimpleName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    assertThat(Files.readString(PAGES.resolve(name + ".md"))).contains("```java");
    assertThat(Files.readString(PAGES.resolve("README.md"))).contains("(" + name + ".md)");
  }
}
