package dev.migrator.maven;

import dev.migrator.cli.task.PgDump;
import dev.migrator.cli.task.Squash;
import java.io.File;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Makes one SQL file of the schema, which a new database runs in the place of all that has run. */
@Mojo(name = "squash", threadSafe = true)
public final class SquashMojo extends DatabaseMojo {

  /** What the file is called. */
  @Parameter(property = "name", defaultValue = "baseline")
  private String name = "baseline";

  /** PostgreSQL's own program, at least of the server's version. */
  @Parameter(property = "pgDump", defaultValue = "pg_dump")
  private String pgDump = "pg_dump";

  /** What that program has written of this database elsewhere. */
  @Parameter(property = "from")
  private @Nullable File from;

  /** Only what is in these schemas; all by default. */
  @Parameter(property = "schemas")
  private List<String> schemas = new ArrayList<>();

  /** Tables that something else makes. */
  @Parameter(property = "without")
  private List<String> without = new ArrayList<>();

  /** Tables whose rows a new database gets as well. */
  @Parameter(property = "rows")
  private List<String> rows = new ArrayList<>();

  @Override
  void run() {
    Squash squash = new Squash(target(), set(), name, Clock.systemUTC());
    Squash.Made made =
        from == null
            ? squash.by(new PgDump(pgDump, schemas, without, rows))
            : squash.from(from.toPath());
    getLog().info(made.file().toString());
    getLog().info("it contains %d migrations".formatted(made.contains().size()));
    made.superfluous().forEach(it -> getLog().info("may be deleted with that release: " + it));
  }
}
