package dev.migrator.autoconfigure.liquibase;

import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an element says, each by its name and of the kind that is expected. */
record Given(Element element) {

  private static final Pattern PARAMETER = Pattern.compile("\\$\\{[^}]*}");

  /** Where it may be meant. */
  private static final Set<String> SQL =
      Set.of(
          "run",
          "undo",
          "withoutUndo",
          "compute",
          "expression",
          "expressions",
          "where",
          "fillNullsWith");

  /** Refuses what has another name. */
  Given only(Collection<String> known) {
    for (Element child : element.children()) {
      if (!known.contains(child.name())) {
        throw refused(
            "\"%s\" is unknown here; there are %s"
                .formatted(child.name(), known.stream().sorted().toList()));
      }
    }
    if (element.value() != null && !String.valueOf(element.value()).isBlank()) {
      throw refused("the value \"%s\" belongs to no attribute".formatted(element.value()));
    }
    return this;
  }

  boolean has(String name) {
    return child(name) != null;
  }

  String text(String name) {
    String text = textOrNull(name);
    if (text == null) {
      throw refused("\"%s\" is missing".formatted(name));
    }
    return text;
  }

  @Nullable String textOrNull(String name) {
    Element child = child(name);
    if (child == null) {
      return null;
    }
    Object value = child.value();
    if (!child.children().isEmpty() || value instanceof Collection<?>) {
      throw refused("\"%s\" must be one value, not several".formatted(name));
    }
    if (value == null || value.toString().isBlank()) {
      throw refused("\"%s\" is empty".formatted(name));
    }
    return settled(name, value.toString().strip());
  }

  /** Liquibase leaves a parameter as it stands if nobody sets it; no name looks like that. */
  private String settled(String name, String text) {
    if (!SQL.contains(name) && PARAMETER.matcher(text).find()) {
      throw refused("\"%s\" is \"%s\", a parameter that is not set".formatted(name, text));
    }
    return text;
  }

  boolean flag(String name, boolean otherwise) {
    String text = textOrNull(name);
    if (text == null) {
      return otherwise;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused("\"%s\" must be true or false, not \"%s\"".formatted(name, text));
    };
  }

  <E extends Enum<E>> @Nullable E one(String name, Class<E> type) {
    String text = textOrNull(name);
    if (text == null) {
      return null;
    }
    E[] all = type.getEnumConstants();
    return Arrays.stream(all)
        .filter(it -> it.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    "\"%s\" must be one of %s, not \"%s\""
                        .formatted(name, Arrays.toString(all), text)));
  }

  /** Names, as a list, or with commas between them. */
  List<String> names(String name) {
    Element child = child(name);
    if (child == null) {
      throw refused("\"%s\" is missing".formatted(name));
    }
    List<?> values =
        (child.value() instanceof Collection<?> several)
            ? new ArrayList<>(several)
            : List.of(text(name).split(","));
    List<String> names =
        values.stream().map(it -> settled(name, Objects.toString(it, "").strip())).toList();
    if (names.isEmpty() || !child.children().isEmpty() || names.contains("")) {
      throw refused("\"%s\" must be names".formatted(name));
    }
    return names;
  }

  /** The elements of a name, also those of a list around them. */
  List<Given> all(String list, String name) {
    return element.children().stream()
        .flatMap(it -> it.name().equals(list) ? it.children().stream() : List.of(it).stream())
        .filter(it -> it.name().equals(name))
        .map(Given::new)
        .toList();
  }

  private @Nullable Element child(String name) {
    List<Element> found = element.children().stream().filter(it -> it.name().equals(name)).toList();
    if (found.size() > 1) {
      throw refused("\"%s\" stands there twice".formatted(name));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  InvalidMigrationException refused(String message) {
    return new InvalidMigrationException(
        ErrorCode.CHANGELOG_INVALID, "<%s>: %s".formatted(element.name(), message));
  }
}
