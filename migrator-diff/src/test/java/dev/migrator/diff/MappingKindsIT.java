package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrator.RenamedFrom;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.junit.jupiter.api.Test;

/** The kinds of attributes, each as its column is. */
class MappingKindsIT {

  @Test
  void embeddedAndOverridden() {
    MappingDiff diff =
        Mapped.by(Person.class)
            .on(
                "CREATE TABLE person (id bigint PRIMARY KEY, home_road varchar(255), work_street varchar(255))")
            .settled();
    assertThat(diff.migrations()).hasSize(1);
    assertThat(diff.toSource()).contains(".renameColumn(\"home_road\", \"home_street\")");
    assertThat(diff.migrations().get(0).releases().get(0).code())
        .contains("@Column(name = \"home_road\") on Person.home.street");
  }

  @Test
  void aMappedSuperclassHasAllItsTables() {
    MappingDiff diff =
        Mapped.by(Cat.class, Dog.class)
            .on(
                "CREATE TABLE cat (id bigint PRIMARY KEY); CREATE TABLE dog (id bigint PRIMARY KEY)")
            .settled();
    assertThat(diff.migrations())
        .extracting(ProposedMigration::up)
        .containsExactly(
            "ALTER TABLE \"cat\" ADD COLUMN \"created_at\" timestamp(6) with time zone;",
            "ALTER TABLE \"dog\" ADD COLUMN \"created_at\" timestamp(6) with time zone;");
  }

  @Test
  void columnsOfSubclassesInOneTableStayNullable() {
    MappingDiff diff =
        Mapped.by(Vehicle.class, Truck.class)
            .on(
                "CREATE TABLE vehicle (id bigint PRIMARY KEY, kind varchar(31) NOT NULL, wheels integer NOT NULL)")
            .settled();
    assertThat(diff.toSource())
        .contains(".dropNotNull(\"wheels\")", ".addColumn(\"load\", \"integer\")");
  }

  @Test
  void anotherNamingStrategyIsOneCause() {
    MappingDiff diff =
        Mapped.by(LongNames.class)
            .on(
                "CREATE TABLE long_names (id bigint PRIMARY KEY, first_name varchar(255), last_name varchar(255))")
            .with(
                "spring.jpa.hibernate.naming.physical-strategy=org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl")
            .diff();
    assertThat(diff.exitCode()).isEqualTo(2);
    assertThat(diff.refusals()).as(diff.toText()).hasSize(1);
    assertThat(diff.migrations()).isEmpty();
    assertThat(diff.questions()).isEmpty();
    MappingDiff columns =
        Mapped.by(LongNames.class, MoreLongNames.class)
            .on(
                """
                CREATE TABLE longnames (id bigint PRIMARY KEY, first_name varchar(255), last_name varchar(255));
                CREATE TABLE morelongnames (id bigint PRIMARY KEY, zip_code varchar(255))
                """)
            .with(
                "spring.jpa.hibernate.naming.physical-strategy=org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl")
            .diff();
    assertThat(columns.refusals()).as(columns.toText()).hasSize(1);
    assertThat(columns.toText()).contains("the naming strategy has changed");
    assertThat(columns.questions()).isEmpty();
    assertThat(columns.migrations()).isEmpty();
  }

  @Test
  void aFormulaIsEvidenceAndNoColumn() {
    MappingDiff diff =
        Mapped.by(Computed.class)
            .on("CREATE TABLE computed (id bigint PRIMARY KEY, net integer, tax integer NOT NULL)")
            .diff();
    assertThat(diff.isEmpty()).as(diff.toText()).isTrue();
    assertThat(diff.notes()).isEmpty();
  }

  @Test
  void whatAConverterMakesIsCompared() {
    String table = "CREATE TABLE tagged (id bigint PRIMARY KEY, tags text, colour varchar(1))";
    MappingDiff diff = Mapped.by(Tagged.class).on(table).diff();
    assertThat(diff.isEmpty()).as(diff.toText()).isTrue();
    MappingDiff other =
        Mapped.by(Tagged.class).on(table.replace("tags text", "tags integer")).diff();
    assertThat(other.toText()).contains("Tagged.tags maps tagged.tags as varchar(255)");
  }

  @Test
  void json() {
    MappingDiff diff =
        Mapped.by(Document.class).on("CREATE TABLE document (id bigint PRIMARY KEY)").settled();
    assertThat(diff.toSource()).contains(".addColumn(\"content\", \"jsonb\")");
  }

  @Test
  void elementCollectionsAndJoinTables() {
    MappingDiff diff =
        Mapped.by(Vet.class, Specialty.class)
            .on(
                "CREATE TABLE vet (id bigint PRIMARY KEY); CREATE TABLE specialty (id bigint PRIMARY KEY)")
            .settled();
    assertThat(diff.migrations()).hasSize(2);
    assertThat(diff.toSource())
        .contains(
            ".createTable(\"vet_phones\")",
            ".createTable(\"vet_specialties\")",
            ".primaryKey(\"vet_id\", \"specialties_id\")",
            ".references(\"specialty\", \"id\")");
  }

  @Test
  void aVersionBeginsAtZero() {
    MappingDiff diff =
        Mapped.by(Versioned.class).on("CREATE TABLE versioned (id bigint PRIMARY KEY)").settled();
    assertThat(diff.toSource())
        .contains(".addColumn(\"version\", \"integer\", it -> it.defaultValue(\"0\").notNull())");
    MappingDiff nullable =
        Mapped.by(Versioned.class)
            .on("CREATE TABLE versioned (id bigint PRIMARY KEY, version integer)")
            .diff();
    assertThat(nullable.isEmpty()).isTrue();
  }

  @Test
  void quotedAndLongNames() {
    String cut = "a_column_with_a_name_that_is_longer_than_postgresql_can_take_it";
    assertThat(cut).hasSize(63);
    MappingDiff diff =
        Mapped.by(Order.class)
            .on("CREATE TABLE \"Order\" (id bigint PRIMARY KEY, \"oldName\" varchar(255))")
            .settled();
    assertThat(diff.toSource())
        .contains(
            ".table(\"Order\")",
            ".renameColumn(\"oldName\", \"newName\")",
            ".addColumn(\"%s\", \"varchar(255)\")".formatted(cut));
    assertThat(diff.migrations().toString()).contains("@Column(name = \"`oldName`\")");
  }

  @Embeddable
  static class Address {
    String street;
  }

  @Entity(name = "Person")
  static class Person {
    @Id long id;

    @Embedded
    @AttributeOverride(name = "street", column = @Column(name = "home_street"))
    @RenamedFrom(value = "home_road", attribute = "street")
    Address home;

    @Embedded
    @AttributeOverride(name = "street", column = @Column(name = "work_street"))
    Address work;
  }

  @MappedSuperclass
  abstract static class Animal {
    @Id long id;

    Instant createdAt;
  }

  @Entity(name = "Cat")
  static class Cat extends Animal {}

  @Entity(name = "Dog")
  static class Dog extends Animal {}

  @Entity(name = "Vehicle")
  @DiscriminatorColumn(name = "kind")
  static class Vehicle {
    @Id long id;
  }

  @Entity(name = "Truck")
  static class Truck extends Vehicle {
    @Column(nullable = false)
    int wheels;

    @Column(nullable = false)
    int load;
  }

  @Entity(name = "LongNames")
  static class LongNames {
    @Id long id;

    String firstName;

    String lastName;
  }

  @Entity(name = "MoreLongNames")
  static class MoreLongNames {
    @Id long id;

    String zipCode;
  }

  @Entity(name = "Computed")
  static class Computed {
    @Id long id;

    Integer net;

    @Formula("net + tax")
    Integer gross;
  }

  @Entity(name = "Tagged")
  static class Tagged {
    @Id long id;

    @Convert(converter = Tags.class)
    List<String> tags;

    @Convert(converter = ByLetter.class)
    Colour colour;
  }

  enum Colour {
    RED,
    BLUE
  }

  static class Tags implements AttributeConverter<List<String>, String> {

    @Override
    public String convertToDatabaseColumn(List<String> tags) {
      return String.join(",", tags);
    }

    @Override
    public List<String> convertToEntityAttribute(String text) {
      return List.of(text.split(","));
    }
  }

  static class ByLetter implements AttributeConverter<Colour, String> {

    @Override
    public String convertToDatabaseColumn(Colour colour) {
      return colour.name().substring(0, 1);
    }

    @Override
    public Colour convertToEntityAttribute(String text) {
      return text.equals("R") ? Colour.RED : Colour.BLUE;
    }
  }

  @Entity(name = "Document")
  static class Document {
    @Id long id;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> content;
  }

  @Entity(name = "Vet")
  static class Vet {
    @Id long id;

    @ElementCollection List<String> phones;

    @ManyToMany Set<Specialty> specialties;
  }

  @Entity(name = "Specialty")
  static class Specialty {
    @Id long id;
  }

  @Entity(name = "Versioned")
  static class Versioned {
    @Id long id;

    @Version Integer version;
  }

  @Entity(name = "Orders")
  @Table(name = "`Order`")
  static class Order {
    @Id long id;

    @Column(name = "`newName`")
    @RenamedFrom("oldName")
    String renamed;

    @Column(name = "a_column_with_a_name_that_is_longer_than_postgresql_can_take_it_all")
    String column;
  }
}
