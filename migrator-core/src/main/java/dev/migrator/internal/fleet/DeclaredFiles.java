package dev.migrator.internal.fleet;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.sql.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The SQL files that a release declares. All instances of a release have the same ones, so that
 * they are stored once, by what they are, and each instance names them only.
 *
 * @param digest what identifies them; empty if there are none
 * @param declared how far each is declared, by its id
 */
public record DeclaredFiles(String digest, Map<String, Declared> declared) {

  /** A release without files. */
  public static final DeclaredFiles NONE = new DeclaredFiles("", Map.of());

  /** All of a SHA-256: other files must never be taken for these. */
  private static final int BYTES = 32;

  public DeclaredFiles {
    declared = Map.copyOf(declared);
  }

  /**
   * Of some files.
   *
   * @param declared how far each is declared, by its id
   */
  public static DeclaredFiles of(Map<String, Declared> declared) {
    if (declared.isEmpty()) {
      return NONE;
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Declared> file : new TreeMap<>(declared).entrySet()) {
      Declared it = file.getValue();
      text.append(it.phase()).append(' ').append(it.readsNew()).append(' ').append(it.atRuntime());
      text.append(' ').append(it.writesNew()).append(' ').append(it.waits());
      // With its length, so that no id can look like a second file.
      text.append(' ').append(file.getKey().length()).append(' ').append(file.getKey());
    }
    return new DeclaredFiles(Digest.of(text.toString(), BYTES), declared);
  }

  /** How far each is declared, by its id. */
  static Map<String, Declared> read(String json) {
    Map<String, Declared> declared = new HashMap<>();
    Json.readList(json, Group.class)
        .forEach(group -> group.ids().forEach(it -> declared.put(it, group.declared())));
    return Map.copyOf(declared);
  }

  /**
   * Files that are declared alike, as they are stored.
   *
   * @param declared how far
   * @param ids their ids
   */
  record Group(Declared declared, List<String> ids) {}
}
