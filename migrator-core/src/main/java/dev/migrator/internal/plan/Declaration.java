package dev.migrator.internal.plan;

import dev.migrator.Migration;
import dev.migrator.Phase;
import dev.migrator.TableName;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.operation.FileDefinition;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import dev.migrator.internal.operation.Operations;
import dev.migrator.operation.Operation;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Contained;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A migration and where it is declared.
 *
 * @param bean the name of the bean, or what else tells a person where to look
 * @param isBean whether it is a bean, and not a file or a change of a changelog
 * @param migration the migration
 * @param operations what can be said of its operations
 */
public record Declaration(
    String bean, boolean isBean, Migration migration, List<OperationFacts> operations) {

  public Declaration {
    operations = List.copyOf(operations);
  }

  public static Declaration of(String bean, Migration migration) {
    return checked(new Declaration(bean, true, migration, Operations.facts(migration)));
  }

  /** Of a migration that is no bean. */
  public static Declaration in(String place, Migration migration) {
    return checked(new Declaration(place, false, migration, Operations.facts(migration)));
  }

  private static Declaration checked(Declaration declaration) {
    Migration migration = declaration.migration();
    if (migration.isInBackground() && declaration.leavesOldSide()) {
      throw new InvalidMigrationException(
          ErrorCode.OPTIONS_CONTRADICT,
          "%s: this release %s, so its start has to wait for that; leave out inBackground(), or end the chain at backfill()"
              .formatted(declaration.where(), declaration.use()));
    }
    if (!declaration.declares().includes(declaration.needed())) {
      throw new InvalidMigrationException(
          ErrorCode.OPTIONS_CONTRADICT,
          "%s: this release %s, which needs %s, but an operation beside it ends at %s, and a phase is reached when all operations have reached it; take that one to its end in this release, or make it a migration of its own"
              .formatted(
                  declaration.where(),
                  declaration.use(),
                  declaration.needed(),
                  declaration.declares()));
    }
    return declaration;
  }

  public String id() {
    return migration.id();
  }

  /** Whether no start does it or waits for it. */
  public boolean isInBackground() {
    return migration.isInBackground();
  }

  /** Whether it is a SQL file. */
  public boolean isFile() {
    return FileDefinition.of(operations).isPresent();
  }

  /** Whether it is a SQL file of which another content is another migration. */
  public boolean isRepeatable() {
    return FileDefinition.of(operations).filter(FileDefinition::repeatable).isPresent();
  }

  /** What it stands for on a new database; empty if it is no baseline. */
  public List<Contained> contains() {
    List<Contained> contained = new ArrayList<>();
    for (Operation operation : migration.operations()) {
      if (operation instanceof SqlFile file) {
        contained.addAll(file.contains());
      }
    }
    return contained;
  }

  /** Whether it is a SQL file that is too large to be kept in memory. */
  public boolean isLargeFile() {
    return migration.operations().stream()
        .anyMatch(it -> it instanceof SqlFile file && file.text() != null);
  }

  /** Whether a new database runs it in the place of others. */
  public boolean isBaseline() {
    return migration.operations().stream()
        .anyMatch(it -> it instanceof SqlFile file && !file.contains().isEmpty());
  }

  /** Whether it takes something away by a SQL file. */
  public boolean isFileOfContract() {
    return declares() == Phase.CONTRACT && isFile();
  }

  /** The last phase that this release declares. */
  public Phase declares() {
    return migration.declares();
  }

  /** How messages begin, so that the reader knows where to look. */
  public String where() {
    return "migration \"%s\" (%s)".formatted(id(), origin());
  }

  /** What declares it, as messages say it. */
  public String origin() {
    if (isFile()) {
      return "file " + bean;
    }
    return isBean ? "bean \"%s\"".formatted(bean) : bean;
  }

  /** The tables that are changed, for people; empty if none is known. */
  public String tables() {
    return migration.operations().stream()
        .map(Operation::table)
        .filter(Objects::nonNull)
        .map(TableName::toString)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The columns of both sides, of those operations that have some. */
  public List<Sides> sides() {
    List<Sides> sides = new ArrayList<>();
    for (OperationFacts operation : operations) {
      if (operation.sides() != null) {
        sides.add(operation.sides());
      }
    }
    return sides;
  }

  /** What older releases lose in CONTRACT. */
  public Stream<Loss> losses() {
    return operations.stream().map(OperationFacts::loss).filter(Objects::nonNull);
  }

  /**
   * Whether its author has looked at a function that names what goes.
   *
   * @param signature with the types of its arguments
   * @param name without them
   */
  public boolean acknowledges(String signature, String name) {
    return migration.acknowledgedFunctions().contains(signature)
        || migration.acknowledgedFunctions().contains(name);
  }

  /** The columns that the contract retires. */
  public List<String> oldColumns() {
    return sides().stream().flatMap(it -> it.oldColumns().stream()).toList();
  }

  /** Whether this release does not work without what the migration makes. */
  public boolean readsNewSide() {
    for (Sides sides : sides()) {
      if (sides.readsNew()) {
        return true;
      }
    }
    return false;
  }

  /** Whether this release asks which side to read. */
  public boolean readsAtRuntime() {
    for (Sides sides : sides()) {
      if (sides.readsAtRuntime()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the code of the releases keeps both sides in step, and no trigger does. */
  public boolean byApplication() {
    for (Sides sides : sides()) {
      if (sides.byApplication()) {
        return true;
      }
    }
    return false;
  }

  /** Whether this release does not work without the columns that the migration makes. */
  public boolean usesNewSide() {
    // A start that waits for a file which waits for older releases to go would never end.
    boolean putOff = isFile() && !migration.after().isEmpty();
    // Whoever asks at run time which side to read may write either side at any time.
    return !putOff && (readsNewSide() || writesNewSide() || readsAtRuntime());
  }

  /** Whether this release may read or write the new side in place of an old one. */
  private boolean leavesOldSide() {
    return writesNewSide()
        || sides().stream()
            .anyMatch(it -> !it.oldColumns().isEmpty() && (it.readsNew() || it.readsAtRuntime()));
  }

  private boolean writesNewSide() {
    return byApplication() && declares().includes(Phase.DUAL_WRITE);
  }

  /** Whether this release writes the new side, and nothing writes the old one for it. */
  public boolean writesNewSideOnly() {
    return byApplication() && declares() == Phase.CONTRACT;
  }

  /** How this release uses the new side, as messages say it. */
  public String use() {
    if (writesNewSideOnly()) {
      return "reads and writes nothing but the new side";
    }
    if (isFile()) {
      return "may need what it makes";
    }
    return readsNewSide() ? "reads the new side" : "writes the new side";
  }

  /** Whether this release may serve as far as this migration goes. */
  public boolean mayServe(Recorded recorded) {
    Phase reached = recorded.phase();
    boolean ready = reached != null && reached.includes(needed());
    return (ready || isInBackground()) && !loses(recorded) && !isLeaving(recorded);
  }

  /** Whether the new side is about to go: nobody who uses it was there when that was accepted. */
  private boolean isLeaving(Recorded recorded) {
    Phase begun = recorded.begun();
    return recorded.undoing() && begun != null && Phase.BACKFILL.includes(begun) && usesNewSide();
  }

  /** Whether what the code of this release relies on is being removed, or cannot be relied on. */
  public boolean loses(Recorded recorded) {
    // Who removes columns looks at the fleet after the command, so who comes later must wait.
    boolean leaving = recorded.undoing() && recorded.begun() == Phase.EXPAND && usesNewSide();
    // Without triggers, who starts behind that may leave the new side behind.
    boolean outdated =
        recorded.undoing()
            && recorded.begun() == Phase.BACKFILL
            && byApplication()
            && readsNewSide();
    return leaving || outdated || (writesNewSideOnly() && recorded.oldSide() != OldSide.RELEASED);
  }

  /** What must be reached before this release serves, and stay reached while it does. */
  public Phase needed() {
    Phase needed = Phase.EXPAND;
    for (OperationFacts operation : operations) {
      needed = operation.needed().includes(needed) ? operation.needed() : needed;
    }
    return needed;
  }

  /** What the instance tells the others of it. */
  public Member.Declared declared() {
    return new Member.Declared(
        declares(), readsNewSide(), readsAtRuntime(), writesNewSide(), false);
  }

  /** Whether a later release can declare more of the migration. */
  public boolean goesOn() {
    return declares() != last();
  }

  /** What a later release has to declare for a phase to run, as messages say it. */
  public String goesOnBy(Phase next) {
    boolean switches = sides().stream().anyMatch(it -> !it.newColumns().isEmpty());
    String verbs =
        losses().map(it -> it.verb() + "()").distinct().collect(Collectors.joining(" and "));
    return (switches || verbs.isEmpty()) ? next.name() : verbs;
  }

  /** How a release relies on what the contract removes, as messages say it. */
  String needs() {
    return losses().map(Loss::use).distinct().collect(Collectors.joining(" or "));
  }

  /** The last phase in which it does anything. */
  Phase last() {
    return operations.stream()
        .map(OperationFacts::last)
        .max(Comparator.naturalOrder())
        .orElse(Phase.EXPAND);
  }
}
