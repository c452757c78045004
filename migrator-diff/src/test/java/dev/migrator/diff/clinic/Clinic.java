package dev.migrator.diff.clinic;

import java.util.concurrent.atomic.AtomicInteger;

/** Owners and their numbers, the same in all releases. */
public interface Clinic {

  /** How often a runner was called. */
  AtomicInteger OPENED = new AtomicInteger();

  int admit(String name, String number);

  String number(int id);

  void change(int id, String number);

  static void opened() {
    OPENED.incrementAndGet();
  }
}
