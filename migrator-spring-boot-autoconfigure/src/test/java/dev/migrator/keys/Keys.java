package dev.migrator.keys;

import java.util.List;

/** Every way of Spring to insert a row and get its key, each in a transaction. */
public interface Keys {

  long insert(Way way, String name);

  /** What a select of all columns finds. */
  List<String> names(long id);

  /** A way. */
  enum Way {
    SPRING_DATA,
    CLIENT_WITHOUT_COLUMNS,
    SIMPLE_INSERT,
    TEMPLATE_WITHOUT_COLUMNS
  }
}
