package dev.migrator.internal.step;

import dev.migrator.Phase;
import dev.migrator.internal.catalog.PartitionedIndex;
import dev.migrator.internal.sql.IndexName;
import dev.migrator.internal.sql.RangeSql;
import dev.migrator.internal.sql.TableLock;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps as texts, for those that are recorded now and carried out later, perhaps by another
 * release.
 */
public final class StepCodec {

  private static final String PARTITIONED_INDEX = "PARTITIONED_INDEX";

  private StepCodec() {}

  /**
   * Whether what was recorded for taking a step back is no SQL, but an index of a partitioned table
   * to be built: which statements that takes is known only then.
   */
  public static boolean isPartitionedIndex(List<String> undo) {
    return !undo.isEmpty() && undo.get(0).equals(PARTITIONED_INDEX);
  }

  /** What tells {@link #decode} how to make the step again. */
  public static List<String> encode(Step step) {
    List<String> parts = new ArrayList<>();
    if (step instanceof Step.Ddl ddl) {
      parts.add("DDL");
      for (TableLock lock : ddl.locks()) {
        parts.add(lock.mode().name());
        parts.add(lock.table());
      }
    } else if (step instanceof Step.Validation) {
      parts.add("VALIDATION");
    } else if (step instanceof Step.Index index) {
      parts.addAll(List.of("INDEX", index.index().schema(), index.index().name()));
    } else if (step instanceof Step.PartitionedIndex index) {
      parts.add(PARTITIONED_INDEX);
      parts.addAll(index.index().parts());
    } else if (step instanceof Step.Backfill backfill) {
      parts.add("BACKFILL");
      parts.addAll(backfill.ranges().parts());
    } else if (step instanceof Step.Verify verify) {
      parts.add("VERIFY");
      parts.addAll(verify.ranges().parts());
      parts.addAll(verify.triggers());
    } else if (step instanceof Step.AwaitWriters await) {
      parts.add("AWAIT_WRITERS");
      parts.addAll(await.ranges().parts());
    } else if (step instanceof Step.Proof proof) {
      parts.add("PROOF");
      parts.addAll(proof.ranges().parts());
    } else {
      throw new IllegalArgumentException("not meant to be recorded for later: " + step);
    }
    return parts;
  }

  /**
   * Makes a step of what was recorded.
   *
   * @param name its name
   * @param phase its phase
   * @param parts what {@link #encode} gave
   * @param statements its recorded SQL
   */
  public static Step decode(String name, Phase phase, List<String> parts, List<String> statements) {
    List<String> rest = parts.subList(1, parts.size());
    return switch (parts.get(0)) {
      case "DDL" -> new Step.Ddl(name, phase, locks(rest), statements, List.of());
      case "VALIDATION" -> new Step.Validation(name, phase, statements, List.of());
      case "INDEX" ->
          new Step.Index(
              name,
              phase,
              new IndexName(rest.get(0), rest.get(1)),
              true,
              statements.get(0),
              List.of());
      case PARTITIONED_INDEX ->
          new Step.PartitionedIndex(name, phase, PartitionedIndex.of(rest), List.of());
      case "BACKFILL" -> new Step.Backfill(name, phase, RangeSql.of(rest));
      case "VERIFY" ->
          new Step.Verify(
              name, phase, RangeSql.of(rest), rest.subList(RangeSql.PARTS, rest.size()), true);
      case "AWAIT_WRITERS" -> new Step.AwaitWriters(name, phase, RangeSql.of(rest));
      case "PROOF" -> new Step.Proof(name, phase, RangeSql.of(rest), true);
      default -> throw new IllegalArgumentException("no such kind of step: " + parts.get(0));
    };
  }

  private static List<TableLock> locks(List<String> parts) {
    List<TableLock> locks = new ArrayList<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      locks.add(new TableLock(parts.get(i + 1), TableLock.Mode.valueOf(parts.get(i))));
    }
    return locks;
  }
}
