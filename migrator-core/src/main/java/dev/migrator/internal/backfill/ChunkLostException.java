package dev.migrator.internal.backfill;

/** A chunk has another owner by now, or is not needed any longer. */
final class ChunkLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChunkLostException(long chunk) {
    super("chunk " + chunk + " has another owner or was deleted");
  }
}
