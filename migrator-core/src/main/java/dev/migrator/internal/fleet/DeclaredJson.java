package dev.migrator.internal.fleet;

import dev.migrator.internal.plan.Member.Declared;
import java.util.HashMap;
import java.util.Map;

/**
 * What an instance declares, as its row and that of its files have it. The server makes the JSON of
 * arrays: it is written at every start, and one with nothing to do needs no codec for anything
 * else.
 */
public final class DeclaredJson {

  /** Defines {@code declared} for a statement with {@link #parameters}. */
  public static final String DECLARED =
      """
      declared AS (
        SELECT d.id, d.of_file,
               pg_catalog.jsonb_build_object('phase', d.phase, 'readsNew', d.reads_new, 'atRuntime', d.at_runtime,
                                             'writesNew', d.writes_new, 'waits', d.waits) AS how
          FROM ROWS FROM (pg_catalog.unnest(:ids::text[]), pg_catalog.unnest(:ofFiles::boolean[]),
                          pg_catalog.unnest(:phases::text[]), pg_catalog.unnest(:readsNew::boolean[]),
                          pg_catalog.unnest(:atRuntime::boolean[]), pg_catalog.unnest(:writesNew::boolean[]),
                          pg_catalog.unnest(:waits::boolean[]))
               AS d (id, of_file, phase, reads_new, at_runtime, writes_new, waits))
      """;

  /** How far each migration is declared, by its id. */
  public static final String DECLARES =
      "(SELECT coalesce(pg_catalog.jsonb_object_agg(d.id, d.how), '{}') FROM declared d WHERE NOT d.of_file)";

  /** The same of the SQL files, see {@link DeclaredFiles.Group}. */
  public static final String FILES =
      """
      (SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('declared', g.how, 'ids', g.ids))
         FROM (SELECT d.how, pg_catalog.jsonb_agg(d.id) AS ids FROM declared d WHERE d.of_file GROUP BY d.how) AS g)
      """;

  private DeclaredJson() {}

  /** The parameters of {@link #DECLARED}. */
  public static Map<String, Object> parameters(InstanceInfo self) {
    Map<String, Declared> files = self.files().declared();
    int size = self.declares().size() + files.size();
    Arrays arrays = new Arrays(size);
    arrays.add(self.declares(), false);
    arrays.add(files, true);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("ids", arrays.ids);
    parameters.put("ofFiles", arrays.ofFiles);
    parameters.put("phases", arrays.phases);
    parameters.put("readsNew", arrays.readsNew);
    parameters.put("atRuntime", arrays.atRuntime);
    parameters.put("writesNew", arrays.writesNew);
    parameters.put("waits", arrays.waits);
    return parameters;
  }

  private static final class Arrays {

    private final String[] ids;

    private final Boolean[] ofFiles;

    private final String[] phases;

    private final Boolean[] readsNew;

    private final Boolean[] atRuntime;

    private final Boolean[] writesNew;

    private final Boolean[] waits;

    private int size;

    Arrays(int length) {
      this.ids = new String[length];
      this.ofFiles = new Boolean[length];
      this.phases = new String[length];
      this.readsNew = new Boolean[length];
      this.atRuntime = new Boolean[length];
      this.writesNew = new Boolean[length];
      this.waits = new Boolean[length];
    }

    void add(Map<String, Declared> all, boolean ofFile) {
      for (Map.Entry<String, Declared> one : all.entrySet()) {
        add(one.getKey(), ofFile, one.getValue());
      }
    }

    private void add(String id, boolean ofFile, Declared declared) {
      ids[size] = id;
      ofFiles[size] = ofFile;
      phases[size] = declared.phase().name();
      readsNew[size] = declared.readsNew();
      atRuntime[size] = declared.atRuntime();
      writesNew[size] = declared.writesNew();
      waits[size] = declared.waits();
      size++;
    }
  }
}
