package dev.migrator.orders;

import java.util.List;

/** Orders and their lines, the same in both releases. */
public interface Orders {

  /** Stores an order, and returns its key. */
  long place(String customer, List<String> articles);

  String customer(long order);

  List<String> articles(long order);

  void rename(long order, String customer);

  /** The keys of the orders of a customer. */
  List<Long> of(String customer);
}
