package dev.migrator.internal.backfill;

/** The table or partition that a chunk is a part of is not what it was when it was dealt out. */
public final class ChunkChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ChunkChangedException(Chunk chunk) {
    super("chunk %d of %s is not as it was dealt out".formatted(chunk.id(), chunk.source()));
  }
}
