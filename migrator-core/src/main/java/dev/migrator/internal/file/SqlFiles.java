package dev.migrator.internal.file;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FileName.Direction;
import dev.migrator.internal.sql.Digest;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlFile.Statement;
import dev.migrator.settings.Adopt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads files as migrations. */
public final class SqlFiles {

  private static final int CONTENT_BYTES = 6;

  private static final long MOST_WHOLE = 16 << 20;

  private static final String FLYWAY_PLACEHOLDER = "${flyway:";

  private final Map<String, String> placeholders;

  private final Adopt adopt;

  private final List<String> problems = new ArrayList<>();

  private SqlFiles(Map<String, String> placeholders, Adopt adopt) {
    this.placeholders = placeholders;
    this.adopt = adopt;
  }

  /**
   * What was read.
   *
   * @param migrations the migrations in the order of their versions; repeatable ones are the last
   * @param problems what is wrong with the other files
   */
  public record Parsed(List<FileMigration> migrations, List<String> problems) {

    public Parsed {
      migrations = List.copyOf(migrations);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads all files.
   *
   * @param placeholders the values of {@code ${…}}, by name
   * @return the migrations in the order of their versions; repeatable ones are the last
   * @throws InvalidMigrationException naming everything that is wrong with any of them
   */
  public static List<FileMigration> parse(
      List<SourceFile> files, Map<String, String> placeholders) {
    return parse(files, placeholders, Adopt.NONE);
  }

  /** The same for files of which some were written for another tool. */
  public static List<FileMigration> parse(
      List<SourceFile> files, Map<String, String> placeholders, Adopt adopt) {
    Parsed parsed = read(files, placeholders, adopt);
    List<String> problems = parsed.problems();
    if (!problems.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_INVALID,
          problems.size() == 1
              ? "SQL file " + problems.get(0)
              : "%d SQL files cannot be run:\n  %s"
                  .formatted(problems.size(), String.join("\n  ", problems)));
    }
    return parsed.migrations();
  }

  /** The same, with what is wrong beside what is not. */
  public static Parsed read(List<SourceFile> files, Map<String, String> placeholders, Adopt adopt) {
    return new SqlFiles(placeholders, adopt).read(files);
  }

  private Parsed read(List<SourceFile> files) {
    Map<String, Version> versions = new TreeMap<>();
    for (SourceFile file : files) {
      attempt(
          () -> {
            FileName name = name(file);
            versions.computeIfAbsent(name.version(), it -> new Version(name)).add(name, file);
          });
    }
    List<FileMigration> migrations = new ArrayList<>();
    versions.values().forEach(it -> attempt(() -> migrations.add(migration(it))));
    Map<FileMigration, FilePlace> places = new IdentityHashMap<>();
    migrations.forEach(it -> FilePlace.of(it.id()).ifPresent(place -> places.put(it, place)));
    migrations.sort(
        Comparator.<FileMigration, Boolean>comparing(it -> it.file().repeatable())
            .thenComparing(
                it -> it.file().repeatable() ? null : places.get(it), FilePlace.order()));
    FlywayOrder.check(migrations).forEach(problems::add);
    return new Parsed(named(migrations), problems);
  }

  private FileName name(SourceFile file) {
    return switch (adopt) {
      case NONE -> FileName.of(file);
      case FLYWAY -> FlywayNames.of(file);
      case SUPABASE -> SupabaseNames.of(file);
    };
  }

  /** Who says {@code after R__…} means the content of this release. */
  private static List<FileMigration> named(List<FileMigration> migrations) {
    Map<String, String> ids = new HashMap<>();
    for (FileMigration it : migrations) {
      if (it.file().repeatable()) {
        ids.put(RepeatableId.name(it.id()), it.id());
      }
    }
    return migrations.stream()
        .map(it -> it.behind(it.after().stream().map(id -> ids.getOrDefault(id, id)).toList()))
        .toList();
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (FileProblem ex) {
      problems.add(String.valueOf(ex.getMessage()));
    }
  }

  private FileMigration migration(Version version) {
    SourceFile up = version.files.get(Direction.UP);
    SourceFile down = version.files.get(Direction.DOWN);
    if (up == null) {
      throw new FileProblem(
          String.valueOf(down), "it undoes a file that is not there; add " + version.id() + ".sql");
    }
    if (up.isLarge() && !version.repeatable()) {
      LargeFile.Summary summary =
          new LargeFile(up, it -> filled(up, it, version.foreign()), version.foreign())
              .summary()
              .orElse(null);
      if (summary != null) {
        return large(version, up, down, summary);
      }
    }
    requireToFit(up);
    String text = FileText.decode(up);
    Directives directives = Directives.of(up.path(), text);
    boolean foreign = version.foreign();
    // Flyway's files could not say so, and have mostly run.
    boolean mayRemove = directives.contract() || (foreign && adopt == Adopt.FLYWAY);
    List<Statement> statements =
        FileStatements.of(up.path(), filled(up, text, foreign), mayRemove, foreign);
    boolean inTransaction =
        directives.inTransaction() && statements.stream().noneMatch(Statement::outside);
    requireBaseline(up.path(), version, directives, inTransaction);
    return new FileMigration(
        version.repeatable() ? version.id() + "." + content(text) : version.id(),
        directives.after(),
        new SqlFile(
            up.path(),
            Baseline.checksum(FileStatements.checksum(text), directives.contains()),
            statements,
            down(down, foreign),
            directives.contract(),
            directives.longWork(),
            inTransaction,
            allowances(directives, foreign),
            version.repeatable(),
            directives.contains(),
            null),
        FlywayChecksum.of(text));
  }

  private FileMigration large(
      Version version, SourceFile up, @Nullable SourceFile down, LargeFile.Summary summary) {
    Directives directives = summary.directives();
    requireBaseline(up.path(), version, directives, true);
    return new FileMigration(
        version.id(),
        directives.after(),
        new SqlFile(
            up.path(),
            Baseline.checksum(summary.checksum(), directives.contains()),
            List.of(),
            down(down, version.foreign()),
            directives.contract(),
            directives.longWork(),
            true,
            allowances(directives, version.foreign()),
            false,
            directives.contains(),
            summary.text()),
        summary.flywayChecksum());
  }

  /** What is kept in memory, and of a way back in the journal. */
  private static void requireToFit(SourceFile file) {
    if (file.size() > MOST_WHOLE) {
      throw new FileProblem(
          file.path(),
          "it has more than %d MB, and only a file that runs once, in one transaction, may have that; put what needs so much into such a file"
              .formatted(MOST_WHOLE >> 20));
    }
  }

  private static void requireBaseline(
      String path, Version version, Directives directives, boolean inTransaction) {
    if (!directives.contains().isEmpty()) {
      Baseline.problem(
              version.id(),
              directives,
              inTransaction && !version.repeatable(),
              version.files.containsKey(Direction.DOWN))
          .ifPresent(
              it -> {
                throw new FileProblem(path, it);
              });
    }
  }

  /**
   * What was written before this library cannot say what older releases could do with. A baseline
   * runs where nothing is, and says what a schema that was there is to be like.
   */
  private static List<Allowance> allowances(Directives directives, boolean foreign) {
    List<Allowance> all = new ArrayList<>(directives.allowances());
    if (foreign || !directives.contains().isEmpty()) {
      all.add(Allowance.ofHistory());
    }
    return all;
  }

  private String filled(SourceFile file, String text, boolean foreign) {
    int own = text.indexOf(FLYWAY_PLACEHOLDER);
    if (own >= 0 && foreign && adopt == Adopt.FLYWAY) {
      throw new FileProblem(
          file.path(),
          FileText.line(text, own),
          "Flyway's own placeholders such as ${flyway:timestamp} are not known here; write the value, or a placeholder of yours");
    }
    return foreign && adopt == Adopt.SUPABASE
        ? FileText.fillKnown(text, placeholders)
        : FileText.fill(file.path(), text, placeholders);
  }

  /**
   * What makes another content another migration. Comments count: by one of them, a content that
   * was there before becomes a new one.
   */
  private static String content(String text) {
    return Digest.of(text.replace("\r\n", "\n").strip(), CONTENT_BYTES);
  }

  /** What undoes something may take it away: an operator asks for it. */
  private @Nullable List<Statement> down(@Nullable SourceFile file, boolean foreign) {
    if (file == null) {
      return null;
    }
    requireToFit(file);
    String text = FileText.decode(file);
    Directives.of(file.path(), text);
    return FileStatements.of(file.path(), filled(file, text, foreign), true, foreign);
  }

  /** The files of one version. */
  private static final class Version {

    private final FileName first;

    private final Map<Direction, SourceFile> files = new EnumMap<>(Direction.class);

    private String id;

    Version(FileName first) {
      this.first = first;
      this.id = first.id();
    }

    String id() {
      return id;
    }

    boolean repeatable() {
      return first.repeatable();
    }

    boolean foreign() {
      return first.foreign();
    }

    void add(FileName name, SourceFile file) {
      SourceFile other = files.putIfAbsent(name.direction(), file);
      if (other == null && !name.belongsTo(first) && !name.equals(first)) {
        other = files.values().iterator().next();
      }
      if (other != null) {
        throw new FileProblem(
            file.path(),
            "it has the same %s as %s; give one of them another, by which they have an order"
                .formatted(repeatable() ? "name" : "version", other.path()));
      }
      if (name.direction() == Direction.UP) {
        id = name.id();
      }
    }
  }
}
