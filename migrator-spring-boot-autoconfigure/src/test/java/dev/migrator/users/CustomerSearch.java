package dev.migrator.users;

import java.util.List;

/** What both ways of mapping offer. */
public interface CustomerSearch {

  List<Long> byName(String name);
}
