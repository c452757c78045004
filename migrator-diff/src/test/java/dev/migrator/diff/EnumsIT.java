package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constants that the database does not take yet. */
class EnumsIT {

  @Test
  void aCheckThatRefusesOneGoesFirst() {
    String table =
        "CREATE TABLE named (id bigint PRIMARY KEY, state varchar(255) CONSTRAINT known CHECK (state IN ('OPEN', 'DONE')))";
    MappingDiff diff = Mapped.by(Named.class).on(table).settled();
    assertThat(diff.migrations()).hasSize(1);
    assertThat(diff.toText())
        .contains(
            "Named.state can have LOST, which the check known of named refuses",
            "can read what is new, and writes none of it yet",
            ".dropCheck(\"known\")");
    MappingDiff wide =
        Mapped.by(Named.class).on(table.replace("'DONE'", "'DONE', 'LOST', 'OLD'")).diff();
    assertThat(wide.isEmpty()).as(wide.toText()).isTrue();
  }

  @Test
  void aTypeGetsItFirst() {
    MappingDiff diff =
        Mapped.by(Typed.class)
            .on(
                "CREATE TYPE state AS ENUM ('OPEN', 'DONE'); CREATE TABLE typed (id bigint PRIMARY KEY, state state)")
            .settled();
    assertThat(diff.migrations())
        .extracting(ProposedMigration::up)
        .containsExactly("ALTER TYPE \"state\" ADD VALUE IF NOT EXISTS 'LOST';");
  }

  @Test
  void aNumberThatACheckRefuses() {
    MappingDiff diff =
        Mapped.by(Numbered.class)
            .on(
                "CREATE TABLE numbered (id bigint PRIMARY KEY, state smallint CONSTRAINT known CHECK (state BETWEEN 0 AND 1))")
            .settled();
    assertThat(diff.toText()).contains("Numbered.state can have 2");
  }

  @Test
  void anotherOrderOfNumbersIsRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ordinals.json");
    Mapped mapped =
        Mapped.by(Numbered.class)
            .on("CREATE TABLE numbered (id bigint PRIMARY KEY, state smallint)");
    assertThat(mapped.diff(it -> it.ordinals(file)).isEmpty()).isTrue();
    assertThat(file).hasContent("{\n  \"numbered.state\": [\"OPEN\",\"DONE\",\"LOST\"]\n}");
    assertThat(mapped.diff(it -> it.ordinals(file)).isEmpty()).isTrue();
    Files.writeString(file, "{\"numbered.state\": [\"OPEN\"], \"gone.state\": [\"A\"]}");
    assertThat(mapped.diff(it -> it.ordinals(file)).isEmpty()).as("appended").isTrue();
    assertThat(file).content().contains("\"LOST\"", "gone.state");
    Files.writeString(file, "{\"numbered.state\": [\"OPEN\", \"LOST\", \"DONE\"]}");
    MappingDiff moved = mapped.diff(it -> it.ordinals(file));
    assertThat(moved.exitCode()).isEqualTo(2);
    assertThat(moved.toText())
        .contains("1 was LOST and is DONE now", "keep the order OPEN, LOST, DONE");
    assertThat(file).content().as("not forgotten").contains("[\"OPEN\", \"LOST\", \"DONE\"]");
    Files.writeString(file, "{\"numbered.state\": [\"OPEN\", \"DONE\", \"LOST\", \"OLD\"]}");
    assertThat(mapped.diff(it -> it.ordinals(file)).toText()).contains("3 was OLD and is nothing");
  }

  enum State {
    OPEN,
    DONE,
    LOST
  }

  @Entity(name = "Named")
  static class Named {
    @Id long id;

    @Enumerated(EnumType.STRING)
    State state;
  }

  @Entity(name = "Typed")
  static class Typed {
    @Id long id;

    @Enumerated
    @JdbcTypeCode(SqlTypes.NAMED_ENUM)
    State state;
  }

  @Entity(name = "Numbered")
  static class Numbered {
    @Id long id;

    @Enumerated(EnumType.ORDINAL)
    State state;
  }
}
