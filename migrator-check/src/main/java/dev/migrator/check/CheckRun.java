package dev.migrator.check;

import dev.migrator.check.Finding.Blocked;
import dev.migrator.check.internal.effect.Effect;
import dev.migrator.check.internal.effect.Touch;
import dev.migrator.check.internal.effect.Trial;
import dev.migrator.check.internal.judge.Draft;
import dev.migrator.check.internal.judge.Judge;
import dev.migrator.check.internal.judge.TogetherJudge;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementReader;
import dev.migrator.check.internal.text.Piece;
import dev.migrator.check.internal.text.Script;
import dev.migrator.internal.sql.MalformedSqlException;
import dev.migrator.internal.sql.Statements;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes files one after the other. */
final class CheckRun {

  /** What blocks for less is a warning where the size of the table is known. */
  private static final double SHORT_SECONDS = 1;

  /** So many statements of one file that bring rows are run: they change no table. */
  private static final int ROW_STATEMENTS = 100;

  /** A statement that brings more is left out. */
  private static final int LONGEST_ROWS = 200_000;

  private final CheckSource source;

  private final boolean lenient;

  private final @Nullable String from;

  private final Trial trial;

  private final Policy policy;

  private final Sizes sizes;

  private final List<String> notes;

  private final List<Finding> findings = new ArrayList<>();

  private final List<CheckedStatement> looked = new ArrayList<>();

  private boolean leftOut;

  private boolean gap;

  CheckRun(
      CheckSource source,
      boolean lenient,
      @Nullable String from,
      Trial trial,
      Policy policy,
      Sizes sizes,
      List<String> notes) {
    this.source = source;
    this.lenient = lenient;
    this.from = from;
    this.trial = trial;
    this.policy = policy;
    this.sizes = sizes;
    this.notes = notes;
  }

  CheckReport run() {
    for (Script it : source.nowhere()) {
      findings.addAll(policy.apply(it, problems(it)));
    }
    boolean judged = from == null;
    Set<String> files = new HashSet<>();
    for (CheckUnit it : source.units()) {
      if (!judged && from != null && it.named().test(from)) {
        judged = true;
        trial.beginRelease();
      }
      Script script = it.script().get();
      check(script, judged);
      if (judged) {
        files.add(script.path());
      }
    }
    if (!judged) {
      throw new IllegalArgumentException(
          "no %s has the id or version %s".formatted(source.what(), from));
    }
    note();
    return new CheckReport(files.size(), looked.size(), trial.server(), notes, findings, looked);
  }

  private void note() {
    TableStatistics statistics = sizes.statistics();
    if (sizes.areOfAnother()) {
      notes.add(
          "the statistics have none of the tables of the files: they may be of another database");
    }
    if (statistics != null && !statistics.server().startsWith(trial.version() + ".")) {
      notes.add(
          "the statistics are of PostgreSQL %s, and this check was made for %d"
              .formatted(statistics.server(), trial.version()));
    }
  }

  private void check(Script script, boolean judged) {
    List<Finding> found = problems(script);
    boolean contract = script.directives() != null && script.directives().contract();
    List<Parsed> parsed =
        script.pieces().stream().map(it -> StatementReader.read(it.sql())).toList();
    boolean together =
        (script.directives() == null || script.directives().inTransaction())
            && parsed.stream().noneMatch(it -> it.kind().outside());
    trial.beginFile(together);
    TogetherJudge others = new TogetherJudge();
    int rows = 0;
    int left = 0;
    for (int i = 0; i < parsed.size(); i++) {
      Piece piece = script.pieces().get(i);
      if (piece.problem() != null) {
        found.add(
            problem(
                script,
                Rule.UNREADABLE,
                Level.ERROR,
                piece.line(),
                piece.column(),
                piece.problem()));
        continue;
      }
      boolean brings = parsed.get(i).kind().bringsRows();
      rows += brings ? 1 : 0;
      boolean out =
          brings && (rows > ROW_STATEMENTS || piece.rows() || piece.sql().length() > LONGEST_ROWS);
      left += out ? 1 : 0;
      leftOut |= out;
      Effect effect = out ? Effect.leftOut() : trial.attempt(piece, parsed.get(i), judged);
      found.addAll(judged(script, piece, parsed.get(i), effect, contract));
      if (judged) {
        looked.add(looked(script, piece, parsed.get(i), effect));
      }
      if (judged && together && effect.tried()) {
        for (Draft it : others.next(parsed.get(i), effect, piece.line())) {
          found.add(finding(script, piece, parsed.get(i), effect, it));
        }
      }
    }
    if (left > 0) {
      notes.add("%s: %,d statements that bring rows were not run".formatted(script.place(), left));
    }
    if (judged) {
      findings.addAll(policy.apply(script, found));
    } else {
      ran(script, found);
    }
  }

  /** What has run somewhere may have run on something else than what these files make. */
  private void ran(Script script, List<Finding> found) {
    found.stream()
        .filter(it -> it.rule() == Rule.WILL_FAIL || it.rule() == Rule.UNREADABLE)
        .limit(1)
        .forEach(
            it -> notes.add("%s, line %d: %s".formatted(script.place(), it.line(), it.message())));
  }

  private List<Finding> judged(
      Script script, Piece piece, Parsed parsed, Effect effect, boolean contract) {
    List<Finding> found = new ArrayList<>();
    Draft refused = refused(script, piece, parsed);
    if (refused != null) {
      found.add(finding(script, piece, parsed, effect, refused));
      return found;
    }
    if (!effect.tried() || isBehindRows(parsed, effect)) {
      return found;
    }
    Effect told = gap ? effect.behindGap() : effect;
    for (Draft it : Judge.of(parsed, told, contract, trial.version())) {
      found.add(finding(script, piece, parsed, effect, it));
    }
    return found;
  }

  /** What the one who runs the file refuses, whatever a server says. */
  private @Nullable Draft refused(Script script, Piece piece, Parsed parsed) {
    if (script.changeSet() != null) {
      return ChangeSets.refused(script, parsed);
    }
    if (piece.rows() || piece.sql().length() > LONGEST_ROWS) {
      return null;
    }
    try {
      Statements.place(piece.sql(), lenient);
      return null;
    } catch (MalformedSqlException ex) {
      return Draft.of(Rule.WILL_FAIL, Level.ERROR, String.valueOf(ex.getMessage()), "", List.of());
    }
  }

  /** A statement on rows may fail because others were left out. */
  private boolean isBehindRows(Parsed parsed, Effect effect) {
    boolean onRows =
        switch (parsed.kind()) {
          case INSERT, UPDATE, DELETE, MERGE, SELECT, DO -> true;
          default -> false;
        };
    return leftOut
        && onRows
        && effect.failure() != null
        && !effect.failure().state().equals("42601");
  }

  private Finding finding(Script script, Piece piece, Parsed parsed, Effect effect, Draft draft) {
    Touch touch = draft.touch();
    String table = (touch == null) ? null : touch.table();
    Blocked volume = sizes.blocked(table, draft.work());
    boolean brief =
        volume != null
            && draft.level() == Level.ERROR
            && draft.work() != Work.NOTHING
            && volume.seconds() < SHORT_SECONDS;
    int offset = Math.max(0, draft.offset());
    return new Finding(
        draft.rule(),
        brief ? Level.WARN : draft.level(),
        script.path(),
        piece.lineOf(offset),
        piece.columnOf(offset),
        script.changeSet(),
        parsed.text(),
        table,
        (touch == null) ? null : touch.lock(),
        draft.work(),
        effect.measured(),
        draft.message(),
        draft.breaks(),
        draft.safe(),
        volume,
        null);
  }

  private List<Finding> problems(Script script) {
    List<Finding> found = new ArrayList<>();
    for (Script.Problem it : script.problems()) {
      switch (it.kind()) {
        case UNREADABLE -> found.add(problem(script, Rule.UNREADABLE, Level.ERROR, it));
        case NOT_UNDERSTOOD -> {
          found.add(problem(script, Rule.NOT_UNDERSTOOD, Level.WARN, it));
          gap = true;
        }
        case REFUSED -> found.add(problem(script, Rule.WILL_FAIL, Level.ERROR, it));
        case LEFT_OUT -> {
          notes.add(script.place() + ": " + it.message());
          leftOut = true;
          gap = true;
        }
      }
    }
    return found;
  }

  private static Finding problem(Script script, Rule rule, Level level, Script.Problem it) {
    return problem(script, rule, level, it.line(), 1, it.message());
  }

  private static Finding problem(
      Script script, Rule rule, Level level, int line, int column, String message) {
    return new Finding(
        rule,
        level,
        script.path(),
        line,
        column,
        script.changeSet(),
        "",
        null,
        null,
        Work.NOTHING,
        true,
        message,
        "",
        List.of(),
        null,
        null);
  }

  private static CheckedStatement looked(Script script, Piece piece, Parsed parsed, Effect effect) {
    List<CheckedStatement.TouchedTable> tables =
        effect.touched().stream()
            .filter(it -> it.lock().compareTo(LockMode.ROW_EXCLUSIVE) > 0 || it.indexesLocked())
            .map(it -> new CheckedStatement.TouchedTable(it.table(), it.lock(), it.work()))
            .toList();
    return new CheckedStatement(
        script.path(),
        piece.line(),
        parsed.text(),
        effect.measured(),
        (effect.failure() == null) ? null : effect.failure().message(),
        effect.unsure(),
        tables);
  }
}
