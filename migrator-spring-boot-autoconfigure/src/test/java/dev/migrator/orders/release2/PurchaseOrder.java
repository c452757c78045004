package dev.migrator.orders.release2;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Version;
import java.util.ArrayList;
import java.util.List;

@Entity
class PurchaseOrder {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Version int version;

  String customerName;

  @OneToMany(cascade = CascadeType.ALL)
  @JoinColumn(name = "purchase_order_id", nullable = false)
  @OrderColumn(name = "position")
  List<OrderLine> lines = new ArrayList<>();
}
