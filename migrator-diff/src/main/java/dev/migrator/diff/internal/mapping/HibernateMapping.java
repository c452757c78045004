package dev.migrator.diff.internal.mapping;

import dev.migrator.diff.internal.schema.Place;
import dev.migrator.diff.internal.schema.TableId;
import dev.migrator.source.FormerNames;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.IndexedCollection;
import org.hibernate.mapping.OneToMany;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.Selectable;
import org.hibernate.mapping.SingleTableSubclass;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.Value;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Reads what the entities of Hibernate map. */
final class HibernateMapping {

  private static final long USUAL_LENGTH = 255;

  private final Mapping mapping;

  private final @Nullable String defaultSchema;

  private final String currentSchema;

  /** The tables that Hibernate would make. */
  private final List<TableId> tables = new ArrayList<>();

  private HibernateMapping(Mapping mapping, @Nullable String defaultSchema, String currentSchema) {
    this.mapping = mapping;
    this.defaultSchema = defaultSchema;
    this.currentSchema = currentSchema;
  }

  /**
   * Adds them.
   *
   * @param defaultSchema the schema of what names none; {@code null} for that of the connection
   * @param currentSchema that of the connection
   * @return the tables that they need
   */
  static List<TableId> add(
      Metadata metadata, @Nullable String defaultSchema, String currentSchema, Mapping mapping) {
    HibernateMapping reader = new HibernateMapping(mapping, defaultSchema, currentSchema);
    metadata.getEntityBindings().forEach(reader::entity);
    metadata.getCollectionBindings().forEach(reader::collection);
    metadata.collectTableMappings().stream()
        .filter(it -> it.isPhysicalTable() && !it.isSubselect())
        .forEach(it -> reader.tables.add(reader.id(it)));
    return reader.tables;
  }

  private void entity(PersistentClass entity) {
    String name = shortName(entity.getEntityName());
    Attribute.Role role =
        entity instanceof SingleTableSubclass ? Attribute.Role.OF_SUBCLASS : Attribute.Role.PLAIN;
    Property id = entity.getIdentifierProperty();
    if (id != null) {
      property(name, entity.getMappedClass(), null, id, role);
    } else if (entity.getIdentifier() instanceof Component key) {
      key.getProperties().forEach(it -> property(name, entity.getMappedClass(), null, it, role));
    }
    for (Property each : entity.getProperties()) {
      boolean version = each.equals(entity.getVersion());
      property(name, entity.getMappedClass(), null, each, version ? Attribute.Role.VERSION : role);
    }
  }

  private void property(
      String where,
      @Nullable Class<?> owner,
      @Nullable FormerNames outer,
      Property property,
      Attribute.Role role) {
    String path = where + "." + property.getName();
    FormerNames way = (owner == null) ? null : new FormerNames(outer, owner, property.getName());
    Value value = property.getValue();
    if (value instanceof Component part && part.getAggregateColumn() == null) {
      part.getProperties().forEach(it -> property(path, part.getComponentClass(), way, it, role));
      return;
    }
    value(path, value, (way == null) ? List.of() : way.find(), role);
  }

  private void collection(Collection collection) {
    String where =
        shortName(collection.getRole().substring(0, collection.getRole().lastIndexOf('.')));
    String path = where + collection.getRole().substring(collection.getRole().lastIndexOf('.'));
    value(path, collection.getKey(), List.of(), Attribute.Role.PLAIN);
    if (collection.getElement() instanceof Component part) {
      part.getProperties()
          .forEach(it -> property(path, part.getComponentClass(), null, it, Attribute.Role.PLAIN));
    } else if (!(collection.getElement() instanceof OneToMany)) {
      value(path, collection.getElement(), List.of(), Attribute.Role.PLAIN);
    }
    if (collection instanceof IndexedCollection indexed && indexed.getIndex() != null) {
      value(path, indexed.getIndex(), List.of(), Attribute.Role.PLAIN);
    }
  }

  private void value(String where, Value value, List<String> former, Attribute.Role role) {
    if (value.getTable() == null) {
      return;
    }
    TableId table = id(value.getTable());
    for (Selectable each : value.getSelectables()) {
      if (each instanceof Column column) {
        String name = StoredNames.of(column.getName(), column.isQuoted());
        mapping.add(
            new Place(table, name),
            new Attribute(where, former, said(column), role, constants(value)));
      } else {
        mapping.addFormula(each.getText());
      }
    }
  }

  private static Attribute.TypeSaid said(Column column) {
    boolean all =
        column.getSqlType() != null
            || (column.getLength() != null && column.getLength() != USUAL_LENGTH)
            || column.getPrecision() != null
            || column.getTemporalPrecision() != null;
    return all ? Attribute.TypeSaid.ALL : Attribute.TypeSaid.KIND;
  }

  /** Those that are stored as they are; what a converter makes of them, nobody else knows. */
  private static @Nullable Constants constants(Value value) {
    if (!(value instanceof BasicValue basic)) {
      return null;
    }
    BasicValue.Resolution<?> resolution = basic.resolve();
    Class<?> type = resolution.getDomainJavaType().getJavaTypeClass();
    if (!type.isEnum() || resolution.getValueConverter() != null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (Object each : type.getEnumConstants()) {
      names.add(((Enum<?>) each).name());
    }
    return switch (resolution.getJdbcType().getDefaultSqlTypeCode()) {
      case SqlTypes.VARCHAR,
          SqlTypes.CHAR,
          SqlTypes.NVARCHAR,
          SqlTypes.NCHAR,
          SqlTypes.LONG32VARCHAR ->
          new Constants(Constants.Storage.NAME, names);
      case SqlTypes.TINYINT, SqlTypes.SMALLINT, SqlTypes.INTEGER ->
          new Constants(Constants.Storage.ORDINAL, names);
      case SqlTypes.ENUM, SqlTypes.NAMED_ENUM, SqlTypes.NAMED_ORDINAL_ENUM ->
          new Constants(Constants.Storage.TYPE, names);
      default -> null;
    };
  }

  private TableId id(Table table) {
    String schema =
        (table.getSchema() == null)
            ? defaultSchema
            : StoredNames.of(table.getSchema(), table.isSchemaQuoted());
    return new TableId(
        schema == null || schema.equals(currentSchema) ? "" : schema,
        StoredNames.of(table.getName(), table.isQuoted()));
  }

  private static String shortName(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
  }
}
