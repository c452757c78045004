package dev.migrator.check.internal.judge;

import dev.migrator.check.Level;
import dev.migrator.check.Rule;
import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.ColumnDefinition;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.StatementKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What works, and hurts later. */
final class Style {

  private static final int LONGEST_NAME = 63;

  private static final Set<String> SMALL =
      Set.of("int", "integer", "int4", "smallint", "int2", "serial", "smallserial", "serial4");

  private Style() {}

  static List<Draft> of(Parsed parsed) {
    List<Draft> drafts = new ArrayList<>();
    Stream.concat(
            parsed.columns().stream(),
            parsed.actions().stream().map(Action::column).filter(Objects::nonNull))
        .forEach(it -> column(it, parsed, drafts));
    Stream.concat(Stream.of(parsed.name()), parsed.columns().stream().map(ColumnDefinition::name))
        .filter(Objects::nonNull)
        .filter(it -> it.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME)
        .forEach(
            it ->
                add(
                    drafts,
                    "the name %s is longer than 63 bytes, and the server cuts it off".formatted(it),
                    "give it a shorter name"));
    return drafts;
  }

  private static void column(ColumnDefinition it, Parsed parsed, List<Draft> drafts) {
    String type = it.type().toLowerCase(Locale.ROOT);
    if (type.equals("json")) {
      add(
          drafts,
          "json has no equality: SELECT DISTINCT, GROUP BY and UNION over %s fail"
              .formatted(it.name()),
          "use jsonb");
    }
    boolean key = parsed.kind() == StatementKind.CREATE_TABLE && it.primaryKey();
    if (key && SMALL.contains(type)) {
      add(
          drafts,
          "the key %s ends at %s".formatted(it.name(), "2 147 483 647 at the latest"),
          "use bigint: to change the type later writes the table anew");
    }
  }

  private static void add(List<Draft> drafts, String message, String safe) {
    drafts.add(Draft.of(Rule.STYLE, Level.WARN, message, "", List.of(safe)));
  }
}
