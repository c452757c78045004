package dev.migrator.internal.effect;

import dev.migrator.internal.effect.CatalogObject.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two images, and whether a release that knows only the first can fail
 * because of it. What is new, with all of its parts, takes nothing from anybody.
 */
public final class CatalogDifference {

  private final CatalogImage before;

  private final CatalogImage after;

  private final List<Change> changes = new ArrayList<>();

  private CatalogDifference(CatalogImage before, CatalogImage after) {
    this.before = before;
    this.after = after;
  }

  /** Compares two images. */
  public static List<Change> between(CatalogImage before, CatalogImage after) {
    return new CatalogDifference(before, after).compare();
  }

  private List<Change> compare() {
    before
        .byKey()
        .forEach(
            (key, old) -> {
              CatalogObject now = after.get(key);
              if (now == null) {
                removed(old);
              } else if (now != old && !now.equals(old)) {
                changed(old, now);
              }
            });
    after
        .byKey()
        .forEach(
            (key, now) -> {
              if (before.get(key) == null) {
                added(now);
              }
            });
    return List.copyOf(changes);
  }

  private void add(Change.Kind kind, CatalogObject what) {
    changes.add(
        new Change(kind, what.text(), what.kind() == CatalogObject.Kind.COLUMN && reshapes(what)));
  }

  /** Whether a column has come, gone, or another type: also a wider one is another result. */
  private boolean reshapes(CatalogObject column) {
    CatalogObject old = before.get(column.key());
    CatalogObject now = after.get(column.key());
    return old == null || now == null || !old.shape().equals(now.shape());
  }

  /** A part of what is gone goes with it. */
  private void removed(CatalogObject old) {
    if (!old.parent().isEmpty() && !isOwner(after, old.parent())) {
      return;
    }
    if (after.isRenamed(old)) {
      // No statement names a check, a foreign key or an index.
      boolean named = old.has('U') || old.has('P');
      boolean constraint = old.kind() == Kind.CONSTRAINT;
      add(constraint && named ? Change.Kind.CONSTRAINT_REMOVED : Change.Kind.CHANGED, old);
      return;
    }
    switch (old.kind()) {
      case TABLE -> add(Change.Kind.TABLE_REMOVED, old);
      case VIEW -> add(Change.Kind.VIEW_REMOVED, old);
      case COLUMN -> add(Change.Kind.COLUMN_REMOVED, old);
      case FUNCTION -> add(Change.Kind.FUNCTION_REMOVED, old);
      case CONSTRAINT -> {
        if (!droppedColumn(old)) {
          add(isReliedOn(old) ? Change.Kind.CONSTRAINT_REMOVED : Change.Kind.CHANGED, old);
        }
      }
      case INDEX -> {
        // That of a constraint goes with it.
        if (!old.has('C')) {
          add(Change.Kind.INDEX_REMOVED, old);
        }
      }
      case POLICY, SEQUENCE, COMPOSITE, TYPE, TRIGGER, RULE, SCHEMA, EXTENSION ->
          add(Change.Kind.OBJECT_REMOVED, old);
    }
  }

  private boolean droppedColumn(CatalogObject constraint) {
    Set<String> columns = columns(after, constraint.parent());
    return !constraint.shape().isEmpty()
        && Arrays.stream(constraint.shape().split(",")).noneMatch(columns::contains);
  }

  private void added(CatalogObject now) {
    boolean partOfOld = !now.parent().isEmpty() && isOwner(before, now.parent());
    if (!now.parent().isEmpty() && !partOfOld) {
      return; // of something that is new itself
    }
    if (before.isRenamed(now)) {
      return; // said of its old name
    }
    Change.Kind kind = Change.Kind.ADDED;
    if (now.kind() == Kind.COLUMN && isTable(now.parent())) {
      boolean filled = now.has('D') || now.has('A') || now.has('I') || now.has('G');
      kind = (now.has('N') && !filled) ? Change.Kind.VALUE_REQUIRED : kind;
    } else if (now.kind() == Kind.CONSTRAINT) {
      kind = (onNewColumns(now) || !now.has('E')) ? kind : Change.Kind.CONSTRAINT_ADDED;
    } else if (now.kind() == Kind.INDEX) {
      boolean refuses = now.has('U') && !now.has('C') && !onNewColumns(now);
      kind = refuses ? Change.Kind.CONSTRAINT_ADDED : kind;
    } else if (now.kind() == Kind.RULE) {
      kind = Change.Kind.CONSTRAINT_ADDED;
    } else if (now.kind() == Kind.POLICY) {
      boolean hidden = hides(before, now.parent());
      boolean restricts = hidden && now.shape().startsWith("false");
      kind = restricts ? Change.Kind.PRIVILEGE_REMOVED : kind;
    }
    add(kind, now);
  }

  /** A rule for columns that are new concerns nothing that an older release writes. */
  private boolean onNewColumns(CatalogObject now) {
    if (now.shape().isEmpty() || !isTable(now.parent())) {
      return false;
    }
    Set<String> old = columns(before, now.parent());
    return Arrays.stream(now.shape().split("[ ,]"))
        .noneMatch(it -> it.equals("0") || old.contains(it));
  }

  private void changed(CatalogObject old, CatalogObject now) {
    boolean sole = old.kind() != Kind.TABLE && old.kind() != Kind.COLUMN;
    if (sole && isEqual(old, now) && Objects.equals(old.privileges(), now.privileges())) {
      return; // made again as it was
    }
    int count = changes.size();
    switch (old.kind()) {
      case TABLE, VIEW -> relation(old, now);
      case COLUMN -> column(old, now);
      case FUNCTION -> {
        if (!old.shape().equals(now.shape())) {
          add(Change.Kind.FUNCTION_REMOVED, old);
        }
      }
      case CONSTRAINT -> constraint(old, now);
      case INDEX -> {
        // The name of an index that is another one now.
        if (now.has('U') && !onNewColumns(now) && !old.identity().equals(now.identity())) {
          add(Change.Kind.CONSTRAINT_ADDED, now);
        } else if (old.has('U') && !old.has('C') && !old.identity().equals(now.identity())) {
          add(Change.Kind.INDEX_REMOVED, old);
        }
      }
      case TYPE -> type(old, now);
      case TRIGGER -> {
        if (old.has('E') && !now.has('E')) {
          add(Change.Kind.OBJECT_REMOVED, old);
        }
      }
      case RULE -> {
        if (now.has('E')) {
          add(Change.Kind.CONSTRAINT_ADDED, now);
        } else if (old.has('E')) {
          add(Change.Kind.OBJECT_REMOVED, old);
        }
      }
      case POLICY -> add(Change.Kind.PRIVILEGE_REMOVED, old);
      case SEQUENCE, COMPOSITE, SCHEMA, EXTENSION -> {}
    }
    privileges(old, now);
    if (changes.size() == count) {
      add(Change.Kind.CHANGED, now);
    }
  }

  /** One that is another one now, or the same in another way; also checked for old rows as well. */
  private void constraint(CatalogObject old, CatalogObject now) {
    boolean same = old.identity().equals(now.identity());
    boolean stricter = !old.has('E') || lost('D', old, now) || lost('L', old, now);
    if (now.has('E') && (!same || stricter) && !onNewColumns(now)) {
      add(Change.Kind.CONSTRAINT_ADDED, now);
    } else if (isReliedOn(old) && !(same && now.has('E')) && !droppedColumn(old)) {
      add(Change.Kind.CONSTRAINT_REMOVED, old);
    }
  }

  private static boolean lost(char flag, CatalogObject old, CatalogObject now) {
    return old.has(flag) && !now.has(flag);
  }

  /** Statements name a key, and rows go with those that a foreign key references. */
  private static boolean isReliedOn(CatalogObject constraint) {
    return constraint.has('E') && !constraint.has('C');
  }

  private static boolean isEqual(CatalogObject old, CatalogObject now) {
    return old.shape().equals(now.shape())
        && old.detail().equals(now.detail())
        && old.flags().equals(now.flags());
  }

  private void relation(CatalogObject old, CatalogObject now) {
    boolean table = old.kind() == Kind.TABLE;
    if (table && !old.identity().equals(now.identity())) {
      add(Change.Kind.TABLE_REMOVED, old);
      return;
    }
    if (!old.file().equals(now.file()) && !now.file().isEmpty()) {
      add(Change.Kind.REWRITTEN, now);
    }
    boolean forced = now.has('F') && !old.has('F');
    if (table && now.has('R') && (forced || !old.has('R'))) {
      add(Change.Kind.PRIVILEGE_REMOVED, now);
    }
    if (table && !inherits(now).containsAll(inherits(old))) {
      add(Change.Kind.OBJECT_REMOVED, old);
    }
  }

  private static Set<String> inherits(CatalogObject table) {
    String parents = table.detail().substring(table.detail().indexOf(' ') + 1);
    return parents.isEmpty() ? Set.of() : Set.of(parents.split(","));
  }

  private void column(CatalogObject old, CatalogObject now) {
    boolean table = isTable(old.parent());
    if (table && !old.identity().equals(now.identity()) && sameTable(old.parent())) {
      add(Change.Kind.COLUMN_REMOVED, old); // its values are gone
      return;
    }
    if (!old.shape().equals(now.shape()) && !Widening.is(old.shape(), now.shape())) {
      add(Change.Kind.TYPE_CHANGED, now);
    }
    if (!table) {
      return;
    }
    boolean given = now.has('D') || now.has('A') || now.has('I') || now.has('G');
    boolean wasGiven = old.has('D') || old.has('A') || old.has('I');
    if (now.has('N') && !old.has('N')) {
      add(Change.Kind.NOT_NULL, now);
    }
    if (wasGiven && !given) {
      add(Change.Kind.DEFAULT_REMOVED, now);
    }
    if ((now.has('G') && !old.has('G')) || (now.has('A') && !old.has('A'))) {
      add(Change.Kind.GENERATED, now);
    }
  }

  private void type(CatalogObject old, CatalogObject now) {
    if (!old.shape().equals(now.shape())) {
      add(Change.Kind.TYPE_CHANGED, now);
    } else if (now.has('N') && !old.has('N')) {
      add(Change.Kind.NOT_NULL, now);
    } else if (!List.of(now.detail().split(",")).containsAll(List.of(old.detail().split(",")))) {
      add(Change.Kind.OBJECT_REMOVED, old);
    }
  }

  private void privileges(CatalogObject old, CatalogObject now) {
    if (!grants(now.privileges()).containsAll(grants(old.privileges()))) {
      add(Change.Kind.PRIVILEGE_REMOVED, now);
    }
  }

  /** Who may do what, one by one, as {@code role=right}. */
  private static Set<String> grants(@Nullable String privileges) {
    if (privileges == null) {
      return Set.of();
    }
    Set<String> grants = new HashSet<>();
    if (privileges.equals("public")) {
      grants.add("=X"); // a function may be called, and a type used, by everybody
      return grants;
    }
    String items = privileges.substring(1, privileges.length() - 1);
    for (String item : items.isEmpty() ? new String[0] : items.split(",")) {
      int equals = item.lastIndexOf('=');
      int slash = item.lastIndexOf('/');
      for (char right : item.substring(equals + 1, slash).toCharArray()) {
        grants.add(item.substring(0, equals) + "=" + (right == 'U' ? 'X' : right));
      }
    }
    grants.removeIf(it -> it.endsWith("*"));
    return grants;
  }

  private boolean isTable(String name) {
    return before.has(Kind.TABLE, name);
  }

  /** Whether a name still means the same table. */
  private boolean sameTable(String name) {
    CatalogObject old = before.get(Kind.TABLE + "  " + name);
    CatalogObject now = after.get(Kind.TABLE + "  " + name);
    return old != null && now != null && old.identity().equals(now.identity());
  }

  private static boolean hides(CatalogImage image, String table) {
    CatalogObject found = image.get(Kind.TABLE + "  " + table);
    return found != null && found.has('R');
  }

  /** Whether something of that name can have parts. */
  private static boolean isOwner(CatalogImage image, String name) {
    return image.has(Kind.TABLE, name)
        || image.has(Kind.VIEW, name)
        || image.has(Kind.COMPOSITE, name)
        || image.has(Kind.TYPE, name);
  }

  /** The numbers of the columns of a table. */
  private static Set<String> columns(CatalogImage image, String table) {
    Set<String> numbers = new HashSet<>();
    for (CatalogObject object : image.all()) {
      if (object.kind() == Kind.COLUMN && object.parent().equals(table)) {
        numbers.add(object.identity());
      }
    }
    return numbers;
  }
}
