package dev.migrator.internal.fleet;

import dev.migrator.internal.json.Json;
import dev.migrator.internal.plan.Member.Declared;
import dev.migrator.internal.sql.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * The SQL files that a release declares. All instances of a release have the same ones, so that
 * they are stored once, by what they are, and each instance names them only.
 *
 * @param digest what identifies them; empty if there are none
 * @param json as they are stored
 */
public record DeclaredFiles(String digest, String json) {

  /** A release without files. */
  public static final DeclaredFiles NONE = new DeclaredFiles("", "[]");

  /** All of a SHA-256: other files must never be taken for these. */
  private static final int BYTES = 32;

  private static final TypeReference<List<Group>> GROUPS = new TypeReference<>() {};

  /**
   * Of some files.
   *
   * @param declared how far each is declared, by its id, in an order that is always the same
   */
  public static DeclaredFiles of(Map<String, Declared> declared) {
    if (declared.isEmpty()) {
      return NONE;
    }
    Map<Declared, List<String>> groups = new LinkedHashMap<>();
    declared.forEach((id, it) -> groups.computeIfAbsent(it, same -> new ArrayList<>()).add(id));
    String json =
        Json.write(
            groups.entrySet().stream().map(it -> new Group(it.getKey(), it.getValue())).toList());
    return new DeclaredFiles(Digest.of(json, BYTES), json);
  }

  /** How far each is declared, by its id. */
  static Map<String, Declared> read(String json) {
    Map<String, Declared> declared = new HashMap<>();
    Json.read(json, GROUPS)
        .forEach(group -> group.ids().forEach(it -> declared.put(it, group.declared())));
    return Map.copyOf(declared);
  }

  /**
   * Files that are declared alike.
   *
   * @param declared how far
   * @param ids their ids
   */
  record Group(Declared declared, List<String> ids) {}
}
