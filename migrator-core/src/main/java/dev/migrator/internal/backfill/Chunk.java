package dev.migrator.internal.backfill;

/**
 * A part of a table that one worker at a time works on.
 *
 * @param id its number, never used again
 * @param token grows with every owner
 * @param relation the table or partition it is a part of
 * @param source its name, quoted
 * @param mark what that table or partition was like when it was allocated
 * @param first its first block
 * @param end the block behind its last one
 * @param window the first block of the window that is worked on
 * @param pass which pass over the window, as it is recorded
 * @param next the block at which that pass goes on
 * @param attempts how often it was put off because rows in it were locked
 */
record Chunk(
    long id,
    long token,
    long relation,
    String source,
    String mark,
    long first,
    long end,
    long window,
    int pass,
    long next,
    int attempts) {

  /** The same with the name that the catalog gives its table or partition. */
  Chunk in(String named) {
    return new Chunk(id, token, relation, named, mark, first, end, window, pass, next, attempts);
  }
}
