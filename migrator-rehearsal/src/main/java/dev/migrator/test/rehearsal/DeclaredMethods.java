package dev.migrator.test.rehearsal;

import dev.migrator.Migration;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The migrations that methods of a class declare, as those of a configuration do. */
final class DeclaredMethods {

  private DeclaredMethods() {}

  static Map<String, Migration> of(Class<?> type) {
    List<Method> methods =
        Arrays.stream(type.getDeclaredMethods())
            .filter(it -> it.getReturnType() == Migration.class && it.getParameterCount() == 0)
            .filter(it -> !it.isSynthetic())
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (methods.isEmpty()) {
      throw new RehearsalException(
          "%s has no method without parameters that returns a Migration".formatted(type.getName()));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object instance = constructor.newInstance();
      Map<String, Migration> declared = new LinkedHashMap<>();
      for (Method method : methods) {
        method.setAccessible(true);
        declared.put(method.getName(), (Migration) method.invoke(instance));
      }
      return declared;
    } catch (ReflectiveOperationException ex) {
      throw new RehearsalException(
          "the migrations of %s cannot be read: it needs a constructor without parameters, or declare(…) them one by one"
              .formatted(type.getName()),
          ex);
    }
  }
}
