package dev.migrator.check.internal.effect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a part of a plan brings. Pure.
 *
 * @param extent how many
 * @param table the table whose rows these are; {@code null} if something bounds them
 */
record Reach(Extent extent, @Nullable String table) {

  private static final List<String> CONDITIONS =
      List.of(
          "Filter", "Index Cond", "Recheck Cond", "TID Cond", "One-Time Filter", "Run Condition");

  private static final List<String> JOIN_CONDITIONS =
      List.of("Hash Cond", "Merge Cond", "Join Filter");

  private static final Reach BOUNDED = new Reach(Extent.BOUNDED, null);

  /** How many rows. */
  enum Extent {
    BOUNDED,
    JOINED,
    ALL
  }

  /**
   * Looks at a node and those below.
   *
   * @param whole the plan, for the queries that it names
   * @param target the alias of the table that is changed; {@code null} if rows are brought to it
   */
  static Reach of(PlanNode node, PlanNode whole, @Nullable String target) {
    List<PlanNode> inputs = node.inputs();
    if (CONDITIONS.stream().anyMatch(node::has)) {
      return BOUNDED;
    }
    return switch (node.type()) {
      case "Limit" -> BOUNDED;
      case "CTE Scan" -> {
        PlanNode query = whole.query(node);
        yield (query == null) ? BOUNDED : of(query, whole, target);
      }
      case "Nested Loop", "Hash Join", "Merge Join" -> joined(node, inputs, whole, target);
      case "SetOp" -> ofBoth(node, whole, target);
      case "Aggregate" ->
          node.text("Strategy").equals("Plain") ? BOUNDED : of(inputs.get(0), whole, target);
      default -> {
        if (inputs.isEmpty()) {
          String table = node.table();
          yield (table == null) ? BOUNDED : new Reach(Extent.ALL, table);
        }
        yield inputs.stream().map(it -> of(it, whole, target)).reduce(BOUNDED, Reach::more);
      }
    };
  }

  private Reach more(Reach other) {
    return extent.compareTo(other.extent) >= 0 ? this : other;
  }

  /** Before PostgreSQL 18, what appends both to each other stands between. */
  private static Reach ofBoth(PlanNode node, PlanNode whole, @Nullable String target) {
    List<PlanNode> sides = node.inputs();
    while (sides.size() == 1) {
      sides = sides.get(0).inputs();
    }
    if (sides.isEmpty()) {
      return BOUNDED;
    }
    Reach first = of(sides.get(0), whole, target);
    Reach second = of(sides.get(1), whole, target);
    boolean fewer = node.text("Command").startsWith("Intersect") && second.extent == Extent.BOUNDED;
    return fewer ? second : first;
  }

  private static Reach joined(
      PlanNode node, List<PlanNode> inputs, PlanNode whole, @Nullable String target) {
    Reach outer = of(inputs.get(0), whole, target);
    Reach inner = of(inputs.get(1), whole, target);
    boolean ofInner = target != null && inputs.get(1).scans(target);
    Reach changed = ofInner ? inner : outer;
    Reach other = ofInner ? outer : inner;
    return switch (node.text("Join Type")) {
      case "Left" -> outer;
      case "Right" -> inner;
      case "Full" -> changed.more(other);
      // To have no partner is a condition like others of what is changed.
      case "Anti" -> target == null ? outer : BOUNDED;
      case "Right Anti" -> target == null ? inner : BOUNDED;
      // The planner makes one of the other where partners are unique.
      case "Inner", "Semi", "Right Semi" -> {
        if (JOIN_CONDITIONS.stream().noneMatch(node::has)) {
          yield target == null ? outer.more(inner) : changed;
        }
        yield (changed.extent == Extent.BOUNDED || other.extent == Extent.BOUNDED)
            ? BOUNDED
            : new Reach(Extent.JOINED, other.table);
      }
      default -> BOUNDED;
    };
  }
}
