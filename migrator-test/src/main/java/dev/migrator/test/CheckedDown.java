package dev.migrator.test;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a SQL file that was run, undone and run again.
 *
 * @param file the file
 * @param down the file that undoes it; {@code null} if there is none
 * @param problem why it could not be carried out; {@code null} if it could
 * @param leftBehind how the catalog differs behind the down from what it was before the file, as
 *     {@link CatalogImage#differences} tells it
 * @param secondTime how the catalog differs when the file has run again
 */
public record CheckedDown(
    String file,
    @Nullable String down,
    @Nullable String problem,
    List<String> leftBehind,
    List<String> secondTime) {

  public CheckedDown {
    leftBehind = List.copyOf(leftBehind);
    secondTime = List.copyOf(secondTime);
  }

  /** Whether the file has a down that leaves nothing behind, and can run again behind it. */
  public boolean isClean() {
    return down != null && problem == null && leftBehind.isEmpty() && secondTime.isEmpty();
  }
}
