package dev.migrator.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part that is made when it is first used: a start with nothing to do needs few of them, and the
 * classes of the others take most of its time in a JVM that has loaded nothing else.
 *
 * @param <T> what it is
 */
public final class Lazy<T> {

  private final Supplier<T> making;

  private volatile @Nullable T made;

  public Lazy(Supplier<T> making) {
    this.making = making;
  }

  /** The part, the same for everybody. */
  public T get() {
    T known = made;
    return (known != null) ? known : make();
  }

  private synchronized T make() {
    T known = made;
    if (known == null) {
      known = making.get();
      made = known;
    }
    return known;
  }
}
