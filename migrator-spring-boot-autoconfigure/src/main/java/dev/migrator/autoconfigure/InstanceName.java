package dev.migrator.autoconfigure;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The name that somebody chose for an instance. Contexts that live side by side in one JVM, such as
 * those that tests keep for later, are instances of their own: the second one of a name gets it
 * with a number, and does not wait for the first one to end.
 */
final class InstanceName implements AutoCloseable {

  private static final Set<String> IN_USE = ConcurrentHashMap.newKeySet();

  private final @Nullable String name;

  private InstanceName(@Nullable String name) {
    this.name = name;
  }

  static InstanceName of(@Nullable String chosen) {
    if (chosen == null || !StringUtils.hasText(chosen)) {
      return new InstanceName(null);
    }
    String name = chosen;
    for (int number = 2; !IN_USE.add(name); number++) {
      name = chosen + "#" + number;
    }
    return new InstanceName(name);
  }

  /** Empty if nobody chose one. */
  Optional<String> given() {
    return Optional.ofNullable(name);
  }

  @Override
  public void close() {
    if (name != null) {
      IN_USE.remove(name);
    }
  }
}
