package dev.migrator.internal.journal;

import dev.migrator.internal.operation.AffectedObjects;
import dev.migrator.internal.operation.OperationFacts;
import dev.migrator.internal.operation.OperationFacts.Loss;
import dev.migrator.internal.operation.OperationFacts.Sides;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Operations as a text, of which two are the same only if the operations are. Nobody reads it back:
 * it is made for a digest, and by other means than JSON.
 */
final class DigestText {

  private final StringBuilder text = new StringBuilder();

  /** A list, a map with values by their name, a record of an operation, or a value of them. */
  DigestText add(@Nullable Object value) {
    if (value instanceof String string) {
      return tagged('s', string);
    }
    if (value instanceof Enum<?> || value instanceof Boolean || value instanceof Number) {
      return tagged('v', value.getClass().getName()).tagged('v', value.toString());
    }
    if (value instanceof List<?> list) {
      text.append('[');
      for (Object element : list) {
        add(element);
      }
      return end();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sorted.put(String.valueOf(entry.getKey()), entry.getValue());
      }
      text.append('{');
      for (Map.Entry<String, Object> entry : sorted.entrySet()) {
        tagged('s', entry.getKey()).add(entry.getValue());
      }
      return end();
    }
    return (value == null) ? tagged('n', "") : record(value);
  }

  private DigestText record(Object value) {
    if (value instanceof OperationFacts it) {
      return all(it.affected(), it.declares(), it.last(), it.needed(), it.sides(), it.loss())
          .add(it.definition());
    }
    if (value instanceof AffectedObjects it) {
      return all(it.table(), it.kind(), it.columns(), it.expressions(), it.indexes());
    }
    if (value instanceof Sides it) {
      return all(it.table(), it.oldColumns(), it.newColumns())
          .all(it.byApplication(), it.readsNew(), it.readsAtRuntime(), it.wholeTable());
    }
    if (value instanceof Loss it) {
      return all(it.use(), it.what(), it.verb(), it.breaks());
    }
    throw new IllegalArgumentException("no part of an operation: " + value.getClass().getName());
  }

  private DigestText all(@Nullable Object... values) {
    for (Object value : values) {
      add(value);
    }
    return this;
  }

  /** With its length, so that no text can end where another one does not. */
  private DigestText tagged(char tag, String value) {
    text.append(tag).append(value.length()).append(':').append(value);
    return this;
  }

  private DigestText end() {
    text.append(']');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
