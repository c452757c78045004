package dev.migrator.internal.backfill;

/**
 * How far a chunk is after a range.
 *
 * @param window where the blocks begin that are gone over at present
 * @param pass which pass over them
 * @param next the block at which that pass goes on
 * @param blocksDone how much of the chunk is done
 * @param finished whether all of it is
 */
public record Position(long window, int pass, long next, long blocksDone, boolean finished) {}
