package dev.migrator.internal.backfill;

/** What is to be done with rows was changed in the journal while the leader had it done. */
public final class UnsealedRangesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsealedRangesException(String migration) {
    super(
        "what the journal says in migrator.backfill of %s is not what the leader wrote; nothing of it was run. Look who can write the tables of the schema migrator; RETRY writes it anew"
            .formatted(migration));
  }
}
