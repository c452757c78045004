package dev.migrator;

import dev.migrator.operation.Operation;
import java.util.ArrayList;
import java.util.List;

/** A migration that has an id, perhaps operations, and is to get one more. */
public final class MigrationBuilder {

  private final String id;

  private final List<Operation> operations;

  MigrationBuilder(String id, List<Operation> operations) {
    this.id = id;
    this.operations = List.copyOf(operations);
  }

  /**
   * Names the table, to be found on the search path of the connection.
   *
   * @param name the literal name, without a schema
   * @return what to say next: the change
   */
  public OnTable table(String name) {
    return new OnTable(this, new TableName(null, name));
  }

  /**
   * Names the table with its schema.
   *
   * @param schema the literal name of the schema
   * @param name the literal name of the table
   * @return what to say next: the change
   */
  public OnTable table(String schema, String name) {
    return new OnTable(this, new TableName(schema, name));
  }

  String id() {
    return id;
  }

  List<Operation> with(Operation operation) {
    List<Operation> all = new ArrayList<>(operations);
    all.add(operation);
    return all;
  }
}
