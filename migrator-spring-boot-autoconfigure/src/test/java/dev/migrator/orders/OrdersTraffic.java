package dev.migrator.orders;

import dev.migrator.traffic.Traffic;
import java.util.List;

/** Places, renames and reads orders. */
final class OrdersTraffic implements Traffic.Round<Orders> {

  @Override
  public void run(Traffic<Orders>.Client client, String name) {
    String customer = "Zoë " + name;
    List<String> articles = List.of("pen", "ink " + name);
    long order = client.request(it -> it.place(customer, articles));
    client.expect(customer, client.request(it -> it.customer(order)));
    String renamed = customer + " O'Neill";
    client.request(
        it -> {
          it.rename(order, renamed);
          return order;
        });
    client.expect(renamed, client.request(it -> it.customer(order)));
    client.expect(articles, client.request(it -> it.articles(order)));
    client.expect(List.of(order), client.request(it -> it.of(renamed)));
    client.expect(List.of(), client.request(it -> it.of(customer)));
  }
}
