package dev.migrator.check.internal.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import liquibase.Scope;
import liquibase.change.AbstractChange;
import liquibase.change.ChangeFactory;
import liquibase.change.ChangeMetaData;
import liquibase.database.Database;
import liquibase.parser.core.ParsedNode;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;

/**
 * Lets Liquibase read changes of the migrator in YAML and JSON, which it would refuse with the
 * whole changelog where the application's own types are not at hand.
 */
final class UnknownChanges implements AutoCloseable {

  private final ChangeFactory factory = Scope.getCurrentScope().getSingleton(ChangeFactory.class);

  private final List<String> names = new ArrayList<>();

  private UnknownChanges() {}

  static UnknownChanges accepted(ChangeLogTexts texts) {
    UnknownChanges changes = new UnknownChanges();
    Set<String> known = changes.factory.getDefinedChanges();
    for (String it : texts.foreignNames()) {
      if (!known.contains(it)) {
        changes.factory.register(new Unknown(it));
        changes.names.add(it);
      }
    }
    return changes;
  }

  @Override
  public void close() {
    names.forEach(factory::unregister);
  }

  /** Stands for a change that nobody here can make. */
  public static final class Unknown extends AbstractChange {

    private final String name;

    /** Made by Liquibase, which reads the change itself. */
    public Unknown() {
      this("unknown");
    }

    Unknown(String name) {
      this.name = name;
    }

    @Override
    public ChangeMetaData createChangeMetaData() {
      return new ChangeMetaData(name, name, 1, null, Map.of(), Set.of());
    }

    @Override
    public void load(ParsedNode node, ResourceAccessor resources) {
      // What it says is for others.
    }

    @Override
    public SqlStatement[] generateStatements(Database database) {
      return new SqlStatement[0];
    }

    @Override
    public String getConfirmationMessage() {
      return name;
    }
  }
}
