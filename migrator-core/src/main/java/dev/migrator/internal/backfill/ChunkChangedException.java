package dev.migrator.internal.backfill;

/** The table or partition of a chunk is not what it was when it was allocated. */
final class ChunkChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChunkChangedException(Chunk chunk) {
    super("chunk %d of %s is not as it was allocated".formatted(chunk.id(), chunk.source()));
  }
}
