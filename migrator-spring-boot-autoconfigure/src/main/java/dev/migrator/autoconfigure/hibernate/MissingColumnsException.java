package dev.migrator.autoconfigure.hibernate;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/** Entities map columns that the database does not have and that no migration adds. */
final class MissingColumnsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String action;

  MissingColumnsException(List<MissingColumn> missing, LocalDate today) {
    super(missing.stream().map(MissingColumn::description).collect(Collectors.joining("\n")));
    this.action = missing.stream().map(it -> it.action(today)).collect(Collectors.joining("\n\n"));
  }

  String action() {
    return action;
  }
}
