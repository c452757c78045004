package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.MigrationBuilder;
import dev.migrator.NewSql;
import dev.migrator.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A migration as a changelog declares it: what is said there becomes what a bean would say. */
final class ChangelogMigration {

  /** An element around the operations, for the formats in which no key can stand twice. */
  private static final String OPERATIONS = "operations";

  private static final String SQL = "sql";

  private static final Set<String> SQL_ATTRIBUTES =
      Set.of("run", "undo", "withoutUndo", "inContract");

  private static final Set<String> SETTINGS =
      Set.of("id", "after", "ready", "inBackground", OPERATIONS);

  private static final Set<String> ALL = all();

  private ChangelogMigration() {}

  /** Its id: that of the change set, unless it says another one. */
  static String id(Element element, String changeSet) {
    return Objects.requireNonNullElse(new Given(element).textOrNull("id"), changeSet);
  }

  /**
   * Declares it.
   *
   * @param element what the changelog says
   * @param changeSet the id of its change set
   * @throws dev.migrator.error.InvalidMigrationException if it is no migration
   */
  static Migration.Declared of(Element element, String changeSet) {
    Given given = new Given(element).only(ALL);
    List<Given> operations = operations(given);
    @Nullable Phase ready = given.one("ready", Phase.class);
    if (ready != null && operations.stream().noneMatch(ChangelogMigration::isInPhases)) {
      throw given.refused(
          "\"ready\" says nothing of %s: the release that declares it is ready for all of it"
              .formatted(operations.stream().map(it -> it.element().name()).toList()));
    }
    MigrationBuilder before = Migration.define(id(element, changeSet));
    if (given.has("after")) {
      List<String> ids = given.names("after");
      before = before.after(ChangelogOperation.first(ids), ChangelogOperation.more(ids));
    }
    if (given.flag("inBackground", false)) {
      before = before.inBackground();
    }
    Migration.@Nullable Declared declared = null;
    for (Given operation : operations) {
      MigrationBuilder builder = declared == null ? before : declared.and();
      declared = declared(builder, operation, Objects.requireNonNullElse(ready, Phase.BACKFILL));
    }
    if (declared == null) {
      throw given.refused(
          "it has no operation; there are %s, sql"
              .formatted(
                  String.join(
                      ", ",
                      Arrays.stream(ChangelogOperation.values())
                          .map(ChangelogOperation::verb)
                          .toList())));
    }
    return declared;
  }

  private static Migration.Declared declared(MigrationBuilder before, Given given, Phase ready) {
    ChangelogOperation operation = ChangelogOperation.of(given.element().name());
    return operation == null
        ? sql(before, given.only(SQL_ATTRIBUTES))
        : operation.declare(before, given.only(operation.attributes()), ready);
  }

  private static Migration.Declared sql(MigrationBuilder before, Given given) {
    if (given.has("undo") == given.has("withoutUndo")) {
      throw given.refused("say either \"undo\", or why there is none by \"withoutUndo\"");
    }
    NewSql sql = before.sql(given.text("run"));
    if (given.flag("inContract", false)) {
      sql = sql.inContract();
    }
    return given.has("undo")
        ? sql.undo(given.text("undo"))
        : sql.withoutUndo(given.text("withoutUndo"));
  }

  private static boolean isInPhases(Given given) {
    ChangelogOperation operation = ChangelogOperation.of(given.element().name());
    return operation != null && operation.isInPhases();
  }

  private static List<Given> operations(Given given) {
    List<Given> operations = new ArrayList<>();
    for (Element child : given.element().children()) {
      if (child.name().equals(OPERATIONS)) {
        Set<String> known = new LinkedHashSet<>(ALL);
        known.removeAll(SETTINGS);
        new Given(child).only(known);
        child.children().forEach(it -> operations.add(new Given(it)));
      } else if (!SETTINGS.contains(child.name())) {
        operations.add(new Given(child));
      }
    }
    return operations;
  }

  private static Set<String> all() {
    Set<String> all = new LinkedHashSet<>(SETTINGS);
    Stream.of(ChangelogOperation.values()).map(ChangelogOperation::verb).forEach(all::add);
    all.add(SQL);
    return all;
  }
}
