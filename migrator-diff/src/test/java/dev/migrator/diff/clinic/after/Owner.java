package dev.migrator.diff.clinic.after;

import dev.migrator.RenamedFrom;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;

@Entity
@Table(name = "owners", indexes = @Index(name = "owners_by_telephone", columnList = "phone"))
class Owner {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Integer id;

  @Version Integer version;

  @Column(length = 80, nullable = false)
  String lastName;

  @RenamedFrom("telephone")
  @Column(length = 20)
  String phone;

  @OneToMany(cascade = CascadeType.ALL, fetch = FetchType.EAGER)
  @JoinColumn(name = "owner_id")
  List<Pet> pets = new ArrayList<>();
}
