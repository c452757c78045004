package dev.migrator.orders.release1;

import dev.migrator.orders.Orders;
import java.util.List;
import org.springframework.transaction.annotation.Transactional;

@Transactional
class JpaOrders implements Orders {

  private final PurchaseOrders orders;

  JpaOrders(PurchaseOrders orders) {
    this.orders = orders;
  }

  @Override
  public long place(String customer, List<String> articles) {
    PurchaseOrder order = new PurchaseOrder();
    order.customer = customer;
    for (String article : articles) {
      OrderLine line = new OrderLine();
      line.article = article;
      order.lines.add(line);
    }
    return orders.save(order).id;
  }

  @Override
  public String customer(long order) {
    return orders.findById(order).orElseThrow().customer;
  }

  @Override
  public List<String> articles(long order) {
    return orders.findById(order).orElseThrow().lines.stream().map(it -> it.article).toList();
  }

  @Override
  public void rename(long order, String customer) {
    orders.findById(order).orElseThrow().customer = customer;
  }

  @Override
  public List<Long> of(String customer) {
    return orders.findByCustomer(customer).stream().map(it -> it.id).toList();
  }
}
