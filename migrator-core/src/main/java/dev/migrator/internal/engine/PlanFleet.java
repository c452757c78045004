package dev.migrator.internal.engine;

import dev.migrator.Phase;
import dev.migrator.internal.fleet.DeclaredJson;
import dev.migrator.internal.fleet.InstanceInfo;
import dev.migrator.internal.fleet.JvmUptime;
import dev.migrator.internal.fleet.Registry;
import dev.migrator.internal.json.Json;
import dev.migrator.internal.plan.Declaration;
import dev.migrator.internal.plan.Fleet;
import dev.migrator.internal.plan.Member;
import dev.migrator.internal.sql.Database;
import dev.migrator.internal.sql.Interval;
import dev.migrator.status.Hold;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who runs, and what else may use the old sides, as if this instance were registered: a plan that
 * is made before the start says what the start will find.
 */
final class PlanFleet {

  private final Database database;

  private final Registry registry;

  private final ContractHolds others;

  private final InstanceInfo self;

  private final Supplier<Collection<String>> sessionNames;

  PlanFleet(
      Database database,
      Registry registry,
      ContractHolds others,
      InstanceInfo self,
      Supplier<Collection<String>> sessionNames) {
    this.database = database;
    this.registry = registry;
    this.others = others;
    this.self = self;
    this.sessionNames = sessionNames;
  }

  /**
   * Looks, in a transaction that is rolled back.
   *
   * @param soak for how long those count that have gone
   * @param contracting those whose contract is still to come
   * @param session what a session of the pool is called outside of our transactions, which have a
   *     name of their own
   */
  Fleet read(Duration soak, List<Declaration> contracting, String session) {
    register(session);
    Map<String, List<Hold>> holds = new HashMap<>();
    contracting.forEach(it -> holds.put(it.id(), others.of(it, false)));
    return registry.read(soak).with(holds);
  }

  /** The releases that run beside this instance, by what they declare of some migrations. */
  List<String> releases(Fleet fleet, Collection<String> ids) {
    return fleet
        .live()
        .filter(it -> !it.name().equals(self.name()))
        .map(it -> it.application() + " " + it.release() + " " + declared(it, ids))
        .distinct()
        .sorted()
        .toList();
  }

  private static String declared(Member member, Collection<String> ids) {
    StringBuilder text = new StringBuilder();
    ids.stream()
        .sorted()
        .filter(member.declares()::containsKey)
        .forEach(it -> text.append(it).append('=').append(member.declares().get(it)).append(' '));
    return text.toString();
  }

  /** It turns its reads by itself, and maps only what it declares, or it does not start. */
  private void register(String session) {
    Map<String, Member.Reads> reads = new HashMap<>();
    self.declares()
        .forEach(
            (id, it) -> {
              if (it.atRuntime() && it.phase() == Phase.CONTRACT) {
                reads.put(id, Member.Reads.NEW);
              }
            });
    database
        .jdbc()
        .sql(
            """
            WITH %s, files AS (
              INSERT INTO migrator.files (digest, declares) SELECT :digest, %s WHERE :hasFiles
              ON CONFLICT (digest) DO NOTHING)
            INSERT INTO migrator.instance
                   (key, name, application, release, address, session_names, started_at, seen_at,
                    expires_at, declares, files, reads, mapped)
            SELECT :key, :name, :application, :release, pg_catalog.inet_client_addr(),
                   :names::text[] || :session::text,
                   clock_timestamp() - :uptime::interval,
                   clock_timestamp(), clock_timestamp() + interval '1 minute', %s,
                   CASE WHEN :hasFiles THEN :digest END, :reads::jsonb, '[]'
            ON CONFLICT (key) DO NOTHING
            """
                .formatted(DeclaredJson.DECLARED, DeclaredJson.FILES, DeclaredJson.DECLARES))
        .param("key", self.key())
        .param("name", self.name())
        .param("application", self.application())
        .param("release", self.release())
        .param("names", sessionNames.get().toArray(String[]::new))
        .param("session", session)
        .param("uptime", Interval.of(JvmUptime.get()))
        .params(DeclaredJson.parameters(self))
        .param("hasFiles", !self.files().digest().isEmpty())
        .param("digest", self.files().digest())
        .param("reads", Json.write(reads))
        .update();
  }
}
