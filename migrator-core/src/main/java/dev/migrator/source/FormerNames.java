package dev.migrator.source;

import dev.migrator.RenamedFrom;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The way to an attribute: one member for each class that is embedded in the one before it.
 *
 * @param outer the way to the class; {@code null} if it is embedded in none
 * @param owner the class
 * @param attribute the attribute of that class
 */
public record FormerNames(@Nullable FormerNames outer, Class<?> owner, String attribute) {

  /** What the annotations on the way say of the last one. */
  public List<String> find() {
    List<String> found = new ArrayList<>();
    String rest = "";
    for (FormerNames it = this; it != null; it = it.outer) {
      for (RenamedFrom renamed : it.annotations()) {
        if (renamed.attribute().equals(rest)) {
          found.add(renamed.value());
        }
      }
      rest = rest.isEmpty() ? it.attribute : it.attribute + "." + rest;
    }
    // An annotation of a record's component is on its field and on its accessor.
    return found.stream().distinct().toList();
  }

  private List<RenamedFrom> annotations() {
    List<RenamedFrom> found = new ArrayList<>();
    String capital = attribute.substring(0, 1).toUpperCase(Locale.ROOT) + attribute.substring(1);
    for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
      for (var field : type.getDeclaredFields()) {
        if (field.getName().equals(attribute)) {
          found.addAll(of(field));
        }
      }
      for (var method : type.getDeclaredMethods()) {
        boolean getter =
            method.getName().equals("get" + capital)
                || method.getName().equals("is" + capital)
                || method.getName().equals(attribute);
        if (getter && method.getParameterCount() == 0) {
          found.addAll(of(method));
        }
      }
    }
    return found;
  }

  private static List<RenamedFrom> of(AnnotatedElement element) {
    return Arrays.asList(element.getAnnotationsByType(RenamedFrom.class));
  }
}
