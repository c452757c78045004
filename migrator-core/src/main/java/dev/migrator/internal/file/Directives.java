package dev.migrator.internal.file;

import dev.migrator.Phase;
import dev.migrator.internal.effect.Change;
import dev.migrator.operation.SqlFile.Allowance;
import dev.migrator.operation.SqlFile.Contained;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of itself, in lines that begin with {@code -- migrator:} before its first
 * statement.
 *
 * @param inTransaction whether all of it may be one transaction
 * @param contract whether it takes something away
 * @param longWork whether it may run for long
 * @param after the ids of migrations that have to be finished before it
 * @param allowances what it may take away without waiting
 * @param allowanceLines the line of each of those, from 1
 * @param contains the migrations that a new database does not run, as this file makes all of them
 */
public record Directives(
    boolean inTransaction,
    boolean contract,
    boolean longWork,
    List<String> after,
    List<Allowance> allowances,
    List<Integer> allowanceLines,
    List<Contained> contains) {

  private static final Pattern AFTER = Pattern.compile("after\\s+(\\S+)");

  private static final Pattern ALLOW =
      Pattern.compile("allow\\s+(\\S+)\\s+\"([^\"]+)\"(?:\\s+until\\s+(\\S+))?");

  private static final Pattern CONTAINS = Pattern.compile("contains\\s+(\\S+)\\s+(\\S+)");

  private static final String KNOWN =
      "no-transaction, contract, long, after ID, contains ID PHASE, and allow RULE \"reason\" until 2026-12-31";

  /**
   * Reads the lines of a text.
   *
   * @throws FileProblem if one of them is not known, or stands behind a statement
   */
  public static Directives of(String path, String text) {
    DirectiveLines lines = new DirectiveLines(path);
    lines.add(text.toCharArray(), 0, text.length());
    return lines.end();
  }

  /** Those found so far. */
  static final class Collector {

    private final String path;

    private final List<String> after = new ArrayList<>();

    private final List<Allowance> allowances = new ArrayList<>();

    private final List<Integer> allowanceLines = new ArrayList<>();

    private final List<Contained> contains = new ArrayList<>();

    private final Set<String> containedIds = new HashSet<>();

    private boolean inTransaction = true;

    private boolean contract;

    private boolean longWork;

    Collector(String path) {
      this.path = path;
    }

    void take(int line, String directive) {
      Matcher afterId = AFTER.matcher(directive);
      Matcher allow = ALLOW.matcher(directive);
      Matcher contained = CONTAINS.matcher(directive);
      if (directive.equals("no-transaction")) {
        inTransaction = false;
      } else if (directive.equals("contract")) {
        contract = true;
      } else if (directive.equals("long")) {
        longWork = true;
      } else if (afterId.matches()) {
        after.add(afterId.group(1));
      } else if (contained.matches()) {
        contains.add(contained(line, contained.group(1), contained.group(2)));
      } else if (allow.matches()) {
        allowances.add(allowance(line, allow.group(1), allow.group(2), allow.group(3)));
        allowanceLines.add(line);
      } else {
        throw new FileProblem(
            path, line, "\"-- migrator: %s\" is unknown; there are %s".formatted(directive, KNOWN));
      }
      if (contract && longWork) {
        throw new FileProblem(
            path,
            line,
            "contract and long do not go together: while something is taken away no instance can start; put the long work into a file of its own");
      }
    }

    private Contained contained(int line, String id, String phase) {
      if (!containedIds.add(id)) {
        throw new FileProblem(path, line, "it contains %s twice".formatted(id));
      }
      return Arrays.stream(Phase.values())
          .filter(it -> it.name().equals(phase))
          .findFirst()
          .map(it -> new Contained(id, it))
          .orElseThrow(
              () ->
                  new FileProblem(
                      path,
                      line,
                      "\"%s\" is no phase; there are %s"
                          .formatted(phase, Arrays.toString(Phase.values()))));
    }

    private Allowance allowance(int line, String rule, String reason, @Nullable String until) {
      boolean ofCheck = CheckRules.NAMES.contains(rule);
      if (!ofCheck && !Change.Kind.rules().contains(rule)) {
        throw new FileProblem(
            path,
            line,
            "there is no rule \"%s\"; there are %s"
                .formatted(
                    rule,
                    String.join(", ", Change.Kind.rules())
                        + ", "
                        + String.join(", ", CheckRules.NAMES)));
      }
      if (until == null) {
        if (!ofCheck) {
          throw new FileProblem(
              path, line, "\"%s\" is allowed until a day only: until 2026-12-31".formatted(rule));
        }
        return new Allowance(rule, reason, LocalDate.of(9999, 12, 31));
      }
      try {
        return new Allowance(rule, reason, LocalDate.parse(until));
      } catch (DateTimeParseException ex) {
        throw new FileProblem(
            path, line, "\"%s\" is no date; write it like 2026-12-31".formatted(until));
      }
    }

    Directives directives() {
      return new Directives(
          inTransaction,
          contract,
          longWork,
          List.copyOf(after),
          List.copyOf(allowances),
          List.copyOf(allowanceLines),
          List.copyOf(contains));
    }
  }
}
