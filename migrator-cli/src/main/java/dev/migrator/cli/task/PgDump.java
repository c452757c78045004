package dev.migrator.cli.task;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own program that writes a schema as SQL.
 *
 * @param program its name or path
 * @param schemas only these; all if there are none
 * @param without tables that are left out
 * @param rows tables whose rows are taken as well
 */
public record PgDump(
    String program, List<String> schemas, List<String> without, List<String> rows) {

  /** Made by the library itself, or by other tools for theirs. */
  private static final List<String> FOREIGN_TABLES =
      List.of("databasechangelog", "databasechangeloglock", "flyway_schema_history");

  private static final List<String> FOREIGN_SCHEMAS = List.of("migrator", "supabase_migrations");

  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql:(?://([^/?]*)/?)?([^?]*)(?:\\?(.*))?");

  public PgDump {
    schemas = List.copyOf(schemas);
    without = List.copyOf(without);
    rows = List.copyOf(rows);
  }

  /**
   * Writes the schema.
   *
   * @throws TaskException if the program is not there, or fails
   */
  String run(Target target) {
    if (rows.isEmpty()) {
      return run(target, schemaOnly());
    }
    // Rows go before the keys that refer to them, and before the triggers that they would fire.
    List<String> before = schemaOnly();
    before.add("--section=pre-data");
    List<String> behind = schemaOnly();
    behind.add("--section=post-data");
    List<String> data = common();
    data.add("--data-only");
    rows.forEach(it -> data.add("--table=" + it));
    return run(target, before) + "\n" + run(target, data) + "\n" + run(target, behind);
  }

  private List<String> common() {
    return new ArrayList<>(List.of(program, "--no-owner", "--encoding=UTF8", "--no-password"));
  }

  private List<String> schemaOnly() {
    List<String> command = common();
    command.addAll(List.of("--schema-only", "--no-subscriptions"));
    schemas.forEach(it -> command.add("--schema=" + it));
    FOREIGN_SCHEMAS.forEach(it -> command.add("--exclude-schema=" + it));
    FOREIGN_TABLES.forEach(it -> command.add("--exclude-table=*." + it));
    without.forEach(it -> command.add("--exclude-table=" + it));
    return command;
  }

  private String run(Target target, List<String> command) {
    try {
      Path errors = Files.createTempFile("pg_dump", ".txt");
      try {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment(target));
        Process process = start(builder);
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new TaskException(
              "%s failed: %s\nIf its version is older than the server's, name another one by --pg-dump, or give its output by --from"
                  .formatted(program, Files.readString(errors).strip()));
        }
        return out;
      } finally {
        Files.deleteIfExists(errors);
      }
    } catch (IOException ex) {
      throw new TaskException("%s cannot be run: %s".formatted(program, ex.getMessage()));
    } catch (InterruptedException ex) {
      Thread.currentThread().interrupt();
      throw new TaskException("interrupted");
    }
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException ex) {
      throw new TaskException(
          """
          %s is not here, which writes the schema as SQL. Install the client programs of PostgreSQL, name it by --pg-dump, \
          or run it where it is and give what it writes by --from:
            %s DATABASE > dump.sql"""
              .formatted(program, String.join(" ", schemaOnly()).replace(program, "pg_dump")));
    }
  }

  /** In the environment, where other users of the machine do not see a password. */
  static Map<String, String> environment(Target target) {
    Matcher url = URL.matcher(target.url());
    if (!url.matches()) {
      throw new TaskException("the URL %s is none of PostgreSQL".formatted(target));
    }
    Map<String, String> environment = new TreeMap<>();
    hosts(url.group(1), environment);
    put(environment, "PGDATABASE", decoded(url.group(2)));
    for (String parameter : (url.group(3) == null ? "" : url.group(3)).split("&")) {
      String[] parts = parameter.split("=", 2);
      if (parts.length == 2) {
        switch (parts[0]) {
          case "user" -> put(environment, "PGUSER", decoded(parts[1]));
          case "password" -> put(environment, "PGPASSWORD", decoded(parts[1]));
          case "sslmode" -> put(environment, "PGSSLMODE", decoded(parts[1]));
          case "sslrootcert" -> put(environment, "PGSSLROOTCERT", decoded(parts[1]));
          default -> {
            // Is about the driver.
          }
        }
      }
    }
    put(environment, "PGUSER", target.user());
    put(environment, "PGPASSWORD", target.password());
    return environment;
  }

  private static void hosts(@Nullable String all, Map<String, String> environment) {
    List<String> hosts = new ArrayList<>();
    List<String> ports = new ArrayList<>();
    for (String host : (all == null || all.isEmpty() ? "localhost" : all).split(",")) {
      int colon = host.lastIndexOf(':') > host.lastIndexOf(']') ? host.lastIndexOf(':') : -1;
      hosts.add((colon < 0 ? host : host.substring(0, colon)).replaceAll("[\\[\\]]", ""));
      ports.add(colon < 0 ? "5432" : host.substring(colon + 1));
    }
    environment.put("PGHOST", String.join(",", hosts));
    environment.put("PGPORT", String.join(",", ports));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void put(Map<String, String> environment, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      environment.put(name, value);
    }
  }
}
