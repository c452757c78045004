package dev.migrator.internal.backfill;

/**
 * How far a chunk is after a range.
 *
 * @param window the first block of the window that is worked on
 * @param pass which pass over the window, as it is recorded
 * @param next the block at which that pass goes on
 * @param blocksDone how much of the chunk is done
 * @param finished whether all of it is
 */
record Position(long window, int pass, long next, long blocksDone, boolean finished) {}
