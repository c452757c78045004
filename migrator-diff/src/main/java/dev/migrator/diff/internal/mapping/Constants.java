package dev.migrator.diff.internal.mapping;

import java.util.List;

/**
 * The constants of an enum that an attribute maps.
 *
 * @param storage how they are stored
 * @param names in the order of their declaration
 */
public record Constants(Storage storage, List<String> names) {

  /** Copies the list. */
  public Constants {
    names = List.copyOf(names);
  }

  /** How a constant is stored. */
  public enum Storage {
    /** By its name, as text. */
    NAME,

    /** By its place, as a number. */
    ORDINAL,

    /** As a value of an enum type of the database. */
    TYPE
  }

  /** What is stored for each of them. */
  public List<String> stored() {
    return (storage == Storage.ORDINAL)
        ? names.stream().map(it -> String.valueOf(names.indexOf(it))).toList()
        : names;
  }
}
