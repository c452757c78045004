package dev.migrator.orders.release1;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

interface PurchaseOrders extends JpaRepository<PurchaseOrder, Long> {

  List<PurchaseOrder> findByCustomer(String customer);
}
