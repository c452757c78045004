package dev.migrator.internal.backfill;

/** A chunk is somebody else's by now, or is not needed any longer. */
public final class ChunkLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChunkLostException(long chunk) {
    super("chunk " + chunk + " has another owner or is gone");
  }
}
