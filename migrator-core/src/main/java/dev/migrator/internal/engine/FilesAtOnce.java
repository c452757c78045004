package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.effect.Change;
import dev.migrator.internal.engine.step.EffectVerdict;
import dev.migrator.internal.engine.step.FileRefused;
import dev.migrator.internal.engine.step.FileSeries;
import dev.migrator.internal.engine.step.PreconditionChanged;
import dev.migrator.internal.engine.step.ShapeChanges;
import dev.migrator.internal.journal.FilesRecord.Ran;
import dev.migrator.internal.journal.Journal;
import dev.migrator.internal.journal.Snapshot;
import dev.migrator.internal.operation.Operations;
import dev.migrator.internal.plan.Decision;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Recorded;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.internal.step.Step;
import dev.migrator.settings.MigratorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Runs SQL files of which nothing has begun in one transaction, where no other instance lives: on a
 * new database, which gets all of its history. A file that fails, or is not to run beside others,
 * ends it; those before it are committed, and that one runs alone.
 *
 * <p>Why nobody is hurt: as in {@link OneTransactionExecutor}; see {@link FileSeries} for what the
 * files could notice of each other. An instance that dies has run all of them or none.
 */
final class FilesAtOnce {

  private static final Logger logger = LoggerFactory.getLogger(FilesAtOnce.class);

  /** Each may lock some ten relations, of which the server can keep a few thousand. */
  private static final int MOST = 50;

  private final Database database;

  private final Declarations declarations;

  private final Journal journal;

  private final ShapeChanges shapes;

  private final OneTransactionExecutor alone;

  private final ForeignRecords foreign;

  private final MigratorSettings settings;

  private final BiFunction<String, Snapshot, Decision> decide;

  private final BooleanSupplier ended;

  private final ReadTogether together;

  /** Whether a file has left something that the next one could have noticed. */
  private boolean careful;

  /** Whether a transaction of several could not be committed. */
  private boolean inVain;

  FilesAtOnce(
      Database database,
      Declarations declarations,
      Journal journal,
      ShapeChanges shapes,
      OneTransactionExecutor alone,
      ForeignRecords foreign,
      MigratorSettings settings,
      BiFunction<String, Snapshot, Decision> decide,
      ReadTogether together,
      BooleanSupplier ended) {
    this.database = database;
    this.declarations = declarations;
    this.journal = journal;
    this.shapes = shapes;
    this.alone = alone;
    this.foreign = foreign;
    this.settings = settings;
    this.decide = decide;
    this.together = together;
    this.ended = ended;
  }

  /**
   * Runs a file that is due, and those behind it.
   *
   * @return whether it is done; if not, nothing has changed
   */
  boolean run(Declaration first, Snapshot snapshot) {
    if (inVain || !first.isFile() || !alone.isOpen(first)) {
      return false;
    }
    List<File> files = due(first, snapshot);
    if (files.size() < 2) {
      return false;
    }
    List<Ran> ran;
    try {
      ran = database.inTransaction(() -> attempt(files));
    } catch (LeftForOthers ex) {
      careful = true;
      return run(first, snapshot);
    } catch (NotInOneTransaction | PreconditionChanged ex) {
      return false;
    } catch (DataAccessException | TransactionException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      logger.info("{}: SQL files run one by one ({})", first.id(), SqlState.describe(ex));
      inVain = true;
      return false;
    } catch (FileRefused ex) {
      inVain = true;
      return false;
    }
    if (ran.isEmpty()) {
      return false;
    }
    ran.stream()
        .filter(it -> it.effect() != null)
        .forEach(it -> logger.info("{}: {}", it.id(), it.effect()));
    logger.info(
        "{} SQL files in one transaction of {} ms, as no other instance runs",
        ran.size(),
        TimeUnit.NANOSECONDS.toMillis(ran.get(ran.size() - 1).end() - ran.get(0).begin()));
    together.ran(first.id(), ran.stream().map(Ran::id).toList());
    return true;
  }

  private List<File> due(Declaration first, Snapshot snapshot) {
    List<File> files = new ArrayList<>();
    Snapshot assumed = snapshot;
    boolean reached = false;
    for (Declaration declaration : declarations.all()) {
      reached = reached || declaration == first;
      if (!reached) {
        continue;
      }
      SqlFileStep step = step(declaration).orElse(null);
      if (step == null
          || files.size() == MOST
          || assumed.get(declaration.id()) != null
          || !isDue(declaration, assumed)) {
        break;
      }
      files.add(new File(declaration, step));
      Recorded recorded = Recorded.nothing(declaration.id()).declaring(declaration.operations());
      assumed = assumed.with(recorded.at(Phase.EXPAND));
    }
    return files;
  }

  private boolean isDue(Declaration declaration, Snapshot snapshot) {
    return decide.apply(declaration.id(), snapshot) instanceof Decision.Advance advance
        && advance.phase() == Phase.EXPAND;
  }

  /** Of a file that takes nothing away, and is one transaction which is not to take long. */
  private Optional<SqlFileStep> step(Declaration declaration) {
    if (!declaration.isFile()
        || declaration.isBaseline()
        || declaration.isLargeFile()
        || declaration.declares() != Phase.EXPAND
        || foreign.file(declaration).isPresent()) {
      return Optional.empty();
    }
    List<Step> steps =
        Operations.resolve(database, declaration.where(), declaration.migration(), true)
            .steps(Phase.EXPAND)
            .steps();
    return steps.stream()
        .filter(it -> steps.size() == 1)
        .filter(SqlFileStep.class::isInstance)
        .map(SqlFileStep.class::cast)
        .filter(it -> !it.longWork() && !it.mayRemove() && it.allowances().isEmpty())
        .findFirst();
  }

  private List<Ran> attempt(List<File> files) {
    alone.begin();
    List<Ran> ran = new ArrayList<>();
    boolean reshapes = false;
    long giveUp = System.nanoTime() + settings.lock().hold().toNanos();
    try (FileSeries series = new FileSeries(database, settings, careful)) {
      for (File file : files) {
        long begin = System.nanoTime();
        Optional<List<Change>> changes = series.run(file.step());
        if (changes.isPresent()) {
          ran.add(file.ran(changes.get(), begin));
          reshapes = reshapes || changes.get().stream().anyMatch(Change::reshapes);
        }
        if (series.isOver() || System.nanoTime() - giveUp > 0 || ended.getAsBoolean()) {
          break;
        }
      }
      if (!series.end()) {
        throw new LeftForOthers();
      }
    }
    if (!ran.isEmpty()) {
      journal.files().write(ran);
    }
    if (reshapes) {
      shapes.changed();
    }
    return ran;
  }

  /**
   * A file and what runs it.
   *
   * @param declaration its declaration
   * @param step its only step
   */
  private record File(Declaration declaration, SqlFileStep step) {

    Ran ran(List<Change> changes, long begin) {
      String effect = changes.isEmpty() ? null : step.path() + ": " + EffectVerdict.text(changes);
      return new Ran(
          declaration.id(),
          declaration.operations().stream().map(it -> it.upTo(Phase.EXPAND)).toList(),
          step,
          effect,
          begin,
          System.nanoTime());
    }
  }

  /** All of it is to be rolled back, and done again with more care. */
  private static final class LeftForOthers extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LeftForOthers() {
      super("a file has left something for the rest of the transaction", null, false, false);
    }
  }
}
