package dev.migrator.internal.file;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import dev.migrator.internal.file.FileName.Direction;
import dev.migrator.operation.SqlFile;
import dev.migrator.operation.SqlFile.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads files as migrations. */
public final class SqlFiles {

  private final Map<String, String> placeholders;

  private final List<String> problems = new ArrayList<>();

  private SqlFiles(Map<String, String> placeholders) {
    this.placeholders = placeholders;
  }

  /**
   * Reads all files.
   *
   * @param placeholders the values of {@code ${…}}, by name
   * @return the migrations in the order of their versions
   * @throws InvalidMigrationException naming everything that is wrong with any of them
   */
  public static List<FileMigration> parse(
      List<SourceFile> files, Map<String, String> placeholders) {
    return new SqlFiles(placeholders).parse(files);
  }

  private List<FileMigration> parse(List<SourceFile> files) {
    Map<String, Version> versions = new TreeMap<>();
    for (SourceFile file : files) {
      attempt(
          () -> {
            FileName name = FileName.of(file);
            versions.computeIfAbsent(name.version(), it -> new Version(name.id())).add(name, file);
          });
    }
    List<FileMigration> migrations = new ArrayList<>();
    versions.values().forEach(it -> attempt(() -> migrations.add(migration(it))));
    if (!problems.isEmpty()) {
      throw new InvalidMigrationException(
          ErrorCode.FILE_INVALID,
          problems.size() == 1
              ? "SQL file " + problems.get(0)
              : "%d SQL files cannot be run:\n  %s"
                  .formatted(problems.size(), String.join("\n  ", problems)));
    }
    return migrations;
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
          String.valueOf(down), "it undoes a file that is not there; add " + version.id + ".sql");
    }
    String text = FileText.decode(up);
    Directives directives = Directives.of(up.path(), text);
    List<Statement> statements =
        FileStatements.of(
            up.path(), FileText.fill(up.path(), text, placeholders), directives.contract());
    boolean inTransaction =
        directives.inTransaction() && statements.stream().noneMatch(Statement::outside);
    return new FileMigration(
        version.id,
        directives.after(),
        new SqlFile(
            up.path(),
            FileStatements.checksum(text),
            statements,
            down(down),
            directives.contract(),
            directives.longWork(),
            inTransaction,
            directives.allowances()));
  }

  /** What undoes something may take it away: an operator asks for it. */
  private @Nullable List<Statement> down(@Nullable SourceFile file) {
    if (file == null) {
      return null;
    }
    String text = FileText.decode(file);
    Directives.of(file.path(), text);
    return FileStatements.of(file.path(), FileText.fill(file.path(), text, placeholders), true);
  }

  /** The files of one version. */
  private static final class Version {

    private final String id;

    private final Map<Direction, SourceFile> files = new EnumMap<>(Direction.class);

    Version(String id) {
      this.id = id;
    }

    void add(FileName name, SourceFile file) {
      SourceFile other = files.putIfAbsent(name.direction(), file);
      if (other == null && !name.id().equals(id)) {
        other = files.values().iterator().next();
      }
      if (other != null) {
        throw new FileProblem(
            file.path(),
            "it has the same version as %s; give one of them another, by which they have an order"
                .formatted(other.path()));
      }
    }
  }
}
