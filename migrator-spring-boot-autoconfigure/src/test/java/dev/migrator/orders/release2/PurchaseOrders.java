package dev.migrator.orders.release2;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface PurchaseOrders extends JpaRepository<PurchaseOrder, Long> {

  List<PurchaseOrder> findByCustomerName(String customerName);
}
