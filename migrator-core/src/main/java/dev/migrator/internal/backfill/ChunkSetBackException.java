package dev.migrator.internal.backfill;

/** A chunk is recorded elsewhere than its owner has left it: the server has lost the end of it. */
final class ChunkSetBackException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChunkSetBackException(long chunk) {
    super("the server has lost what was done last of chunk " + chunk);
  }
}
