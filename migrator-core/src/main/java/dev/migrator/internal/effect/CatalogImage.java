package dev.migrator.internal.effect;

import dev.migrator.internal.effect.CatalogObject.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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

  /** What there is, whatever its name. */
  private final Set<String> identities = new HashSet<>();

  CatalogImage(List<CatalogObject> objects) {
    objects.forEach(it -> put(it.key(), it));
  }

  private CatalogImage(CatalogImage other) {
    objects.putAll(other.objects);
    byIdentity.putAll(other.byIdentity);
    identities.addAll(other.identities);
  }

  private void put(String key, CatalogObject object) {
    objects.put(key, object);
    identities.add(object.own());
    if (object.kind() == Kind.CONSTRAINT || object.kind() == Kind.INDEX) {
      byIdentity.put(object.kind() + object.identity(), object);
    }
  }

  /**
   * The same with some that are new or different.
   *
   * @return {@code null} if one has another name, which others may have as a part of theirs, or its
   *     name was that of something else
   */
  @Nullable CatalogImage with(List<CatalogObject> changed) {
    if (changed.isEmpty()) {
      return this;
    }
    CatalogImage image = new CatalogImage(this);
    for (CatalogObject object : changed) {
      String key = object.key();
      CatalogObject old = objects.get(key);
      boolean known = identities.contains(object.own());
      if (old == null ? known : !old.own().equals(object.own())) {
        return null;
      }
      image.put(key, object);
    }
    return image;
  }

  Collection<CatalogObject> all() {
    return objects.values();
  }

  /** With what {@link #get} finds them by. */
  Map<String, CatalogObject> byKey() {
    return objects;
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
