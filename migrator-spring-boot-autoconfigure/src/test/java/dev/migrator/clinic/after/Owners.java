package dev.migrator.clinic.after;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface Owners extends JpaRepository<Owner, Integer> {

  List<Owner> findByPhone(String phone);
}
