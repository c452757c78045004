package dev.migrator.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of the documentation, whose examples are used in tests. */
public final class Page {

  private final String text;

  private Page(String text) {
    this.text = text;
  }

  /** Reads one of docs, by its name. */
  public static Page of(String name) {
    return new Page(read(Path.of("../docs", name + ".md")));
  }

  /** The lines of an example with properties, counted from 0. */
  public String[] properties(int number) {
    return block("properties", number).split("\n");
  }

  /** An example in Java without white space, counted from 0. */
  public String java(int number) {
    return block("java", number).replaceAll("\\s+", "");
  }

  /** Any other example, counted from 0. */
  public String block(String language, int number) {
    List<String> blocks =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(text)
            .results()
            .map(it -> it.group(1))
            .toList();
    return blocks.get(number);
  }

  /** A source file without white space. */
  public static String squeezed(String file) {
    return read(Path.of(file)).replaceAll("\\s+", "");
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException ex) {
      throw new UncheckedIOException(ex);
    }
  }
}
