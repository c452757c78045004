package dev.migrator.internal.engine;

import dev.migrator.internal.Listing;
import dev.migrator.internal.catalog.FunctionReader;
import dev.migrator.internal.catalog.FunctionReader.Use;
import dev.migrator.internal.fleet.SessionReader;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.UnregisteredSessions;
import dev.migrator.internal.sql.Database;
import dev.migrator.status.Hold;
import dev.migrator.status.Hold.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What may use the old side beside the instances of the fleet. To be called in a transaction. */
final class ContractHolds {

  private static final int NAMED = 10;

  private final SessionReader sessions;

  private final FunctionReader functions;

  ContractHolds(Database database, SessionReader sessions) {
    this.sessions = sessions;
    this.functions = new FunctionReader(database);
  }

  /**
   * Looks.
   *
   * @param starting whether a start waits for the contract: nobody who is connected to tables that
   *     never had a row has anything to lose there
   */
  List<Hold> of(Declaration declaration, boolean starting) {
    return of(declaration, starting, isAnyFunction());
  }

  /** Whether there is a function at all that could name anything. */
  boolean isAnyFunction() {
    return functions.isAny();
  }

  /**
   * The same.
   *
   * @param anyFunction what {@link #isAnyFunction} has said in the same round
   */
  List<Hold> of(Declaration declaration, boolean starting, boolean anyFunction) {
    List<Hold> holds = new ArrayList<>();
    if (!starting || !sessions.areTablesEmpty(declaration)) {
      sessions(holds, sessions.of(declaration));
    }
    if (anyFunction) {
      functions(holds, declaration);
    }
    return holds;
  }

  /** Whether sessions may use its tables that no registered instance accounts for. */
  boolean areTablesUsedByOthers(Declaration declaration) {
    return !sessions.of(declaration).isEmpty();
  }

  /** Whether its tables are known, and none of them has a block. */
  boolean areTablesEmpty(Declaration declaration) {
    return sessions.areTablesEmpty(declaration);
  }

  /** What no instance accounts for may be a release that has not got this library yet. */
  private static void sessions(List<Hold> holds, List<UnregisteredSessions> found) {
    if (!found.isEmpty()) {
      holds.add(
          new Hold(
              Reason.UNREGISTERED_SESSIONS,
              "sessions that no registered instance accounts for may use the table: "
                  + found.stream()
                      .limit(NAMED)
                      .map(UnregisteredSessions::describe)
                      .collect(Collectors.joining("; ")),
              "deploy a release with this library there, or end them; if they never use what goes, list their application in migrator.fleet.ignore-applications, or give the command CONTRACT"));
    }
  }

  private void functions(List<Hold> holds, Declaration declaration) {
    List<String> found = new ArrayList<>();
    for (Sides sides : declaration.sides()) {
      for (String name : sides.oldNames()) {
        for (Use use : functions.of(sides.table(), name)) {
          if (!declaration.acknowledges(use.name(), use.plain())) {
            found.add("%s %s".formatted(use.name(), use.what()));
          }
        }
      }
    }
    if (!found.isEmpty()) {
      holds.add(
          new Hold(
              Reason.USED_BY_FUNCTION,
              "functions of the database would fail without what goes: "
                  + Listing.first(NAMED, "; ", List.copyOf(found)),
              "change them, by CREATE OR REPLACE FUNCTION, or the trigger; if one means something else by that name, declare acknowledgeFunction(\"schema.name\")"));
    }
  }
}
