package dev.migrator.internal.backfill;

import org.jspecify.annotations.Nullable;

/**
 * What every worker follows, as of its last look into the journal.
 *
 * @param goesOn whether the operator lets the work go on
 * @param throttle why all workers wait at present; {@code null} if they do not
 * @param speed the share of the time in which to work, in percent
 * @param elsewhere how many workers of the library seem to work in other databases of the server
 * @param transactions how many transactions that write the server has counted
 */
record WorkerDirective(
    boolean goesOn, @Nullable String throttle, int speed, double elsewhere, long transactions) {}
