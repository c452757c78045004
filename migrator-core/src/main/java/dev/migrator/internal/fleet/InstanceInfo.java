package dev.migrator.internal.fleet;

import dev.migrator.internal.plan.Member;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What an instance registers of itself.
 *
 * @param key identifies this run of it among all instances
 * @param name its name, for people
 * @param nameIsGiven whether somebody chose the name, so that no other live instance may have it
 * @param application which application it is an instance of
 * @param release the code it runs
 * @param declares what its release declares, by the id of the migration
 * @param files the SQL files that its release declares beside
 * @param mapsLater whether it registers which columns it maps later, before it serves
 */
public record InstanceInfo(
    UUID key,
    String name,
    boolean nameIsGiven,
    String application,
    String release,
    Map<String, Member.Declared> declares,
    DeclaredFiles files,
    boolean mapsLater) {

  public InstanceInfo {
    declares = Map.copyOf(declares);
  }

  /** The same while it waits in its start. */
  InstanceInfo waiting() {
    Map<String, Member.Declared> waiting = new HashMap<>();
    declares.forEach((id, it) -> waiting.put(id, it.waiting(true)));
    return new InstanceInfo(
        key, name, nameIsGiven, application, release, waiting, files, mapsLater);
  }
}
