package dev.migrator.internal.adopt;

import dev.migrator.operation.SqlFile;
import java.util.Collection;
import java.util.List;

/** There was no other tool. */
record NoHistory() implements ForeignHistory {

  @Override
  public String tool() {
    return "nobody";
  }

  @Override
  public boolean isWritten() {
    return false;
  }

  @Override
  public boolean mayKnow(String id, SqlFile file) {
    return false;
  }

  @Override
  public Takeover read(List<KnownFile> open, Collection<String> all) {
    return Takeover.NOTHING;
  }

  @Override
  public boolean hasRunAnything() {
    return false;
  }
}
