package dev.migrator.internal.engine;

import dev.migrator.FleetListener;

/** For those who ask {@link dev.migrator.Migrator#mayServe()} instead. */
public final class SilentFleetListener implements FleetListener {

  @Override
  public void paused(String reason) {}

  @Override
  public void resumed() {}

  @Override
  public void refused(String reason) {}
}
