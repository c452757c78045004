package dev.migrator.source;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The language in which a team declares its migrations. Pure. */
public enum BeanLanguage {
  /** Java. */
  JAVA {

    @Override
    public String made(String type, String arguments) {
      return "new %s(%s)".formatted(type, arguments);
    }

    @Override
    public String function(String verbs) {
      return "it -> it" + verbs;
    }

    @Override
    public String bean(String id, List<String> chain) {
      return """
          @Bean
          Migration %s() {
            return Migration.define(%s)%s;
          }"""
          .formatted(beanName(id), string(id), lines(chain, "      "));
    }
  },

  /** Kotlin. */
  KOTLIN {

    @Override
    public String string(String text) {
      return super.string(text).replace("$", "\\$");
    }

    @Override
    public String made(String type, String arguments) {
      return "%s(%s)".formatted(type, arguments);
    }

    @Override
    public String function(String verbs) {
      return "{ it%s }".formatted(verbs);
    }

    @Override
    public String bean(String id, List<String> chain) {
      return """
          @Bean
          fun %s(): Migration =
            Migration.define(%s)%s"""
          .formatted(beanName(id), string(id), lines(chain, "    "));
    }
  };

  /** What neither language, or no class, lets a method be named that could be named by a table. */
  private static final Set<String> TAKEN =
      Set.of(
          ("abstract as assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends final finally float for fun goto if implements import"
                  + " in instanceof int interface is long native new null object package private"
                  + " protected public return short static strictfp super switch synchronized this"
                  + " throw throws transient true false try typealias typeof val var void volatile"
                  + " when while"
                  + " clone equals finalize getClass hashCode notify notifyAll toString wait")
              .split(" "));

  private static final String METADATA = "kotlin.Metadata";

  /** That of a class. */
  public static BeanLanguage of(Class<?> type) {
    return Arrays.stream(type.getAnnotations())
            .anyMatch(it -> it.annotationType().getName().equals(METADATA))
        ? KOTLIN
        : JAVA;
  }

  /** A text as a literal. */
  public String string(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }

  /** Several, as arguments. */
  public String strings(List<String> texts) {
    return texts.stream().map(this::string).collect(Collectors.joining(", "));
  }

  /** A new object. */
  public abstract String made(String type, String arguments);

  /** A function of one argument on which verbs are called. */
  public abstract String function(String verbs);

  /** The method that declares a bean, by the verbs behind its id. */
  public abstract String bean(String id, List<String> chain);

  private static String lines(List<String> chain, String indent) {
    return chain.stream().map(it -> "\n" + indent + it).collect(Collectors.joining());
  }

  /** The id of a migration that is declared on a day. */
  public static String id(LocalDate day, String what) {
    String part =
        what.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return day + "-" + (part.isEmpty() ? "change" : part);
  }

  /** The name of a bean, from the id behind its date. */
  private static String beanName(String id) {
    String[] parts = id.replaceFirst("^\\d{4}-\\d\\d-\\d\\d-", "").split("[^A-Za-z0-9]+");
    String name =
        Arrays.stream(parts)
            .filter(it -> !it.isEmpty())
            .map(it -> it.substring(0, 1).toUpperCase(Locale.ROOT) + it.substring(1))
            .collect(Collectors.joining());
    String method = Character.toLowerCase(name.charAt(0)) + name.substring(1);
    return Character.isDigit(name.charAt(0)) || TAKEN.contains(method) ? "change" + name : method;
  }
}
