package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.effect.Claims.Claim;
import dev.migrator.check.internal.read.Action;
import dev.migrator.check.internal.read.ActionKind;
import dev.migrator.check.internal.read.ColumnClaims;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.check.internal.read.Types;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What ALTER TABLE tells of its locks: the strongest of what it does. */
final class AlterClaims {

  private final QualifiedName table;

  private final TextSchema schema;

  private final int version;

  private final List<Action> actions;

  private final List<Claim> others = new ArrayList<>();

  private LockMode lock = LockMode.ACCESS_SHARE;

  private Work work = Work.NOTHING;

  private @Nullable String unsure;

  private AlterClaims(QualifiedName table, List<Action> actions, TextSchema schema, int version) {
    this.table = table;
    this.actions = actions;
    this.schema = schema;
    this.version = version;
  }

  static Claims of(QualifiedName table, List<Action> actions, TextSchema schema, int version) {
    AlterClaims claims = new AlterClaims(table, actions, schema, version);
    actions.forEach(claims::take);
    List<Claim> all = new ArrayList<>();
    all.add(new Claim(table, Touch.Role.TARGET, claims.lock, claims.work));
    if (claims.unsure == null && schema.isPartitioned(table)) {
      return new Claims(all, "its partitions are locked as well, and what their keys lead to");
    }
    all.addAll(claims.others);
    return new Claims(all, claims.unsure);
  }

  private void needs(LockMode mode, Work what) {
    lock = (lock.compareTo(mode) < 0) ? mode : lock;
    work = stronger(work, what);
  }

  /** A table that is written anew gets its indexes anew as well. */
  private static Work stronger(Work one, Work other) {
    List<Work> order = List.of(Work.NOTHING, Work.SCAN, Work.BUILD, Work.REWRITE, Work.UNKNOWN);
    return order.indexOf(one) < order.indexOf(other) ? other : one;
  }

  private void exclusive(Work what) {
    needs(LockMode.ACCESS_EXCLUSIVE, what);
  }

  private void take(Action it) {
    switch (it.kind()) {
      case ADD_COLUMN -> column(it);
      case DROP_COLUMN -> {
        exclusive(Work.NOTHING);
        unsure = "whether a foreign key goes with the column depends on the catalog";
      }
      case SET_TYPE -> type(it);
      case SET_NOT_NULL -> notNull(it);
      case ADD_CHECK, ADD_NOT_NULL -> exclusive(it.notValid() ? Work.NOTHING : Work.SCAN);
      case ADD_FOREIGN_KEY -> {
        needs(LockMode.SHARE_ROW_EXCLUSIVE, it.notValid() ? Work.NOTHING : Work.SCAN);
        refers(it.references(), LockMode.SHARE_ROW_EXCLUSIVE);
      }
      case ADD_UNIQUE -> exclusive(it.usingIndex() == null ? Work.BUILD : Work.NOTHING);
      case ADD_PRIMARY_KEY -> {
        exclusive(it.usingIndex() == null ? Work.BUILD : Work.NOTHING);
        if (it.usingIndex() != null) {
          work = Work.UNKNOWN;
          unsure = "it reads the table unless all columns of the index are NOT NULL already";
        }
      }
      case ADD_EXCLUDE -> exclusive(Work.BUILD);
      case VALIDATE_CONSTRAINT -> needs(LockMode.SHARE_UPDATE_EXCLUSIVE, Work.SCAN);
      case DROP_CONSTRAINT -> {
        exclusive(Work.NOTHING);
        QualifiedName parent = schema.keyTo(table, it.name());
        if (parent != null) {
          refers(parent, LockMode.ACCESS_EXCLUSIVE);
        } else if (!schema.knows(table)) {
          unsure = "if it is a foreign key, the other table is locked as well";
        }
      }
      case SET_EXPRESSION -> exclusive(Work.REWRITE);
      case SET_STATISTICS, SET_OPTIONS, SET_PARAMETERS, CLUSTER_ON ->
          needs(LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case TRIGGERS -> needs(LockMode.SHARE_ROW_EXCLUSIVE, Work.NOTHING);
      case ATTACH_PARTITION -> {
        needs(LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
        attaches(it.references());
      }
      case DETACH_PARTITION -> {
        exclusive(Work.NOTHING);
        family(it.references(), LockMode.ACCESS_EXCLUSIVE);
      }
      case DETACH_CONCURRENTLY -> needs(LockMode.SHARE_UPDATE_EXCLUSIVE, Work.NOTHING);
      case INHERIT, NO_INHERIT -> {
        exclusive(Work.NOTHING);
        unsure = "how the parent is locked was not looked at";
      }
      case SET_PERSISTENCE -> exclusive(Work.REWRITE);
      case SET_TABLESPACE, SET_ACCESS_METHOD -> {
        exclusive(Work.UNKNOWN);
        unsure = "it writes the table anew unless it is there already";
      }
      case ALTER_CONSTRAINT, OTHER -> {
        exclusive(Work.UNKNOWN);
        unsure = "what it does under its lock was not understood";
      }
      case DROP_NOT_NULL,
          SET_DEFAULT,
          DROP_DEFAULT,
          DROP_EXPRESSION,
          ADD_IDENTITY,
          SET_IDENTITY,
          DROP_IDENTITY,
          SET_STORAGE,
          RENAME_COLUMN,
          RENAME_CONSTRAINT,
          RENAME_TABLE,
          SET_SCHEMA,
          RULES,
          ROW_SECURITY,
          REPLICA_IDENTITY,
          OWNER ->
          exclusive(Work.NOTHING);
    }
  }

  private void column(Action it) {
    ColumnClaims claims = ColumnClaims.of(it.column());
    exclusive(claims.work());
    if (claims.unsure() != null) {
      unsure = claims.unsure();
    }
    if (it.optional()) {
      unsure = "a column of that name may be there already";
    }
    refers(it.references(), LockMode.SHARE_ROW_EXCLUSIVE);
  }

  private void type(Action it) {
    Boolean keeps =
        it.converts() ? null : Types.keepsRows(schema.type(table, it.name()), it.definition());
    if (keeps == null) {
      exclusive(Work.UNKNOWN);
      unsure = "whether it writes the table anew depends on the type that the column has";
    } else if (keeps) {
      exclusive(Work.NOTHING);
      unsure = "indexes and checks of the column may be built and verified anew";
    } else {
      exclusive(Work.REWRITE);
    }
  }

  /** A CHECK that is dropped in the same statement is gone before it is looked at. */
  private void notNull(Action it) {
    boolean alone =
        actions.stream()
            .noneMatch(
                other ->
                    other.kind() == ActionKind.DROP_CONSTRAINT
                        || other.kind() == ActionKind.VALIDATE_CONSTRAINT);
    if (alone && schema.refusesNull(table, it.name())) {
      exclusive(Work.NOTHING);
    } else if (alone) {
      exclusive(Work.SCAN);
      if (!schema.knows(table) || schema.checks(table, it.name())) {
        unsure = "it reads the table unless a valid CHECK says the same";
      }
    } else {
      exclusive(Work.SCAN);
    }
  }

  private void refers(@Nullable QualifiedName other, LockMode mode) {
    if (other != null && !other.key().equals(table.key())) {
      others.add(new Claim(other, Touch.Role.OTHER, mode, Work.NOTHING));
    }
  }

  private void family(@Nullable QualifiedName other, LockMode mode) {
    if (other != null) {
      others.add(new Claim(other, Touch.Role.TARGET, mode, Work.NOTHING));
    }
  }

  private void attaches(@Nullable QualifiedName partition) {
    if (partition != null) {
      others.add(new Claim(partition, Touch.Role.TARGET, LockMode.ACCESS_EXCLUSIVE, Work.SCAN));
    }
    unsure =
        "partitions are read unless a valid CHECK says the same (version %d)".formatted(version);
  }
}
