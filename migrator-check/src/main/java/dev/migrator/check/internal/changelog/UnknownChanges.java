package dev.migrator.check.internal.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import liquibase.Scope;
import liquibase.change.AbstractChange;
import liquibase.change.ChangeFactory;
import liquibase.change.ChangeMetaData;
import liquibase.database.Database;
import liquibase.parser.core.ParsedNode;
import liquibase.resource.ResourceAccessor;
import liquibase.statement.SqlStatement;

/**
 * Lets Liquibase read changes of the migrator, which it would refuse with the whole changelog where
 * the application's own types are not at hand.
 */
final class UnknownChanges implements AutoCloseable {

  /** What Liquibase knows is the JVM's, and others may check beside. */
  private static final ReentrantLock ONE = new ReentrantLock();

  private final ChangeFactory factory = Scope.getCurrentScope().getSingleton(ChangeFactory.class);

  private final List<String> names = new ArrayList<>();

  private UnknownChanges() {}

  static UnknownChanges accepted(ChangeLogTexts texts) {
    Set<String> foreign = texts.foreignNames();
    UnknownChanges changes = new UnknownChanges();
    ONE.lock();
    try {
      Set<String> known = changes.factory.getDefinedChanges();
      if (!known.contains(ChangeSetPlaces.MIGRATION)) {
        changes.add(new Declared());
      }
      // Liquibase remembers one name of each class.
      foreign.stream()
          .filter(it -> !it.equals(ChangeSetPlaces.MIGRATION) && !known.contains(it))
          .limit(1)
          .forEach(it -> changes.add(new Unknown(it)));
      return changes;
    } catch (RuntimeException | Error ex) {
      changes.close();
      throw ex;
    }
  }

  private void add(Unknown change) {
    factory.register(change);
    names.add(change.name);
  }

  @Override
  public void close() {
    try {
      names.forEach(factory::unregister);
    } finally {
      ONE.unlock();
    }
  }

  /** Stands for a change that nobody here can make. */
  public static class Unknown extends AbstractChange {

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

  /** Stands for the change that declares a migration. */
  public static final class Declared extends Unknown {

    /** Made by Liquibase. */
    public Declared() {
      super(ChangeSetPlaces.MIGRATION);
    }
  }
}
