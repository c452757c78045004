package dev.migrator.internal.engine.step;

import dev.migrator.internal.catalog.Lasting;
import dev.migrator.internal.catalog.TableSize;
import dev.migrator.internal.effect.CatalogDifference;
import dev.migrator.internal.effect.CatalogGrowth;
import dev.migrator.internal.effect.CatalogImage;
import dev.migrator.internal.effect.Change;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.PreparedQuery;
import dev.migrator.internal.sql.SettingChanges;
import dev.migrator.internal.sql.SqlState;
import dev.migrator.internal.step.SqlFileStep;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.settings.MigratorSettings;
import java.io.StringReader;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Runs SQL files one behind the other in one transaction, where no other instance lives. Each is
 * behind a savepoint, and is judged by its own effect as it would be alone. One that fails, or may
 * not stay, is rolled back alone, and is left for a transaction of its own, which says what is
 * wrong.
 *
 * <p>Why a file does not notice the others: the series ends behind one that leaves something for
 * the rest of the transaction: another setting, a temporary table, or constraints that may be
 * checked at the end. It also ends behind one that has locked a table which was there before, and
 * has had rows, so that nobody waits for longer than for that file.
 */
public final class FileSeries implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(FileSeries.class);

  /** How often the time that is left is set anew while a file runs. */
  private static final int PARTS = 20;

  private final Database database;

  private final MigratorSettings settings;

  private final OwnSettings own;

  private final CatalogGrowth catalog;

  private final Set<Long> known;

  /** Whether what a file leaves is looked for behind each, and not only behind all of them. */
  private final boolean watchful;

  private final Lasting before;

  private final PreparedQuery lasting;

  private boolean over;

  private boolean done;

  /**
   * In a transaction that has set its limits.
   *
   * @param careful whether to look behind each file what it leaves
   */
  public FileSeries(Database database, MigratorSettings settings, boolean careful) {
    this.database = database;
    this.settings = settings;
    this.own = new OwnSettings(database);
    database.limits(settings.lock().budget(), settings.lock().hold());
    database.execute("SAVEPOINT migrator_file");
    this.catalog = new CatalogGrowth(database);
    this.known = new HashSet<>(catalog.image().tables());
    this.lasting = Lasting.query(database);
    this.before = Lasting.read(lasting);
    this.watchful =
        careful || before.kept() || (!known.isEmpty() && new TableSize(database).isAnyUsed(known));
  }

  /** Whether no other file may come behind. */
  public boolean isOver() {
    return over;
  }

  /**
   * Runs a file.
   *
   * @return what it has changed; empty if it is to run alone, and is rolled back
   * @throws FileRefused if it is to run alone, and cannot be rolled back alone
   */
  public Optional<List<Change>> run(SqlFileStep step) {
    try {
      return Optional.of(effect(step));
    } catch (FileRefused ex) {
      rollBack(ex);
    } catch (DataAccessException ex) {
      if (SqlState.isConnectionLost(ex)) {
        throw ex;
      }
      rollBack(ex);
    }
    over = true;
    return Optional.empty();
  }

  private void rollBack(RuntimeException reason) {
    logger.debug("a file runs alone", reason);
    try {
      database.execute("ROLLBACK TO SAVEPOINT migrator_file");
    } catch (DataAccessException ex) {
      // HikariCP closes a connection at SQLSTATE 0A000: that must not pass for an outage.
      reason.addSuppressed(ex);
      throw reason;
    }
  }

  /**
   * To be called behind the last file, before anything else is done in the transaction.
   *
   * @return whether no file has left anything that another one could have noticed
   */
  public boolean end() {
    boolean clean = watchful || !isLeft(Lasting.read(lasting));
    database.limits(settings.lock().budget(), settings.lock().hold().plusSeconds(5));
    forget();
    return clean;
  }

  private void forget() {
    lasting.close();
    catalog.close();
    done = true;
  }

  /** Leaves nothing with the session, also if the transaction has failed. */
  @Override
  public void close() {
    if (done) {
      return;
    }
    try {
      database.execute("ROLLBACK TO SAVEPOINT migrator_file");
      forget();
    } catch (DataAccessException ex) {
      logger.debug("the connection is gone, with all that was left", ex);
    }
  }

  private List<Change> effect(SqlFileStep step) {
    CatalogImage old = catalog.image();
    // A savepoint of its own, so that what it writes is of another age than what is there.
    own.give("RELEASE SAVEPOINT migrator_file; SAVEPOINT migrator_file; ");
    execute(step);
    boolean same = own.take();
    List<Change> changes = CatalogDifference.between(old, catalog.grown());
    EffectVerdict.refusal(step, changes, LocalDate.now(), () -> false)
        .ifPresent(
            it -> {
              throw new FileRefused(it);
            });
    over = !same || mayHaveSet(step) || (watchful && leavesAnything());
    return changes;
  }

  private void execute(SqlFileStep step) {
    long begin = System.nanoTime();
    long part = settings.lock().hold().toNanos() / PARTS;
    long last = 0;
    for (Statement statement : step.placed()) {
      long parts = (System.nanoTime() - begin) / part;
      if (parts != last) {
        limit(step, settings.lock().hold().minusNanos((parts + 1) * part));
        last = parts;
      }
      if (statement.data() != null) {
        database.copyIn(statement.sql(), new StringReader(statement.data()));
      } else {
        database.execute(statement.sql());
      }
    }
    if (System.nanoTime() - begin > settings.lock().hold().toNanos()) {
      throw new FileRefused(step.path() + ": it takes too long beside others");
    }
    if (last != 0) {
      database.limits(settings.lock().budget(), settings.lock().hold());
    }
  }

  /** A lock has to be got before the time to keep it is over, so that a wait counts as one. */
  private void limit(SqlFileStep step, Duration left) {
    if (left.isNegative() || left.isZero()) {
      throw new FileRefused(step.path() + ": it takes too long beside others");
    }
    Duration most = left.multipliedBy(9).dividedBy(10);
    database.limits(
        most.compareTo(settings.lock().budget()) < 0 ? most : settings.lock().budget(), left);
  }

  /**
   * The server lists neither a setting that nobody has declared, such as {@code app.tenant}, nor
   * one that the next file sets back, so a text that may set one counts as if it did.
   */
  private static boolean mayHaveSet(SqlFileStep step) {
    return step.placed().stream().anyMatch(it -> SettingChanges.mayBeIn(it.sql()));
  }

  private boolean leavesAnything() {
    Lasting now = Lasting.read(lasting);
    return isLeft(now) || keepsAnybody(now.locked());
  }

  private boolean isLeft(Lasting now) {
    return now.kept() || !now.settings().equals(before.settings());
  }

  /** Where there was never a row, nobody has anything to read. */
  private boolean keepsAnybody(Set<Long> locked) {
    Set<Long> old = new HashSet<>(locked);
    old.retainAll(known);
    known.removeAll(old);
    return !old.isEmpty() && new TableSize(database).isAnyUsed(old);
  }
}
