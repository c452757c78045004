package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.junit.jupiter.api.Test;

/** Tables, their names, keys and indexes. */
class MappedTablesIT {

  @Test
  void unmappedTablesStay() {
    MappingDiff diff =
        Mapped.by(Versioned.class)
            .on(
                "CREATE TABLE versioned (id bigint PRIMARY KEY, version integer); CREATE TABLE audit (id bigint)")
            .diff();
    assertThat(diff.isEmpty()).isTrue();
    assertThat(diff.notes()).containsExactly("the table audit is mapped by nobody, and stays");
  }

  @Test
  void aViewIsMadeByHand() {
    MappingDiff diff =
        Mapped.by(Versioned.class)
            .on("CREATE VIEW versioned AS SELECT 1::bigint AS id, 1 AS version")
            .diff();
    assertThat(diff.isEmpty()).as(diff.toText()).isTrue();
  }

  @Test
  void schemasWhereverTheyAreNamed() {
    MappingDiff diff =
        Mapped.by(Versioned.class, Invoice.class)
            .on(
                "CREATE TABLE versioned (id bigint PRIMARY KEY, version integer); CREATE SCHEMA shop")
            .with("spring.jpa.properties.hibernate.default_schema=public")
            .settled();
    assertThat(diff.toSource())
        .contains(".createTable(\"shop\", \"invoice\")", ".references(\"versioned\", \"id\")");
    MappingDiff column =
        Mapped.by(Versioned.class, Invoice.class)
            .on(
                "CREATE TABLE versioned (id bigint PRIMARY KEY, version integer);"
                    + " CREATE SCHEMA shop; CREATE TABLE shop.invoice (id bigint PRIMARY KEY)")
            .settled();
    assertThat(column.toSource()).contains(".table(\"shop\", \"invoice\")");
  }

  @Test
  void aTableOfAnotherNameIsAsked() {
    Mapped mapped =
        Mapped.by(Versioned.class)
            .on("CREATE TABLE counted (id bigint PRIMARY KEY, version integer)");
    assertThat(mapped.diff().toText()).contains("@Table(name = \"counted\")", "--added=versioned");
    mapped.settled(it -> it.added("versioned"));
  }

  @Test
  void keysAndIndexesByTheirColumns() {
    String tables =
        """
        CREATE TABLE specialty (id bigint PRIMARY KEY);
        CREATE TABLE keyed (id bigint PRIMARY KEY, code varchar(255), place varchar(255));
        """;
    MappingDiff diff = Mapped.by(Keyed.class, Specialty.class).on(tables).settled();
    assertThat(diff.toSource())
        .contains(
            ".addColumn(\"specialty_id\", \"bigint\")",
            ".addForeignKey(\"keyed_specialty_id_fkey\", \"specialty_id\")",
            ".addUnique(\"keyed_code_key\", \"code\")",
            ".addIndex(\"keyed_by_place\")\n        .on(\"place\");");
    MappingDiff there =
        Mapped.by(Keyed.class, Specialty.class)
            .on(
                tables
                    + """
                    ALTER TABLE keyed ADD specialty_id bigint CONSTRAINT other REFERENCES specialty;
                    CREATE UNIQUE INDEX one ON keyed (code); CREATE INDEX two ON keyed (place, code);
                    """)
            .diff();
    assertThat(there.isEmpty()).as(there.toText()).isTrue();
  }

  @Entity(name = "Invoice")
  @Table(schema = "shop")
  static class Invoice {
    @Id long id;

    @ManyToOne Versioned subject;
  }

  @Entity(name = "Keyed")
  @Table(indexes = @Index(name = "keyed_by_place", columnList = "place"))
  static class Keyed {
    @Id long id;

    @Column(unique = true)
    String code;

    String place;

    @ManyToOne Specialty specialty;
  }

  @Entity(name = "Versioned")
  static class Versioned {
    @Id long id;

    @Version Integer version;
  }

  @Entity(name = "Specialty")
  static class Specialty {
    @Id long id;
  }
}
