package dev.migrator.internal.effect;

import org.jspecify.annotations.Nullable;

/**
 * One object of the catalog.
 *
 * @param kind what it is
 * @param parent the table, view or domain that it is a part of; empty if it is none
 * @param name its name, with its schema where it has one of its own
 * @param identity what stays as long as it is the same object
 * @param shape what it is to who uses it: a type, a result, the columns of a constraint
 * @param detail what more there is to it
 * @param flags letters, see {@link Kind}
 * @param file where its rows are; empty if it has none
 * @param privileges who may do what; {@code null} if only its owner may, or everybody by default
 */
record CatalogObject(
    Kind kind,
    String parent,
    String name,
    String identity,
    String shape,
    String detail,
    String flags,
    String file,
    @Nullable String privileges) {

  String key() {
    return kind + " " + parent + " " + name;
  }

  /** By what it is known whatever its name; a column by that of its table. */
  String own() {
    return kind + " " + (kind == Kind.COLUMN ? parent : "") + " " + identity;
  }

  boolean has(char flag) {
    return flags.indexOf(flag) >= 0;
  }

  /** As messages say it. */
  String text() {
    return kind.word
        + " "
        + switch (kind) {
          case COLUMN -> parent + "." + name;
          case CONSTRAINT, TRIGGER, POLICY, RULE -> name + " of " + parent;
          default -> name;
        };
  }

  /** What objects there are; the letters that mark them stand behind. */
  enum Kind {

    /** R if rows are hidden by policies, F from the owner as well. */
    TABLE("table"),

    VIEW("view"),

    SEQUENCE("sequence"),

    /** Of a composite type. */
    COMPOSITE("type"),

    /** N not null, D default, A identity always, I identity by default, G generated. */
    COLUMN("column"),

    /**
     * C check, U unique, P primary key, F foreign key, X exclusion; E enforced, D deferrable, L
     * late, that is deferred.
     */
    CONSTRAINT("constraint"),

    /** U unique, C belongs to a constraint. */
    INDEX("index"),

    FUNCTION("function"),

    TYPE("type"),

    TRIGGER("trigger"),

    POLICY("policy"),

    RULE("rule"),

    SCHEMA("schema"),

    EXTENSION("extension");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }
}
