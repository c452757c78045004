package dev.migrator.internal.fleet;

import dev.migrator.internal.sql.Database;

/**
 * What an instance that is registered declares, written anew when its start begins to wait and when
 * it has what it needs.
 *
 * <p>Why no undo takes away what it then uses: it looks at the journal behind this. An undo that
 * was accepted before is found there. One that is accepted later looks at the fleet again before it
 * begins, and finds this.
 *
 * @param database where it is registered
 */
record DeclaredRecord(Database database) {

  void write(InstanceInfo self) {
    database.write(
        () ->
            database
                .jdbc()
                .sql(
                    "WITH %s UPDATE migrator.instance SET declares = %s WHERE key = :key"
                        .formatted(DeclaredJson.DECLARED, DeclaredJson.DECLARES))
                .params(DeclaredJson.parameters(self))
                .param("key", self.key())
                .update());
  }
}
