package dev.migrator.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.migrator.Migrator;
import dev.migrator.check.ReportFormat;
import dev.migrator.test.TestDatabase;
import dev.migrator.test.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.Mojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The goals as the plugin's descriptor tells Maven of them. */
class GoalsIT {

  private static final String AVATAR = "20260115120000_add_avatar_url";

  private final Said said = new Said();

  @TempDir Path folder;

  /** Makes a goal from the descriptor, and sets what it says that it takes. */
  private Mojo goal(String name, Map<String, Object> values) throws Exception {
    Element mojo = described(name);
    Mojo made =
        (Mojo) Class.forName(text(mojo, "implementation")).getDeclaredConstructor().newInstance();
    made.setLog(said);
    Map<String, Object> all = new HashMap<>(values);
    all.put("files", folder.toFile());
    NodeList parameters =
        ((Element) mojo.getElementsByTagName("parameters").item(0))
            .getElementsByTagName("parameter");
    for (int i = 0; i < parameters.getLength(); i++) {
      String parameter = text((Element) parameters.item(i), "name");
      if (all.containsKey(parameter)) {
        field(made.getClass(), parameter).set(made, all.remove(parameter));
      }
    }
    assertThat(all).as("parameters that goal %s does not have", name).isEmpty();
    return made;
  }

  private static Element described(String name) throws Exception {
    try (InputStream descriptor =
        Files.newInputStream(Path.of("target/classes/META-INF/maven/plugin.xml"))) {
      NodeList mojos =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(descriptor)
              .getElementsByTagName("mojo");
      for (int i = 0; i < mojos.getLength(); i++) {
        Element mojo = (Element) mojos.item(i);
        if (text(mojo, "goal").equals(name)) {
          return mojo;
        }
      }
    }
    throw new AssertionError("there is no goal " + name);
  }

  private static String text(Element parent, String tag) {
    return parent.getElementsByTagName(tag).item(0).getTextContent();
  }

  private static Field field(Class<?> type, String name) {
    for (Class<?> it = type; it != null; it = it.getSuperclass()) {
      for (Field field : it.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return field;
        }
      }
    }
    throw new AssertionError("there is no field " + name);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  @Test
  void newAndValidateNeedNoDatabase() throws Exception {
    goal("new", Map.of("name", "add_avatar_url")).execute();
    try (Stream<Path> made = Files.list(folder)) {
      assertThat(made).hasSize(2);
    }
    assertThat(said.lines).hasSize(2).allMatch(it -> Files.exists(Path.of(it)));
    assertThatExceptionOfType(MojoFailureException.class)
        .isThrownBy(() -> goal("validate", Map.of()).execute())
        .withMessageContaining("it has no statement");
    assertThatExceptionOfType(MojoFailureException.class)
        .isThrownBy(() -> goal("new", Map.of()).execute())
        .withMessageContaining("-Dname=");
    for (String path : List.copyOf(said.lines).subList(0, 2)) {
      Files.writeString(Path.of(path), "SELECT ${n}");
    }
    goal("validate", Map.of("placeholders", Map.of("n", "1"), "requireDown", true)).execute();
  }

  @Test
  void theOthersAskAndTellADatabase() throws Exception {
    write(AVATAR + ".sql", "CREATE TABLE users (id int)");
    write("20260116_next.sql", "CREATE TABLE next (id int)");
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient.create(database.dataSource()).sql("CREATE TABLE users (id int)").update();
      Map<String, Object> target =
          Map.of(
              "url", database.jdbcUrl(),
              "user", database.username(),
              "password", database.password());
      goal("baseline", with(target, Map.of("to", AVATAR, "reason", "older"))).execute();
      assertThat(said.lines).contains(AVATAR, "1 files are noted as run");
      try (Migrator migrator =
          Migrator.builder(database.dataSource()).sqlFiles("file:" + folder).build()) {
        migrator.prepare();
      }
      write(AVATAR + ".sql", "CREATE TABLE users (id integer)");
      goal("repair", with(target, Map.of("id", AVATAR, "reason", "the same type"))).execute();
      goal("info", target).execute();
      assertThat(said.lines).contains("2 REACHED");
      Path dump =
          Files.writeString(folder.resolve("dump.txt"), "CREATE TABLE public.users (id integer);");
      goal("squash", with(target, Map.of("from", dump.toFile()))).execute();
      assertThat(said.lines).contains("it contains 2 migrations");
      assertThatExceptionOfType(MojoFailureException.class)
          .isThrownBy(() -> goal("info", Map.of()).execute())
          .withMessageContaining("-Dmigrator.url=");
    }
  }

  @Test
  void checkFailsTheBuildBecauseOfAnUnsafeStatement() throws Exception {
    write(AVATAR + ".sql", "CREATE TABLE users (id int, name text)");
    write("20260116_next.sql", "ALTER TABLE users ALTER id TYPE bigint");
    Path report = folder.resolve("report/check.sarif");
    Map<String, Object> given =
        Map.of("format", ReportFormat.SARIF, "output", report.toFile(), "from", "20260116_next");
    assertThatExceptionOfType(MojoFailureException.class)
        .isThrownBy(() -> goal("check", given).execute())
        .withMessageContaining("2 unsafe statements")
        .withMessageContaining("20260116_next.sql:1: [table-rewrite]");
    assertThat(report).content().contains("\"version\":\"2.1.0\"", "table-rewrite");
    goal("check", Map.of("levels", "table-rewrite=warn,type-changed=off")).execute();
    assertThat(said.lines).anyMatch(it -> it.contains("0 errors, 1 warnings"));
  }

  @Test
  void checkReadsAChangelog() throws Exception {
    write(
        "main.sql",
        """
        --liquibase formatted sql
        --changeset anna:1
        CREATE TABLE users (id int);
        --changeset anna:2 contextFilter:later
        ALTER TABLE users ALTER id TYPE bigint;
        """);
    Map<String, Object> given = Map.of("changelog", "main.sql", "resources", folder.toFile());
    assertThatExceptionOfType(MojoFailureException.class)
        .isThrownBy(() -> goal("check", given).execute())
        .withMessageContaining("main.sql:5: [table-rewrite]");
    goal("check", with(given, Map.of("contexts", "production"))).execute();
    assertThat(said.lines).anyMatch(it -> it.contains("0 errors, 0 warnings"));
  }

  @Test
  void statsWritesTheSizesOfTables() throws Exception {
    try (TestDatabase database = TestPostgres.newDatabase()) {
      JdbcClient.create(database.dataSource()).sql("CREATE TABLE users (id int)").update();
      Path file = folder.resolve("stats.json");
      goal(
              "stats",
              Map.of(
                  "url", database.jdbcUrl(),
                  "user", database.username(),
                  "password", database.password(),
                  "output", file.toFile()))
          .execute();
      assertThat(file).content().contains("\"name\":\"users\"");
      goal("check", Map.of("stats", file.toFile(), "read", true)).execute();
    }
  }

  private static Map<String, Object> with(Map<String, Object> one, Map<String, Object> other) {
    Map<String, Object> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  /** Remembers what a goal says. */
  private static final class Said extends SystemStreamLog {

    private final List<String> lines = new ArrayList<>();

    @Override
    public void info(CharSequence content) {
      lines.add(content.toString());
    }
  }
}
