package dev.migrator.shop.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.DiscriminatorColumn;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.SoftDelete;

/** Orders and their lines, with every way of Hibernate to use a column. */
public final class JpaShop {

  private JpaShop() {}

  @Entity(name = "Customer")
  @Table(name = "customer", schema = "public")
  public static class Customer {

    @Id Long id;

    String name;

    @Column(name = "\"Mail\"")
    String mail;

    @Formula("upper(nick)")
    String loudNick;
  }

  @Entity(name = "Purchase")
  @Table(name = "purchase")
  @SecondaryTable(name = "purchase_note")
  public static class Purchase {

    @Id Long id;

    @Version int version;

    @ManyToOne Customer customer;

    @Embedded Address shipTo;

    @Column(table = "purchase_note")
    String note;

    @OneToMany
    @JoinColumn(name = "purchase_id")
    @OrderColumn(name = "position")
    List<Line> lines = new ArrayList<>();

    @ElementCollection Map<String, String> labels = Map.of();

    @ManyToMany
    @JoinTable(name = "purchase_coupon")
    Set<Coupon> coupons = new HashSet<>();
  }

  @Embeddable
  public static class Address {

    @Column(name = "ship_street")
    String street;
  }

  @Entity(name = "Line")
  @Table(name = "line")
  @SoftDelete(columnName = "gone")
  public static class Line {

    @Id Long id;

    String article;
  }

  @Entity(name = "Coupon")
  @Table(name = "coupon")
  @Inheritance(strategy = InheritanceType.JOINED)
  @DiscriminatorColumn(name = "kind")
  public static class Coupon {

    @Id Long id;
  }

  @Entity(name = "Gift")
  @Table(name = "gift")
  public static class Gift extends Coupon {

    int cents;
  }
}
