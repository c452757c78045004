package dev.migrator.users.jdbc;

import java.util.List;
import org.springframework.data.repository.ListCrudRepository;

public interface Customers extends ListCrudRepository<Customer, Long> {

  List<Customer> findByName(String name);

  List<Customer> findByFullName(String fullName);
}
