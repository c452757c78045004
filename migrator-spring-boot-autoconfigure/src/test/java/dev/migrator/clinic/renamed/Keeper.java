package dev.migrator.clinic.renamed;

import dev.migrator.RenamedFrom;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An owner whose number is embedded, and has another name. */
@Entity
@Table(name = "owners")
public class Keeper {

  @Id private Integer id;

  @Embedded
  @RenamedFrom(value = "telephone", attribute = "phone")
  private Contact contact;

  /** How to reach them. */
  @Embeddable
  public static class Contact {

    private String phone;
  }
}
