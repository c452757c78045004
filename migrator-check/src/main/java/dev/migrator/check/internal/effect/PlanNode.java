package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node of a plan, as EXPLAIN writes it in JSON. */
record PlanNode(Map<?, ?> values) {

  private static final Set<String> ASIDE = Set.of("InitPlan", "SubPlan");

  boolean has(String key) {
    return values.containsKey(key);
  }

  String text(String key) {
    Object value = values.get(key);
    return (value == null) ? "" : value.toString();
  }

  String type() {
    return text("Node Type");
  }

  /** The table that it reads or changes; {@code null} if it is another node. */
  @Nullable String table() {
    return has("Relation Name")
        ? QualifiedName.plain(text("Schema")) + "." + QualifiedName.plain(text("Relation Name"))
        : null;
  }

  List<PlanNode> children() {
    List<PlanNode> children = new ArrayList<>();
    if (values.get("Plans") instanceof List<?> plans) {
      plans.forEach(it -> children.add(new PlanNode((Map<?, ?>) it)));
    }
    return children;
  }

  /** Those whose rows it takes. */
  List<PlanNode> inputs() {
    return children().stream()
        .filter(it -> !ASIDE.contains(it.text("Parent Relationship")))
        .toList();
  }

  /** It, and all below. */
  List<PlanNode> all() {
    List<PlanNode> all = new ArrayList<>(List.of(this));
    children().forEach(it -> all.addAll(it.all()));
    return all;
  }

  /** Whether it, or one below, reads a table by an alias, or a partition of that. */
  boolean scans(String alias) {
    return all().stream()
        .filter(it -> !it.type().equals("ModifyTable"))
        .map(it -> it.text("Alias"))
        .anyMatch(it -> it.equals(alias) || it.startsWith(alias + "_"));
  }

  /** A query that the statement gives a name. */
  @Nullable PlanNode query(String name) {
    return all().stream()
        .filter(it -> it.text("Subplan Name").equals("CTE " + name))
        .findFirst()
        .orElse(null);
  }
}
