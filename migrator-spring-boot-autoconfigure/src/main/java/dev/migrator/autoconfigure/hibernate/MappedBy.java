package dev.migrator.autoconfigure.hibernate;

import dev.migrator.source.BeanLanguage;
import dev.migrator.source.FormerNames;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/**
 * What maps a column.
 *
 * @param where the entity and the attribute, as {@code Owner.phone}
 * @param former the names that the column had, by {@code @RenamedFrom}
 * @param language that of the entity
 */
record MappedBy(String where, List<String> former, BeanLanguage language) {

  /** Of a column without an attribute, such as a discriminator. */
  static final MappedBy NOBODY = new MappedBy("A mapping", List.of(), BeanLanguage.JAVA);

  MappedBy {
    former = List.copyOf(former);
  }

  static Map<Column, MappedBy> of(Metadata metadata) {
    Map<Column, MappedBy> found = new IdentityHashMap<>();
    for (PersistentClass entity : metadata.getEntityBindings()) {
      String name = entity.getEntityName();
      String where = name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
      for (Property property : entity.getProperties()) {
        add(found, where, entity.getMappedClass(), null, property);
      }
    }
    return found;
  }

  private static void add(
      Map<Column, MappedBy> found,
      String where,
      @Nullable Class<?> owner,
      @Nullable FormerNames outer,
      Property property) {
    String path = where + "." + property.getName();
    FormerNames way = (owner == null) ? null : new FormerNames(outer, owner, property.getName());
    if (property.getValue() instanceof Component part && part.getAggregateColumn() == null) {
      part.getProperties().forEach(it -> add(found, path, part.getComponentClass(), way, it));
      return;
    }
    MappedBy by =
        (owner == null || way == null)
            ? new MappedBy(path, List.of(), BeanLanguage.JAVA)
            : new MappedBy(path, way.find(), BeanLanguage.of(owner));
    property.getColumns().forEach(it -> found.put(it, by));
  }
}
