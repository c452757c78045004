package dev.migrator.shop.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Transient;
import org.springframework.data.jdbc.core.mapping.AggregateReference;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;

/** Orders and their lines, with every way of Spring Data JDBC to use a column. */
public final class JdbcShop {

  private JdbcShop() {}

  @Table("customer")
  public record Customer(@Id Long id, String name, @Column("Mail") String mail) {}

  public interface Customers extends CrudRepository<Customer, Long> {}

  @Table(schema = "public", name = "purchase")
  public record Purchase(
      @Id Long id,
      AggregateReference<Customer, Long> customerId,
      @Embedded.Nullable(prefix = "ship_") Address shipTo,
      @MappedCollection(idColumn = "purchase_id", keyColumn = "position") List<Line> lines,
      Set<Coupon> coupons,
      Map<String, Label> labels,
      @Transient String unknown) {}

  public interface Purchases extends CrudRepository<Purchase, Long> {}

  public record Address(String street) {}

  public record Line(String article) {}

  public record Coupon(int cents) {}

  public record Label(String text) {}
}
