package dev.migrator.diff;

/** Says that a mapping is ahead of the migrations. */
public final class PendingChangesError extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final transient MappingDiff diff;

  PendingChangesError(MappingDiff diff) {
    super("the mapping is ahead of the migrations\n\n" + diff.toText());
    this.diff = diff;
  }

  /** What was found. */
  public MappingDiff diff() {
    return diff;
  }
}
