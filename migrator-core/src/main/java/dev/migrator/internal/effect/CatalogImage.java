package dev.migrator.internal.effect;

import dev.migrator.internal.effect.CatalogObject.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The user's part of the catalog at one moment of a transaction. */
public final class CatalogImage {

  private final Map<String, CatalogObject> objects = new LinkedHashMap<>();

  /** Constraints and indexes, which can get another name and be the same. */
  private final Map<String, CatalogObject> byIdentity = new HashMap<>();

  CatalogImage(List<CatalogObject> objects) {
    for (CatalogObject object : objects) {
      this.objects.put(object.key(), object);
      if (object.kind() == Kind.CONSTRAINT || object.kind() == Kind.INDEX) {
        byIdentity.put(object.kind() + object.identity(), object);
      }
    }
  }

  Collection<CatalogObject> all() {
    return objects.values();
  }

  @Nullable CatalogObject get(String key) {
    return objects.get(key);
  }

  boolean has(Kind kind, String name) {
    return objects.containsKey(kind + "  " + name);
  }

  /** Whether a constraint or index of the other image is here under another name. */
  boolean isRenamed(CatalogObject other) {
    CatalogObject here = byIdentity.get(other.kind() + other.identity());
    return here != null && here.parent().equals(other.parent());
  }

  /** The object ids of the tables and views. */
  public Set<Long> tables() {
    return objects.values().stream()
        .filter(it -> it.kind() == Kind.TABLE || it.kind() == Kind.VIEW)
        .map(it -> Long.valueOf(it.identity()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
