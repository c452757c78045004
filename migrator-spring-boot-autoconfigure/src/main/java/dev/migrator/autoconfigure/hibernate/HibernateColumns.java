package dev.migrator.autoconfigure.hibernate;

import dev.migrator.MappedColumn;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.CollectionPart;
import org.hibernate.metamodel.mapping.EntityDiscriminatorMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableConsumer;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.spi.MappingMetamodelImplementor;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Every column that an entity manager factory uses: of entities, what is embedded in them, their
 * secondary tables, join tables, and collection tables. What stands in SQL that is written by hand,
 * as in formulas and native queries, is not among them.
 */
final class HibernateColumns {

  private final Set<MappedColumn> columns = new LinkedHashSet<>();

  private HibernateColumns() {}

  /** Empty for a factory of another provider than Hibernate. */
  static Collection<MappedColumn> of(EntityManagerFactory factory) {
    MappingMetamodelImplementor metamodel;
    try {
      metamodel = factory.unwrap(SessionFactoryImplementor.class).getMappingMetamodel();
    } catch (PersistenceException ex) {
      return List.of();
    }
    HibernateColumns collected = new HibernateColumns();
    metamodel.forEachEntityDescriptor(collected::add);
    metamodel.forEachCollectionDescriptor(collected::add);
    return collected.columns;
  }

  private void add(EntityPersister entity) {
    String where = "entity " + entity.getEntityName();
    entity.getIdentifierMapping().forEachSelectable(as(where + ", its id"));
    entity.visitAttributeMappings(
        attribute ->
            attribute.forEachSelectable(as(where + ", attribute " + attribute.getAttributeName())));
    EntityDiscriminatorMapping discriminator = entity.getDiscriminatorMapping();
    if (discriminator != null && discriminator.hasPhysicalColumn()) {
      add(discriminator, where + ", its discriminator");
    }
    add(entity.getSoftDeleteMapping(), where + ", its soft delete");
    // The tables of subclasses and the secondary ones hang on the first by these.
    for (int table = 0; table < entity.getTableSpan(); table++) {
      for (String key : entity.getKeyColumns(table)) {
        add(entity.getTableName(table), key, where + ", its id");
      }
    }
  }

  private void add(CollectionPersister collection) {
    String where = "collection " + collection.getRole();
    PluralAttributeMapping attribute = collection.getAttributeMapping();
    attribute.getKeyDescriptor().visitKeySelectables(as(where + ", its owner"));
    attribute.getKeyDescriptor().visitTargetSelectables(as(where + ", its owner"));
    attribute.getElementDescriptor().forEachSelectable(as(where + ", its elements"));
    CollectionPart index = attribute.getIndexDescriptor();
    if (index != null) {
      index.forEachSelectable(as(where + ", its index"));
    }
    if (attribute.getIdentifierDescriptor() != null) {
      attribute.getIdentifierDescriptor().forEachSelectable(as(where + ", its id"));
    }
    add(attribute.getSoftDeleteMapping(), where + ", its soft delete");
  }

  private SelectableConsumer as(String where) {
    return (position, selectable) -> add(selectable, where);
  }

  private void add(@Nullable SelectableMapping selectable, String where) {
    if (selectable != null && !selectable.isFormula()) {
      add(selectable.getContainingTableExpression(), selectable.getSelectionExpression(), where);
    }
  }

  private void add(String table, String column, String where) {
    // What an entity is mapped to may also be a query in parentheses.
    if (!table.startsWith("(")) {
      columns.add(new MappedColumn(literal(table), literal(column), where));
    }
  }

  /** The last name of one that may be qualified, as PostgreSQL stores it. */
  static String literal(String expression) {
    if (expression.endsWith("\"")) {
      int start = expression.length() - 1;
      do {
        start = expression.lastIndexOf('"', start - 1);
      } while (start > 0 && expression.charAt(start - 1) == '"' && start-- > 0);
      return expression.substring(start + 1, expression.length() - 1).replace("\"\"", "\"");
    }
    return expression.substring(expression.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
