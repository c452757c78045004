package dev.migrator.check.internal.effect;

import dev.migrator.check.internal.read.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

  /** Whether it, or one below, reads a table by an alias, or a partition of that, by its number. */
  boolean scans(String alias) {
    Pattern aliases = Pattern.compile(Pattern.quote(alias) + "(_\\d+)?");
    return all().stream()
        .filter(it -> !it.type().equals("ModifyTable"))
        .map(it -> it.text("Alias"))
        .anyMatch(it -> aliases.matcher(it).matches());
  }

  /**
   * The query whose rows a node takes by its name. One in another may have the same name, and none
   * takes its own rows like that.
   */
  @Nullable PlanNode query(PlanNode scan) {
    String name = "CTE " + scan.text("CTE Name");
    return all().stream()
        .filter(it -> it.text("Subplan Name").equals(name))
        .filter(it -> it.all().stream().noneMatch(each -> each.values == scan.values))
        .findFirst()
        .orElse(null);
  }
}
