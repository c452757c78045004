package dev.migrator.internal.file;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was found.
 *
 * @param path where it is, for people
 * @param content its bytes
 */
public record SourceFile(String path, byte[] content) {

  /** The name without the folders. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SourceFile that
        && path.equals(that.path)
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
