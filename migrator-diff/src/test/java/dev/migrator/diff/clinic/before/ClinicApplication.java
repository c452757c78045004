package dev.migrator.diff.clinic.before;

import dev.migrator.diff.clinic.Clinic;
import jakarta.persistence.EntityManager;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionOperations;

/** A release of the clinic. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EntityScan
public class ClinicApplication {

  @Bean
  Clinic clinic(EntityManager entities, TransactionOperations transactions) {
    return new Clinic() {

      @Override
      public int admit(String name, String number) {
        return transactions.execute(
            status -> {
              Owner owner = new Owner();
              owner.lastName = name;
              owner.telephone = number;
              entities.persist(owner);
              return owner.id;
            });
      }

      @Override
      public String number(int id) {
        return transactions.execute(status -> entities.find(Owner.class, id).telephone);
      }

      @Override
      public void change(int id, String number) {
        transactions.executeWithoutResult(
            status -> entities.find(Owner.class, id).telephone = number);
      }
    };
  }

  /** What the comparison must not call. */
  @Bean
  CommandLineRunner opening() {
    return arguments -> Clinic.opened();
  }
}
