package dev.migrator.diff;

import dev.migrator.diff.internal.difference.Comparison;
import dev.migrator.diff.internal.difference.Difference;
import dev.migrator.diff.internal.difference.Facts;
import dev.migrator.diff.internal.difference.Intents;
import dev.migrator.diff.internal.difference.Intents.Kind;
import dev.migrator.diff.internal.difference.OrdinalComparison;
import dev.migrator.diff.internal.difference.Refusal;
import dev.migrator.source.BeanLanguage;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/**
 * Compares what an application maps, by Hibernate or Spring Data JDBC, with what its migrations
 * make, and proposes those that are missing. Needs no database of production: the migrations run on
 * a PostgreSQL for tests, and the mapped tables are made beside them.
 *
 * <pre>{@code
 * @Test
 * void theMigrationsMakeWhatIsMapped() {
 *   MigratorDiff.application(ShopApplication.class).noPendingChanges();
 * }
 * }</pre>
 *
 * <p>What a difference means is never guessed. {@link dev.migrator.RenamedFrom} on an attribute, or
 * one of the answers here, says it; without them the difference is a question. Tables and columns
 * are named as in the database: {@code "owners"}, or {@code "shop.owners"} in another schema than
 * that of the connection.
 */
public final class MigratorDiff {

  private final Function<Function<ApplicationContext, Facts>, Facts> application;

  private final Map<String, String> renamed = new HashMap<>();

  private final Map<Kind, Set<String>> said = new EnumMap<>(Kind.class);

  private final Map<String, String> fills = new HashMap<>();

  private final Map<String, Intents.Transform> transforms = new HashMap<>();

  private BeanLanguage language = BeanLanguage.JAVA;

  private @Nullable OrdinalRecord ordinals;

  private MigratorDiff(Function<Function<ApplicationContext, Facts>, Facts> application) {
    this.application = application;
  }

  /**
   * Compares the application of a context that has started, such as that of a test. Its database is
   * the one that the migrations have made; it is only read.
   *
   * @param context a context with a {@code DataSource} and mappings
   */
  public static MigratorDiff of(ApplicationContext context) {
    return new MigratorDiff(it -> it.apply(context));
  }

  /**
   * Starts an application for the comparison, on a database for tests: without a web server,
   * without its runners, with what is not needed left out, and with {@code
   * spring.jpa.hibernate.ddl-auto=none}, so that it starts though its mapping is ahead.
   *
   * @param application the class that is annotated with {@code @SpringBootApplication}
   * @param arguments more of the command line, such as {@code --spring.profiles.active=test}
   */
  public static MigratorDiff application(Class<?> application, String... arguments) {
    return new MigratorDiff(it -> StartedApplication.with(application, arguments, it));
  }

  /** Says that a column has another name now. */
  public MigratorDiff renamed(String table, String from, String to) {
    renamed.put(table + "." + to, from);
    return this;
  }

  /** Says that a column is new, whatever else nobody maps. */
  public MigratorDiff added(String table, String column) {
    return added(table + "." + column);
  }

  /** Says that a table, or sequence, or a column with its table before a dot, is new. */
  public MigratorDiff added(String name) {
    return say(Kind.ADDED, name);
  }

  /** Says that a column that nobody maps is to be dropped. */
  public MigratorDiff removed(String table, String column) {
    return say(Kind.REMOVED, table + "." + column);
  }

  /** Says that a column that nobody maps stays, and that inserts leave it out. */
  public MigratorDiff optional(String table, String column) {
    return say(Kind.OPTIONAL, table + "." + column);
  }

  /** Says nothing of a column, as something else takes care of it. */
  public MigratorDiff leave(String table, String column) {
    return leave(table + "." + column);
  }

  /** Says nothing of a table, or sequence, or of a column with its table before a dot. */
  public MigratorDiff leave(String name) {
    return say(Kind.LEFT, name);
  }

  /** Says that no release writes NULL into a column, and no row has it. */
  public MigratorDiff neverNull(String table, String column) {
    return say(Kind.NEVER_NULL, table + "." + column);
  }

  /** Says what rows get in a column that refuses NULL, where older releases write nothing. */
  public MigratorDiff fill(String table, String column, String expression) {
    fills.put(table + "." + column, expression);
    return this;
  }

  /**
   * Says how the values of a column get into a new one of another type, and back.
   *
   * @param forward SQL over the old column
   * @param backward SQL over the new column
   */
  public MigratorDiff transform(String table, String column, String forward, String backward) {
    transforms.put(table + "." + column, new Intents.Transform(forward, backward));
    return this;
  }

  /**
   * Remembers in which order the constants of enums stand that are stored by their places, and
   * refuses another order: no catalog knows it. The file is written when it is missing, and when
   * constants are appended; commit it.
   *
   * @param file such as {@code src/test/resources/ordinals.json}
   */
  public MigratorDiff ordinals(Path file) {
    ordinals = new OrdinalRecord(file);
    return this;
  }

  /** Proposes beans in Kotlin. */
  public MigratorDiff kotlin() {
    language = BeanLanguage.KOTLIN;
    return this;
  }

  /**
   * Compares.
   *
   * @throws IllegalStateException if the migrations or the mapped tables cannot be made
   */
  public MappingDiff run() {
    Facts facts = application.apply(FactsReader::read);
    Difference found = Comparison.of(facts, intents());
    List<Refusal> refusals = new ArrayList<>(found.refusals());
    if (ordinals != null) {
      Map<String, List<String>> recorded = ordinals.read();
      Map<String, List<String>> now = facts.mapping().ordinals();
      List<Refusal> moved = OrdinalComparison.of(recorded, now);
      refusals.addAll(moved);
      if (moved.isEmpty()) {
        ordinals.add(recorded, now);
      }
    }
    return new MappingDiff(
        new Proposals(LocalDate.now(), language).of(found.changes()),
        found.questions().stream()
            .map(
                it ->
                    new OpenQuestion(
                        it.text(),
                        it.options().stream()
                            .map(one -> new OpenQuestion.Answer(one.meaning(), one.line()))
                            .toList()))
            .toList(),
        refusals.stream().map(it -> new RefusedChange(it.text(), it.remedy())).toList(),
        found.notes(),
        found.unused(),
        language);
  }

  /**
   * Fails if the mapping is ahead of the migrations, with what is missing.
   *
   * @throws PendingChangesError if it is
   */
  public void noPendingChanges() {
    MappingDiff diff = run();
    if (!diff.isEmpty()) {
      throw new PendingChangesError(diff);
    }
  }

  /**
   * Takes an answer as a question prints it, such as {@code --renamed=owners.telephone=phone}.
   *
   * @throws IllegalArgumentException if there is no such answer
   */
  MigratorDiff answer(String argument) {
    String[] parts = argument.split("=", 3);
    String name = (parts.length > 1) ? parts[1] : "";
    String value = (parts.length > 2) ? parts[2] : "";
    switch (parts[0]) {
      case "--renamed" ->
          renamed.put(name.substring(0, name.lastIndexOf('.') + 1) + value, after(name));
      case "--added" -> say(Kind.ADDED, name);
      case "--removed" -> say(Kind.REMOVED, name);
      case "--optional" -> say(Kind.OPTIONAL, name);
      case "--leave" -> say(Kind.LEFT, name);
      case "--never-null" -> say(Kind.NEVER_NULL, name);
      case "--fill" -> fills.put(name, value);
      case "--forward" ->
          transforms.merge(name, new Intents.Transform(value, null), Intents.Transform::and);
      case "--backward" ->
          transforms.merge(name, new Intents.Transform(null, value), Intents.Transform::and);
      default -> throw new IllegalArgumentException("there is no option " + parts[0]);
    }
    boolean valued = List.of("--renamed", "--fill", "--forward", "--backward").contains(parts[0]);
    if (name.isEmpty() || valued == value.isEmpty()) {
      throw new IllegalArgumentException("%s is not complete".formatted(argument));
    }
    return this;
  }

  private MigratorDiff say(Kind kind, String name) {
    said.computeIfAbsent(kind, it -> new HashSet<>()).add(name);
    return this;
  }

  private static String after(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private Intents intents() {
    return new Intents(renamed, said, fills, transforms);
  }
}
