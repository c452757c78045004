package dev.migrator.internal.plan;

import dev.migrator.Phase;
import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.OperationFacts;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether two migrations affect the same objects, so that one has to be finished before the other.
 */
public final class Overlap {

  private Overlap() {}

  /**
   * Whether a migration has to wait for one that is declared before it.
   *
   * @param reached the phase that the earlier one has reached; {@code null} before the first
   */
  public static boolean blocks(Declaration earlier, @Nullable Phase reached, Declaration later) {
    boolean settled = reached != null && reached.includes(earlier.last());
    return !settled && any(earlier.operations(), later.operations(), AffectedObjects::blocks);
  }

  /**
   * Whether a migration has to wait for one that was begun before it and that this release does not
   * declare: another release that still runs may, or nobody has finished it.
   */
  public static boolean blocks(Recorded earlier, Declaration later) {
    return earlier.isUnsettled()
        && any(earlier.operations(), later.operations(), AffectedObjects::blocks);
  }

  /** Whether two recorded migrations have a column in common that one of them changes. */
  public static boolean shareColumns(Recorded one, Recorded other) {
    return any(one.operations(), other.operations(), AffectedObjects::sharesChangedColumn);
  }

  private static boolean any(
      List<OperationFacts> some,
      List<OperationFacts> others,
      BiPredicate<AffectedObjects, AffectedObjects> test) {
    return some.stream()
        .flatMap(it -> it.affected().stream())
        .anyMatch(
            one ->
                others.stream()
                    .flatMap(it -> it.affected().stream())
                    .anyMatch(other -> test.test(one, other)));
  }
}
