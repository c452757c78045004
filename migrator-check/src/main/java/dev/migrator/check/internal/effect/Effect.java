package dev.migrator.check.internal.effect;

import dev.migrator.internal.effect.Change;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a statement did, or is said to do.
 *
 * @param measured whether a server did it
 * @param touched the tables and views that were there before, with locks that others may wait for
 * @param changes what is different in the catalog of what was there before
 * @param rows what it changes without saying which rows; {@code null} if the server has not told
 * @param failure why the server refused it; {@code null} if it did not
 * @param unsure what could not be found out; {@code null} if nothing
 * @param tried whether it was run, or read, at all
 */
public record Effect(
    boolean measured,
    List<Touch> touched,
    List<Change> changes,
    @Nullable List<Rows> rows,
    @Nullable Failure failure,
    @Nullable String unsure,
    boolean tried) {

  /** An object, function, column, table, or schema is not there. */
  private static final Set<String> UNDEFINED = Set.of("42704", "42883", "42703", "42P01", "3F000");

  /** Copies the lists. */
  public Effect {
    touched = List.copyOf(touched);
    changes = List.copyOf(changes);
    rows = (rows == null) ? null : List.copyOf(rows);
  }

  /** What was done to nothing that was there before. */
  public static Effect nothing(boolean measured) {
    return new Effect(measured, List.of(), List.of(), null, null, null, true);
  }

  /** One that was left out. */
  public static Effect leftOut() {
    return new Effect(false, List.of(), List.of(), null, null, null, false);
  }

  /** One that was refused. */
  public static Effect failed(Failure failure) {
    return new Effect(true, List.of(), List.of(), null, failure, null, true);
  }

  /** One that nobody can tell anything of. */
  public static Effect unknown(boolean measured, String why) {
    return new Effect(measured, List.of(), List.of(), null, null, why, true);
  }

  /** The same behind something that was not tried, and may have made what is missing. */
  public Effect behindGap() {
    return (failure != null && UNDEFINED.contains(failure.state()))
        ? unknown(
            measured, failure.message() + ", which something before it may make that was not tried")
        : this;
  }

  /**
   * Why the server refused it.
   *
   * @param state its code
   * @param message its message
   * @param position the character of the statement, from 0; -1 if it is about none
   */
  public record Failure(String state, String message, int position) {}
}
