package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.text.Piece;
import org.jspecify.annotations.Nullable;

/** How statements are looked at, one after the other. */
public interface Trial extends AutoCloseable {

  /** Takes what is there now for what running releases use. */
  void beginRelease();

  /**
   * Begins a file.
   *
   * @param together whether all of it is one transaction
   */
  void beginFile(boolean together);

  /**
   * Does a statement.
   *
   * @param judged whether what it does matters; otherwise only what it leaves behind does
   */
  Effect attempt(Piece piece, Parsed parsed, boolean judged);

  /** The server; {@code null} if there is none. */
  @Nullable String server();

  /** Its major version, or the one that is assumed. */
  int version();

  @Override
  void close();
}
