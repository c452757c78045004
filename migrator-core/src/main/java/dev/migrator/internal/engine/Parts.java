package dev.migrator.internal.engine;

import dev.migrator.internal.Lazy;
import dev.migrator.internal.fleet.Membership;
import dev.migrator.internal.fleet.ReadSwitches;
import dev.migrator.internal.sql.Database;

/**
 * The parts of a migrator.
 *
 * @param check whether this release may serve
 * @param snapshots what the journal says
 * @param startup what has to be there before this release serves
 * @param worker the rest of the work
 */
record Parts(
    Database database,
    ReleaseCheck check,
    Snapshots snapshots,
    Startup startup,
    Lazy<BackgroundWorker> worker,
    Lazy<StatusReader> statuses,
    Lazy<OperatorCommands> commands,
    Lazy<ApprovedRun> approvedRun,
    ReadSwitches switches,
    Membership membership) {}
