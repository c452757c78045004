package dev.migrator.diff;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The comparison as a program, on the class path of the application's tests:
 *
 * <pre>{@code
 * java -cp … dev.migrator.diff.DiffMain --application=com.shop.ShopApplication --renamed=owners.telephone=phone
 * }</pre>
 *
 * <p>It ends with 0 if nothing is missing, 1 if something is, 2 if something has to be answered or
 * is refused, and 3 if it could not compare. What stands behind {@code --} is for the application.
 */
public final class DiffMain {

  private static final int COULD_NOT_COMPARE = 3;

  private DiffMain() {}

  /**
   * Compares, and ends the process.
   *
   * @param args {@code --application}, {@code --format=text|java|kotlin|json}, {@code
   *     --language=java|kotlin}, {@code --output=FILE}, {@code --ordinals=FILE}, and the answers
   *     that questions print
   */
  public static void main(String[] args) {
    PrintStream out = System.out;
    // What the application logs is not the answer.
    System.setOut(System.err);
    System.exit(run(out, System.err, args));
  }

  /** The same without an end of the process. */
  static int run(PrintStream out, PrintStream err, String... args) {
    try {
      Options options = Options.of(args);
      Class<?> application =
          ApplicationFinder.find(options.application, System.getProperty("java.class.path", ""));
      MigratorDiff diff =
          MigratorDiff.application(application, options.ofApplication.toArray(String[]::new));
      options.answers.forEach(diff::answer);
      if (!options.ordinals.isEmpty()) {
        diff.ordinals(Path.of(options.ordinals));
      }
      if (options.kotlin()) {
        diff.kotlin();
      }
      MappingDiff found = diff.run();
      String text =
          switch (options.format) {
            case "java", "kotlin" -> found.toSource();
            case "json" -> found.toJson() + "\n";
            default -> found.toText();
          };
      if (options.output.isEmpty()) {
        out.print(text);
      } else {
        Files.writeString(Path.of(options.output), text);
        out.print(found.toText());
      }
      out.flush();
      return found.exitCode();
    } catch (IllegalArgumentException | IOException ex) {
      err.println(ex.getMessage());
      return COULD_NOT_COMPARE;
    } catch (RuntimeException ex) {
      ex.printStackTrace(err);
      return COULD_NOT_COMPARE;
    }
  }

  /** The command line. */
  private static final class Options {

    private static final String LEVEL = "--logging.level.root=";

    private String application = "";

    private String format = "text";

    private String language = "java";

    private String output = "";

    private String ordinals = "";

    private final List<String> answers = new ArrayList<>();

    private final List<String> ofApplication = new ArrayList<>();

    private static Options of(String... args) {
      Options options = new Options();
      boolean behind = false;
      for (String it : args) {
        if (behind) {
          options.ofApplication.add(it);
        } else if (it.equals("--")) {
          behind = true;
        } else {
          options.take(it);
        }
      }
      if (options.ofApplication.stream().noneMatch(it -> it.startsWith(LEVEL))) {
        options.ofApplication.add(LEVEL + "WARN");
      }
      if (!List.of("text", "java", "kotlin", "json").contains(options.format)) {
        throw new IllegalArgumentException("--format is text, java, kotlin or json");
      }
      if (!List.of("java", "kotlin").contains(options.language)) {
        throw new IllegalArgumentException("--language is java or kotlin");
      }
      return options;
    }

    /** Of what people read, the language is said; that of a source file is its format. */
    private boolean kotlin() {
      return format.equals("kotlin") || (!format.equals("java") && language.equals("kotlin"));
    }

    private void take(String argument) {
      String value = argument.substring(argument.indexOf('=') + 1);
      if (argument.startsWith("--application=")) {
        application = value;
      } else if (argument.startsWith("--format=")) {
        format = value.toLowerCase(Locale.ROOT);
      } else if (argument.startsWith("--language=")) {
        language = value.toLowerCase(Locale.ROOT);
      } else if (argument.startsWith("--output=")) {
        output = value;
      } else if (argument.startsWith("--ordinals=")) {
        ordinals = value;
      } else {
        answers.add(argument);
      }
    }
  }
}
