package dev.migrator.autoconfigure.liquibase;

import dev.migrator.Migration;
import dev.migrator.error.ErrorCode;
import dev.migrator.error.InvalidMigrationException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.changelog.ChangeLogParameters;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.filter.ChangeSetFilter;
import liquibase.changelog.filter.ContextChangeSetFilter;
import liquibase.changelog.filter.IgnoreChangeSetFilter;
import liquibase.changelog.filter.LabelChangeSetFilter;
import liquibase.database.Database;
import liquibase.database.core.PostgresDatabase;
import liquibase.integration.spring.SpringLiquibase;
import liquibase.integration.spring.SpringResourceAccessor;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.resource.ResourceAccessor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * The changelog of a {@link SpringLiquibase}, read as Liquibase reads it, whether that has run its
 * change sets, runs them now, or is switched off in this instance.
 */
final class Changelog {

  private final SpringLiquibase liquibase;

  private final ResourceAccessor resources;

  /** Not connected: what a changelog may ask of it is the same for each. */
  private final Database database = new PostgresDatabase();

  private Changelog(SpringLiquibase liquibase) {
    this.liquibase = liquibase;
    this.resources = resources(liquibase);
  }

  /**
   * What it declares here: of the change sets whose contexts, labels and dbms match.
   *
   * @return by the place of each, in the order of the changelog
   * @throws InvalidMigrationException if a declaration is wrong; the message names the change set
   */
  static Map<String, Migration> migrations(SpringLiquibase liquibase) {
    if (liquibase.getChangeLog() == null) {
      return Map.of();
    }
    Changelog changelog = new Changelog(liquibase);
    try {
      Map<String, Object> scope =
          Map.of(
              Scope.Attr.resourceAccessor.name(),
              changelog.resources,
              Scope.Attr.database.name(),
              changelog.database);
      return Scope.child(scope, changelog::declared);
    } catch (InvalidMigrationException ex) {
      throw ex;
    } catch (Exception ex) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGELOG_INVALID,
          "the changelog \"%s\" cannot be read: %s"
              .formatted(liquibase.getChangeLog(), ex.getMessage()),
          ex);
    }
  }

  /** A subclass may find its files elsewhere, which only its own method knows. */
  private static ResourceAccessor resources(SpringLiquibase liquibase) {
    Method own = ReflectionUtils.findMethod(liquibase.getClass(), "createResourceOpener");
    if (own == null || own.getDeclaringClass() == SpringLiquibase.class) {
      return new SpringResourceAccessor(liquibase.getResourceLoader());
    }
    ReflectionUtils.makeAccessible(own);
    return Objects.requireNonNull((ResourceAccessor) ReflectionUtils.invokeMethod(own, liquibase));
  }

  private Map<String, Migration> declared() throws Exception {
    String file = liquibase.getChangeLog();
    String schema =
        StringUtils.hasText(liquibase.getDefaultSchema())
            ? liquibase.getDefaultSchema().strip()
            : null;
    if (schema != null) {
      database.setDefaultSchemaName(schema);
    }
    DatabaseChangeLog changelog =
        ChangeLogParserFactory.getInstance()
            .getParser(file, resources)
            .parse(file, parameters(), resources);
    List<ChangeSetFilter> filters =
        List.of(
            new ContextChangeSetFilter(contexts()),
            new LabelChangeSetFilter(labels()),
            new IgnoreChangeSetFilter());
    Map<String, Migration> declared = new LinkedHashMap<>();
    for (ChangeSet changeSet : changelog.getChangeSets()) {
      if (filters.stream().allMatch(it -> it.accepts(changeSet).isAccepted())) {
        add(changeSet, schema, declared);
      }
    }
    return declared;
  }

  private static void add(
      ChangeSet changeSet, @Nullable String schema, Map<String, Migration> declared) {
    if (changeSet.getRollback().getChanges().stream().anyMatch(MigrationChange.class::isInstance)) {
      throw new InvalidMigrationException(
          ErrorCode.CHANGELOG_INVALID,
          "change set %s has a migration in its rollback, where it declares nothing; make it a change, of a change set of its own"
              .formatted(changeSet.toString(false)));
    }
    for (Change change : changeSet.getChanges()) {
      if (change instanceof MigrationChange migration
          && declared.put(migration.place(), migration.declared(schema)) != null) {
        throw new InvalidMigrationException(
            ErrorCode.CHANGELOG_INVALID,
            "%s has two migrations; give each a change set, or put the operations of one below the other"
                .formatted(migration.place()));
      }
    }
  }

  private ChangeLogParameters parameters() {
    ChangeLogParameters parameters = new ChangeLogParameters(database);
    parameters.setContexts(contexts());
    parameters.setLabels(labels());
    // There is a setter only.
    DirectFieldAccessor fields = new DirectFieldAccessor(liquibase);
    if (fields.isReadableProperty("parameters")
        && fields.getPropertyValue("parameters") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> parameters.set(String.valueOf(name), value));
    }
    return parameters;
  }

  private Contexts contexts() {
    return new Contexts(liquibase.getContexts());
  }

  private LabelExpression labels() {
    return new LabelExpression(liquibase.getLabelFilter());
  }
}
