package dev.migrator.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A changelog of Liquibase: XML, YAML, JSON or formatted SQL. Liquibase itself reads it, so {@code
 * org.liquibase:liquibase-core} has to be on the class path, in version 4.33 or 5. Nothing of the
 * application's code is run: what changes of its own do is not known, and said to be so.
 *
 * <pre>{@code
 * LiquibaseChangelog changelog =
 *     LiquibaseChangelog.of(Path.of("src/main/resources"), "db/changelog/db.changelog-master.yaml")
 *         .contexts("production");
 * CheckReport report = SqlCheck.changelog(changelog).run();
 * assertThat(report.failures()).as(report.toText()).isEmpty();
 * }</pre>
 *
 * @param folders where changelogs, and what they include, are looked for, in this order
 * @param file the changelog, from one of those folders on
 * @param contexts the contexts of the run, as Liquibase has them, such as {@code production,eu};
 *     empty for all change sets
 * @param labels the label expression of the run; empty for all change sets
 * @param parameters the values of {@code ${…}}, by name
 */
public record LiquibaseChangelog(
    List<Path> folders,
    String file,
    String contexts,
    String labels,
    Map<String, String> parameters) {

  /** Copies the collections. */
  public LiquibaseChangelog {
    if (folders.isEmpty()) {
      throw new IllegalArgumentException("a changelog stands in a folder, and none was named");
    }
    folders = List.copyOf(folders);
    parameters = Map.copyOf(parameters);
  }

  /**
   * A changelog in a folder of resources.
   *
   * @param folder the root of what it includes, such as {@code src/main/resources}
   * @param file the changelog, from there on, such as {@code db/changelog/db.changelog-master.yaml}
   */
  public static LiquibaseChangelog of(Path folder, String file) {
    return new LiquibaseChangelog(List.of(folder), file, "", "", Map.of());
  }

  /** Also looks in another folder for what is included. */
  public LiquibaseChangelog folder(Path folder) {
    List<Path> all = new ArrayList<>(folders);
    all.add(folder);
    return new LiquibaseChangelog(all, file, contexts, labels, parameters);
  }

  /** Takes the change sets of a run with these contexts. */
  public LiquibaseChangelog contexts(String names) {
    return new LiquibaseChangelog(folders, file, names, labels, parameters);
  }

  /** Takes the change sets of a run with this label expression. */
  public LiquibaseChangelog labels(String expression) {
    return new LiquibaseChangelog(folders, file, contexts, expression, parameters);
  }

  /** Sets a parameter of the changelog. */
  public LiquibaseChangelog parameter(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put(name, value);
    return new LiquibaseChangelog(folders, file, contexts, labels, all);
  }
}
