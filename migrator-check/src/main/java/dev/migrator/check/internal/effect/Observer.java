package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.effect.Relations.Relation;
import dev.migrator.check.internal.read.Parsed;
import dev.migrator.check.internal.read.QualifiedName;
import dev.migrator.check.internal.read.StatementKind;
import dev.migrator.internal.effect.CatalogDifference;
import dev.migrator.internal.effect.CatalogImage;
import dev.migrator.internal.effect.Change;
import dev.migrator.internal.effect.ImageReader;
import dev.migrator.internal.sql.Database;
import dev.migrator.plan.LockMode;
import dev.migrator.plan.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Sees what a transaction has done: by its own eyes, and by those of somebody beside it. */
final class Observer {

  /** To plan the same looks at the catalog again takes longer than to look. */
  static final String FAST = "SET plan_cache_mode = force_generic_plan; SET jit = off";

  /** Who waits for a lock of the transaction would do so for ever: this thread would end it. */
  private static final String LIMIT = "SET statement_timeout = '3min'; ";

  private final Relations inside;

  private final Relations beside;

  private final Connection other;

  private final ImageReader imageInside;

  private final ImageReader imageBeside;

  private final Predicate<String> production;

  private Set<Long> known = Set.of();

  private Map<Long, Long> scans = Map.of();

  private Set<Long> targets = Set.of();

  Observer(Connection connection, Connection other, Predicate<String> production)
      throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(LIMIT + FAST);
    }
    this.inside = new Relations(connection);
    this.beside = new Relations(other);
    this.other = other;
    this.production = production;
    this.imageInside = images(connection);
    this.imageBeside = images(other);
  }

  private static ImageReader images(Connection connection) {
    return new ImageReader(new Database(new SingleConnectionDataSource(connection, true)));
  }

  /** Takes what is there for what running releases use. */
  void know() throws SQLException {
    known = new HashSet<>(beside.all(production));
  }

  /** Looks at what is counted from here on. */
  void before(Parsed parsed) throws SQLException {
    targets = Set.of();
    scans = Map.of();
    if (parsed.kind() != StatementKind.CREATE_TABLE) {
      targets = oids(Names.targets(parsed));
      scans = inside.scans();
    }
  }

  private Set<Long> oids(List<QualifiedName> names) throws SQLException {
    return names.isEmpty()
        ? Set.of()
        : inside.oids(names.stream().map(QualifiedName::text).toList());
  }

  /** What the transaction has done since. */
  Seen after(Parsed parsed) throws SQLException {
    Map<Long, LockMode> locks = inside.locks();
    Map<Long, Relation> old = locks.isEmpty() ? Map.of() : beside.read(locks.keySet());
    if (old.isEmpty()) {
      return new Seen(List.of(), compared(parsed, List.of(), known));
    }
    Set<Long> tables = new HashSet<>();
    old.values().forEach(it -> tables.add(it.index() ? it.of() : it.oid()));
    Map<Long, Relation> earlier = new LinkedHashMap<>(old);
    Set<Long> missing = new HashSet<>(tables);
    missing.removeAll(old.keySet());
    if (!missing.isEmpty()) {
      earlier.putAll(beside.read(missing));
    }
    Map<Long, Relation> later = inside.read(tables);
    Set<Long> family =
        targets.isEmpty() || tables.size() == 1 ? Set.of() : beside.descendants(targets);
    List<Touch> touched = new ArrayList<>();
    List<Long> changed = new ArrayList<>();
    for (long oid : tables) {
      Relation table = earlier.get(oid);
      if (table == null) {
        continue;
      }
      Touch touch =
          new Comparison(parsed, table, later.get(oid), locks, earlier.values(), scans)
              .touch(known.contains(oid), role(parsed, oid, family));
      if (touch.lock().compareTo(LockMode.ROW_EXCLUSIVE) >= 0 || touch.indexesLocked()) {
        touched.add(touch);
      }
      if (touch.known() && touch.lock().compareTo(LockMode.SHARE_UPDATE_EXCLUSIVE) >= 0) {
        changed.add(oid);
      }
    }
    return new Seen(touched, compared(parsed, changed, known));
  }

  private Touch.Role role(Parsed parsed, long oid, Set<Long> family) {
    if (targets.contains(oid)) {
      return Touch.Role.TARGET;
    }
    if (family.contains(oid)) {
      return Touch.Role.FAMILY;
    }
    return targets.isEmpty() && Names.isAboutAll(parsed) ? Touch.Role.TARGET : Touch.Role.OTHER;
  }

  /**
   * The catalog before and behind it. To read it takes as long as there is much of it, so only what
   * was locked is compared, which a change of a table always is. What is not locked when it changes
   * (privileges, schemas, functions, what a block of code does) is compared as a whole.
   */
  private List<Change> compared(Parsed parsed, List<Long> changed, Set<Long> all) {
    boolean whole =
        switch (parsed.kind()) {
          case GRANT, REVOKE, DO, SELECT, OTHER, CREATE_OTHER, ALTER_SCHEMA, DROP_SCHEMA -> true;
          case DROP_OWNED, DROP_FUNCTION, ALTER_FUNCTION, ALTER_TYPE, DROP_TYPE -> true;
          case ALTER_DOMAIN, DROP_DOMAIN, DROP_SEQUENCE, ALTER_SEQUENCE, DROP_OTHER -> true;
          default -> false;
        };
    if (whole || parsed.has(Parsed.Mark.CASCADE)) {
      return CatalogDifference.between(imageBeside.read(all), imageInside.read(all));
    }
    return changed.isEmpty() ? List.of() : compared(changed);
  }

  /** Both at once: each is read by a connection of its own, which takes most of the time. */
  private List<Change> compared(List<Long> relations) {
    CompletableFuture<CatalogImage> before =
        CompletableFuture.supplyAsync(() -> imageBeside.readOnly(relations));
    try {
      CatalogImage after = imageInside.readOnly(relations);
      return CatalogDifference.between(before.join(), after);
    } finally {
      // Nobody else may use that connection before.
      before.handle((image, failure) -> null).join();
    }
  }

  /** Those that are of, or come from, what running releases use. */
  List<Rows> known(List<Rows> rows) throws SQLException {
    List<Rows> found = new ArrayList<>();
    for (Rows it : rows) {
      String source = it.source();
      boolean theirs =
          (source == null || isKnown(source))
              && (it.extent() == Rows.Extent.COPIED || isKnown(it.table()));
      if (theirs) {
        found.add(it);
      }
    }
    return found;
  }

  private boolean isKnown(String table) throws SQLException {
    return beside.oids(List.of(table)).stream().anyMatch(known::contains);
  }

  /** The difference that something makes which commits by itself. */
  List<Change> compared(List<Touch> touched, ServerTrial.Work work) throws SQLException {
    List<Long> oids = new ArrayList<>(beside.oids(touched.stream().map(Touch::table).toList()));
    oids.retainAll(known);
    CatalogImage before = imageBeside.readOnly(oids);
    work.run();
    return CatalogDifference.between(before, imageBeside.readOnly(oids));
  }

  /** What a statement is known to lock that cannot be looked at while it runs. */
  List<Touch> claimed(Parsed parsed, int version) throws SQLException {
    List<Touch> touched = new ArrayList<>();
    List<QualifiedName> names = Names.targets(parsed);
    Map<Long, Relation> relations = new HashMap<>();
    if (!names.isEmpty()) {
      relations.putAll(beside.read(oids(names)));
    } else if (parsed.table() != null) {
      // An index.
      Set<Long> tables = new HashSet<>();
      beside.read(oids(List.of(parsed.table()))).values().forEach(it -> tables.add(it.of()));
      relations.putAll(beside.read(tables));
    }
    Claims.Claim claim = Claims.of(parsed, new TextSchema(), version).target();
    LockMode lock = (claim == null) ? LockMode.SHARE_UPDATE_EXCLUSIVE : claim.lock();
    Work work =
        (claim != null)
            ? claim.work()
            : parsed.kind() == StatementKind.REINDEX_CONCURRENTLY ? Work.BUILD : Work.NOTHING;
    for (Relation it : relations.values()) {
      touched.add(
          new Touch(
              it.name(),
              Touch.Role.TARGET,
              lock,
              false,
              work,
              List.of(),
              known.contains(it.oid()),
              it.partitioned()));
    }
    return touched;
  }

  void close() throws SQLException {
    other.close();
  }

  /**
   * What was seen.
   *
   * @param touched tables that were there before
   * @param changes of what was there before
   */
  record Seen(List<Touch> touched, List<Change> changes) {

    /** Whether rows of running releases may be others. */
    boolean changesRows() {
      return touched.stream().anyMatch(it -> it.known() && it.lock() == LockMode.ROW_EXCLUSIVE);
    }
  }
}
