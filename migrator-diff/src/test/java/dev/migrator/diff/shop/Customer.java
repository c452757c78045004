package dev.migrator.diff.shop;

import dev.migrator.RenamedFrom;
import java.util.List;
import java.util.UUID;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.Table;

/** A customer with what was bought. The annotation is for a class path that has JPA as well. */
@Table("customer")
record Customer(
    @Id Long id,
    String name,
    @RenamedFrom("mail") String email,
    UUID voucher,
    int visits,
    @Embedded.Nullable Address address,
    List<Line> line) {

  record Address(String street, String city) {}

  record Line(String article, Long price) {}
}
