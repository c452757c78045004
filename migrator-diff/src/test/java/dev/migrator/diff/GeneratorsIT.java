package dev.migrator.diff;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Keys, and where they come from. */
class GeneratorsIT {

  private static final String TABLE = "CREATE TABLE sequenced (id bigint PRIMARY KEY)";

  @Test
  void aNewTableGetsItsSequence() {
    MappingDiff diff = Mapped.by(Sequenced.class).settled();
    assertThat(diff.migrations())
        .extracting(ProposedMigration::up)
        .contains("CREATE SEQUENCE \"sequenced_seq\" INCREMENT BY 50;");
    assertThat(diff.migrations())
        .extracting(ProposedMigration::down)
        .contains("DROP SEQUENCE \"sequenced_seq\";");
  }

  @Test
  void anotherGeneratorForATableIsRefused() {
    MappingDiff diff = Mapped.by(Sequenced.class).on(TABLE).diff();
    assertThat(diff.exitCode()).isEqualTo(2);
    assertThat(diff.toText()).contains("both would give the same keys", "@SequenceGenerator");
    assertThat(diff.migrations()).isEmpty();
  }

  @Test
  void keysTakenByTheHandfulFromASequenceThatGoesOnByOne() {
    MappingDiff diff =
        Mapped.by(Sequenced.class)
            .on(TABLE + "; CREATE SEQUENCE sequenced_seq")
            // Without it, Hibernate does not even start.
            .with(
                "spring.jpa.properties.hibernate.id.sequence.increment_size_mismatch_strategy=none")
            .diff();
    assertThat(diff.toText()).contains("say allocationSize = 1");
    assertThat(
            Mapped.by(Sequenced.class)
                .on(TABLE + "; CREATE SEQUENCE sequenced_seq INCREMENT BY 50")
                .diff()
                .isEmpty())
        .isTrue();
  }

  @Test
  void anIdentityThatTheColumnDoesNotHave() {
    MappingDiff diff =
        Mapped.by(Identified.class).on("CREATE TABLE identified (id bigint PRIMARY KEY)").diff();
    assertThat(diff.toText()).contains("which has no generator for it");
    assertThat(
            Mapped.by(Identified.class)
                .on("CREATE TABLE identified (id bigserial PRIMARY KEY)")
                .diff()
                .isEmpty())
        .isTrue();
  }

  @Test
  void keysOfTheApplication() {
    assertThat(Mapped.by(Own.class).on("CREATE TABLE own (id uuid PRIMARY KEY)").diff().isEmpty())
        .isTrue();
  }

  @Entity(name = "Sequenced")
  static class Sequenced {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;
  }

  @Entity(name = "Identified")
  static class Identified {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;
  }

  @Entity(name = "Own")
  static class Own {
    @Id @GeneratedValue UUID id;
  }
}
