package dev.migrator.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.status.Hold;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code and entry exist together, each is used, and none ever gets a second meaning. */
class ErrorCodesTests {

  private static final List<Path> MAIN =
      List.of(
          Path.of("src/main/java"), Path.of("../migrator-spring-boot-autoconfigure/src/main/java"));

  private static final Pattern ENTRY =
      Pattern.compile(
          "^### (\\S+)\n\n`([A-Z_]+)`: (.+?)\n\n\\*\\*Way on:\\*\\* (.+?)\n(?=\n|\\z)",
          Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  void codesAreWellFormedAndInOrder() {
    List<String> codes = codes();
    assertThat(codes).allMatch(it -> it.matches("MIG-\\d{4}")).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void eachCodeHasOneEntryWithCauseAndWayOnAndNoEntryIsLeftOver() throws IOException {
    String document = Files.readString(Path.of("../docs/errors.md"));
    List<String> entries = new ArrayList<>();
    Matcher entry = ENTRY.matcher(document);
    while (entry.find()) {
      assertThat(entry.group(3) + entry.group(4)).as(entry.group(1)).doesNotContain("\n\n");
      entries.add(entry.group(1) + " " + entry.group(2));
    }
    assertThat(entries)
        .containsExactlyElementsOf(
            Stream.of(ErrorCode.values()).map(it -> it.code() + " " + it.name()).toList());
    assertThat(Pattern.compile("^### ", Pattern.MULTILINE).matcher(document).results())
        .hasSameSizeAs(entries);
  }

  /** The list only grows: who changes a line of it gives a code a second meaning. */
  @Test
  void noCodeEverGetsASecondMeaning() throws IOException {
    try (var list = ErrorCodesTests.class.getResourceAsStream("/error-codes.txt")) {
      assertThat(list).isNotNull();
      List<String> lines =
          new String(list.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(it -> !it.startsWith("#"))
              .toList();
      assertThat(Stream.of(ErrorCode.values()).map(it -> it.code() + " = " + it.name()))
          .containsExactlyElementsOf(lines);
    }
  }

  @Test
  void eachConstantIsUsed() throws IOException {
    String sources = sources();
    assertThat(ErrorCode.values())
        .allMatch(
            it -> Pattern.compile("ErrorCode\\." + it.name() + "\\b").matcher(sources).find());
  }

  @Test
  void eachReasonOfAHoldHasACodeOfItsOwn() {
    assertThat(Arrays.stream(Hold.Reason.values()).map(Hold.Reason::code))
        .doesNotHaveDuplicates()
        .allMatch(it -> it.code().startsWith("MIG-6"))
        .allMatch(it -> it.name().startsWith("HELD_"));
    assertThat(Arrays.stream(Hold.Reason.values()).map(it -> "HELD_" + it.name()))
        .containsExactlyElementsOf(
            Arrays.stream(Hold.Reason.values()).map(it -> it.code().name()).toList());
  }

  @Test
  void theMessageBeginsWithTheCode() {
    MigratorException error = new NotReadyException(ErrorCode.START_ENDED, "too late");
    assertThat(error).hasMessage("MIG-3005: too late");
    assertThat(error.errorCode()).isSameAs(ErrorCode.START_ENDED).hasToString("MIG-3005");
  }

  private static List<String> codes() {
    return Stream.of(ErrorCode.values()).map(ErrorCode::code).toList();
  }

  private static String sources() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path root : MAIN) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
          all.append(Files.readString(file)).append('\n');
        }
      }
    }
    return all.toString();
  }
}
