package dev.migrator.clinic.before;

import dev.migrator.clinic.Clinic;
import java.util.List;
import org.springframework.transaction.annotation.Transactional;

@Transactional
class JpaClinic implements Clinic {

  private final Owners owners;

  JpaClinic(Owners owners) {
    this.owners = owners;
  }

  @Override
  public long admit(String name, String telephone, List<String> pets) {
    Owner owner = new Owner();
    owner.lastName = name;
    owner.telephone = telephone;
    for (String each : pets) {
      Pet pet = new Pet();
      pet.name = each;
      owner.pets.add(pet);
    }
    return owners.save(owner).id;
  }

  @Override
  public String telephone(long owner) {
    return find(owner).telephone;
  }

  @Override
  public List<String> pets(long owner) {
    return find(owner).pets.stream().map(it -> it.name).toList();
  }

  @Override
  public void changeTelephone(long owner, String telephone) {
    find(owner).telephone = telephone;
  }

  @Override
  public List<Long> reachedBy(String telephone) {
    return owners.findByTelephone(telephone).stream().map(it -> it.id.longValue()).toList();
  }

  private Owner find(long owner) {
    return owners.findById((int) owner).orElseThrow();
  }
}
