package dev.migrator;

/** One side for all changes. */
record FixedReadSwitch(boolean newSide) implements ReadSwitch {

  @Override
  public boolean readsNew(String migration) {
    return newSide;
  }

  @Override
  public boolean readsNew(String table, String newColumn) {
    return newSide;
  }
}
