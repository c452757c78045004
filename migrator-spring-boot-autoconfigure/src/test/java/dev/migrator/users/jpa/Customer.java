package dev.migrator.users.jpa;

import dev.migrator.ReadSwitch;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Customer {

  @Id private Long id;

  private String name;

  @Column(name = "full_name", insertable = false, updatable = false)
  private String fullName;

  public Long getId() {
    return id;
  }

  public String name(ReadSwitch readSwitch) {
    return readSwitch.readsNew(JpaCustomers.FULL_NAME) ? fullName : name;
  }

  public void rename(String newName) {
    this.name = newName;
  }
}
